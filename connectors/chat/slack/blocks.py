"""An answer as Slack shows it: messages of Block Kit within its limits, and files beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, assert_never

from connectors.chat import drawing, paper, routes_picture, routes_words
from connectors.chat.message import Answer, OfferedAction
from connectors.chat.slack.tables import beginning, is_long, lettered, table_block
from connectors.chat.slack.text import (
    MOST_FALLBACK,
    MOST_LABEL,
    MOST_SECTION,
    bold,
    escape,
    link,
    pieces,
    shortened,
)
from tools.kit import Attached as ReadyFile
from tools.kit import Block, Chart, Links, Paper, Prose, Reply, RouteMap, Table

# Slack takes 50 blocks and, together, some 13,000 characters; a row of buttons more than five wraps badly.
MOST_BLOCKS = 45
MOST_LETTERS = 9_500
ROW_OF_BUTTONS = 5
PRESS = "press"
STYLES = frozenset({"primary", "danger"})

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """One message: ``text`` says it all where blocks are not shown."""

    text: str
    blocks: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file beside the messages; its bytes are made when it is sent, in a thread."""

    name: str
    title: str
    words: str
    make: partial[bytes]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer ready to be sent: at least one message, then its files."""

    posts: tuple[Post, ...]
    files: tuple[Attached, ...] = ()


@dataclass
class _Sheet:
    """Messages as they fill."""

    posts: list[Post] = field(default_factory=list)
    files: list[Attached] = field(default_factory=list)
    blocks: list[Json] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    letters: int = 0

    def add(self, block: Json, words: str, letters: int) -> None:
        full = len(self.blocks) >= MOST_BLOCKS or self.letters + letters > MOST_LETTERS
        second_table = block["type"] == "table" and any(one["type"] == "table" for one in self.blocks)
        if self.blocks and (full or second_table):
            self.turn()
        self.blocks.append(block)
        self.letters += letters
        if words:
            self.words.append(words)

    def turn(self) -> None:
        """The next message."""
        if self.blocks:
            self.posts.append(Post(_fallback(self.words), tuple(self.blocks)))
        self.blocks, self.words, self.letters = [], [], 0


def draw(answer: Answer) -> Drawn:
    """The whole answer: every reply with its blocks, then the buttons."""
    sheet = _Sheet()
    for reply in answer.replies:
        _reply(sheet, reply)
    if not sheet.blocks and not sheet.posts:
        _say(sheet, "Done.")
    for row in button_rows(answer.actions):
        sheet.add(row, "", 200)
    sheet.turn()
    return Drawn(tuple(sheet.posts), tuple(sheet.files))


def section(text: str) -> Json:
    """A paragraph that is escaped already."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(text: str) -> Json:
    """A small grey line that is escaped already."""
    element = {"type": "mrkdwn", "text": text[:MOST_SECTION], "verbatim": True}
    return {"type": "context", "elements": [element]}


def button_rows(actions: Sequence[OfferedAction]) -> list[Json]:
    """Buttons, five to a row; what comes back is the token."""
    return [
        {
            "type": "actions",
            "elements": [
                button(f"{PRESS}:{start + place}", action.label, action.id, action.style)
                for place, action in enumerate(actions[start : start + ROW_OF_BUTTONS])
            ],
        }
        for start in range(0, len(actions), ROW_OF_BUTTONS)
    ]


def button(action_id: str, label: str, value: str, style: str = "default") -> Json:
    """One button; a label that is too long is cut."""
    words = {"type": "plain_text", "text": shortened(label, MOST_LABEL) or "OK", "emoji": False}
    made: Json = {"type": "button", "action_id": action_id, "text": words, "value": value}
    return {**made, "style": style} if style in STYLES else made


def without_buttons(blocks: Iterable[Any]) -> tuple[Json, ...]:
    """What stays of a message when its buttons were used, without the ids that Slack gave."""
    return tuple(
        {name: value for name, value in block.items() if name != "block_id"}
        for block in blocks
        if isinstance(block, dict) and block.get("type") != "actions"
    )


def _reply(sheet: _Sheet, reply: Reply) -> None:
    _say(sheet, reply.text)
    for block in reply.blocks:
        _block(sheet, block)


def _block(sheet: _Sheet, block: Block) -> None:
    if isinstance(block, Prose):
        _say(sheet, block.text)
    elif isinstance(block, Table):
        _table(sheet, block)
    elif isinstance(block, Chart):
        _chart(sheet, block)
    elif isinstance(block, Paper):
        _paper(sheet, block)
    elif isinstance(block, RouteMap):
        _map(sheet, block)
    elif isinstance(block, Links):
        _links(sheet, block)
    elif isinstance(block, ReadyFile):
        sheet.files.append(Attached(block.name, block.title, block.title, partial(bytes, block.content)))
    else:
        assert_never(block)


def _say(sheet: _Sheet, text: str) -> None:
    for part in pieces(text):
        said = escape(part)
        sheet.add(section(said), said, len(said))


def _table(sheet: _Sheet, table: Table) -> None:
    if not table.rows:
        return
    part = beginning(table)
    if table.title:
        title = bold(shortened(table.title, MOST_SECTION // 4))
        sheet.add(section(title), title, len(title))
    letters = lettered(part)
    drawn = table_block(part)
    if drawn is None:
        for text in letters:
            sheet.add(section(text), text, len(text))
    else:
        # Two tables do not go into one message, so its letters may stand in the words beside it.
        sheet.add(drawn, "\n".join(letters), sum(map(len, letters)))
    if is_long(table):
        note = f"The first {len(part.rows)} of {len(table.rows):,} rows; all of them are in the file."
        sheet.add(context(note), note, len(note))
        whole = Paper(table.title or "All rows", file_name(table.title or "rows"), (), table)
        sheet.files.append(_comma_separated(whole))


def _chart(sheet: _Sheet, chart: Chart) -> None:
    words = chart_words(chart)
    make = partial(drawing.draw, chart)
    sheet.files.append(Attached(f"{file_name(chart.title)}.png", chart.title, words, make))


def chart_words(chart: Chart) -> str:
    """A chart for who cannot see it: what it is of, from where to where, and each line's highest point."""
    span = f", {chart.labels[0]} to {chart.labels[-1]}" if chart.labels else ""
    unit = f" in {chart.unit}" if chart.unit else ""
    lines = []
    for series in chart.series:
        known = [value for value in series.values if value is not None]
        if known:
            lines.append(f"{series.name}: lowest {min(known):g}, highest {max(known):g}, last {known[-1]:g}")
    return shortened(f"Chart of {chart.title}{unit}{span}. {'; '.join(lines)}", 900)


def _map(sheet: _Sheet, shown: RouteMap) -> None:
    words = shortened(routes_words.told(shown), 900)
    make = partial(routes_picture.draw, shown)
    sheet.files.append(Attached(f"{file_name(shown.title)}.png", shown.title, words, make))


def _links(sheet: _Sheet, block: Links) -> None:
    lines = [bold(shortened(block.title, MOST_SECTION // 4))] if block.title else []
    for label, address in block.links:
        line = link(address, label)
        if sum(map(len, lines)) + len(line) > MOST_SECTION - len(lines):
            sheet.add(section("\n".join(lines)), "\n".join(lines), sum(map(len, lines)))
            lines = []
        lines.append(line)
    sheet.add(section("\n".join(lines)), "\n".join(lines), sum(map(len, lines)))


def _paper(sheet: _Sheet, page: Paper) -> None:
    title = bold(shortened(page.title, MOST_SECTION // 4))
    sheet.add(section(title), title, len(title))
    _say(sheet, "\n".join(f"{name}: {value}" for name, value in page.head))
    sheet.files.append(Attached(f"{file_name(page.name)}.pdf", page.title, "", partial(paper.pdf, page)))
    sheet.files.append(_comma_separated(page))


def _comma_separated(page: Paper) -> Attached:
    make = partial(paper.comma_separated, page)
    return Attached(f"{file_name(page.name)}.csv", f"{page.title} (CSV)", "", make)


def file_name(title: str) -> str:
    """Letters that every disk takes."""
    return re.sub(r"[^\w.-]+", "-", title).strip("-.")[:80] or "file"


def _fallback(words: Sequence[str]) -> str:
    text = "\n".join(words)
    return text if len(text) <= MOST_FALLBACK else f"{text[: MOST_FALLBACK - 1]}…"

"""An answer as Telegram shows it: pages of text, pictures of charts and maps, papers as files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, partial
from typing import assert_never

from connectors.chat import routes_picture
from connectors.chat.drawing import draw as picture_of
from connectors.chat.message import Answer
from connectors.chat.paper import comma_separated, pdf
from connectors.chat.telegram.spans import PageOfText, Span, pages
from tools.kit import Attached, Block, Chart, Links, Paper, Prose, Reply, RouteMap, Table, words

# Letters of even width that a phone shows in one line.
WIDEST = 38
# A column keeps at least this share of its longest text; where it could not, rows are told one by one.
LEAST_KEPT = 0.6
MOST_ROWS = 24
GAP = 2
PICTURES_KEPT = 64
PNG = "image/png"
Extra = Chart | Paper | RouteMap | Attached
NOTHING = "I have nothing to show for that."


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is sent: the pages first (the last one carries the buttons), then the rest in order."""

    pages: tuple[PageOfText, ...]
    extras: tuple[Extra, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file to send."""

    name: str
    content: bytes


def draw(answer: Answer) -> Drawing:
    """All replies of an answer in order."""
    spans: list[Span] = []
    extras: list[Extra] = []
    for reply in answer.replies:
        if spans:
            spans.append(Span("\n\n"))
        spans += _reply(reply)
        extras += _extras(reply)
    return Drawing(pages(spans) or (PageOfText(NOTHING, NOTHING),), tuple(extras))


@lru_cache(maxsize=PICTURES_KEPT)
def picture(shown: Chart | RouteMap) -> bytes:
    """A chart or map as PNG.  Takes up to a third of a second of computing: call it in a thread.

    The latest are kept, for a group that asks the same again and for what Telegram brings twice.
    """
    return picture_of(shown) if isinstance(shown, Chart) else routes_picture.draw(shown)


def as_picture(extra: Extra) -> bytes | None:
    """What is shown as a photo; None for what goes as files."""
    if isinstance(extra, Chart | RouteMap):
        return picture(extra)
    return extra.content if isinstance(extra, Attached) and extra.media == PNG else None


def documents(paper: Paper | Attached) -> tuple[Document, ...]:
    """A paper as the files that people send on: to read, and to type nothing in again.

    What is only rows (a long table of an answer) is a CSV file alone; what is a file already stays one.
    """
    if isinstance(paper, Attached):
        return (Document(paper.name, paper.content),)
    table = Document(f"{paper.name}.csv", comma_separated(paper))
    if not paper.head and not paper.foot:
        return (table,)
    return (Document(f"{paper.name}.pdf", pdf(paper)), table)


def _reply(reply: Reply) -> Iterator[Span]:
    yield Span(reply.text)
    for block in reply.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Span]:
    if isinstance(block, Prose):
        yield Span(f"\n\n{block.text}")
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, Links):
        yield from _links(block)
    elif isinstance(block, Chart | Paper | RouteMap | Attached):
        return
    else:
        assert_never(block)


def _links(block: Links) -> Iterator[Span]:
    yield Span("\n")
    if block.title:
        yield Span("\n")
        yield Span(block.title, "b")
    for label, address in block.links:
        yield Span("\n")
        yield Span(label, link=address)


def _extras(reply: Reply) -> Iterator[Extra]:
    for block in reply.blocks:
        if isinstance(block, Chart | Paper | RouteMap | Attached):
            yield block
        elif isinstance(block, Table) and _goes_as_file(block):
            title = block.title or "table"
            yield Paper(title, _file_name(title), (), block)


def _table(table: Table) -> Iterator[Span]:
    if not table.rows:
        return
    yield Span("\n\n")
    if table.title:
        yield Span(table.title, "b")
        yield Span("\n")
    rows = [[_shown(cell) for cell in row] for row in table.rows[:MOST_ROWS]]
    widths = _widths(table.columns, rows)
    if widths is None:
        yield from _cards(table.columns, rows)
    else:
        yield Span(_grid(table, rows, widths), "pre")
    if len(table.rows) > MOST_ROWS:
        where = ", all in the file" if _goes_as_file(table) else ""
        yield Span(f"\n… {len(table.rows) - MOST_ROWS:,} more{where}")


def _widths(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int] | None:
    """A width for each column so that a line fits a phone; None where it cannot be."""
    natural = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    widths, room = list(natural), WIDEST - GAP * (len(columns) - 1)
    while sum(widths) > room:
        widest = max(range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
        if widths[widest] < LEAST_KEPT * natural[widest]:
            return None
    return widths


def _grid(table: Table, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    right = [_is_number(table, column) for column in range(len(table.columns))]
    lines = [table.columns, *rows]
    return "\n".join(
        (" " * GAP).join(_fitted(*cell) for cell in zip(line, widths, right, strict=True)).rstrip()
        for line in lines
    )


def _fitted(text: str, width: int, right: bool) -> str:
    cut = text if len(text) <= width else text[: width - 1] + "…"
    return cut.rjust(width) if right else cut.ljust(width)


def _cards(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Span]:
    """Too wide for lines: each row on its own, the first cell as its heading."""
    for row in rows:
        yield Span(row[0] or "–", "b")
        told = " · ".join(f"{name} {cell}" for name, cell in zip(columns[1:], row[1:], strict=True) if cell)
        yield Span(f"\n{told}\n")


def _goes_as_file(table: Table) -> bool:
    """Whether rows are cut that somebody may want to reckon with."""
    return len(table.rows) > MOST_ROWS and any(map(partial(_is_number, table), range(len(table.columns))))


def _is_number(table: Table, column: int) -> bool:
    return all(isinstance(row[column], int | float | Decimal | None) for row in table.rows)


def _shown(cell: str | Decimal | float | None) -> str:
    if cell is None or isinstance(cell, str):
        return " ".join((cell or "").split())
    return words.amount(Decimal(str(cell)))


def _file_name(title: str) -> str:
    kept = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    return "-".join(filter(None, kept.split("-")))[:60] or "table"

"""The terminal door: answers as plain text, choices as numbers."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, assert_never

from rich.console import Console
from rich.table import Table as Grid

from connectors.chat import routes_words
from connectors.chat.message import Answer, Message, OfferedAction
from tools.kit import Attached, Block, Chart, Links, Paper, Prose, RouteMap, Series, Table, words
from tools.store import User

BARS = " ▁▂▃▄▅▆▇█"
GOODBYES = frozenset({"bye", "exit", "quit", "goodbye"})


class Talker(Protocol):
    """What the terminal needs of the house."""

    def answer_now(self, message: Message) -> Answer:
        """One turn."""


def draw(answer: Answer) -> str:
    """The whole answer as text: every reply with its tables and charts, then the choices."""
    console = Console(width=100, highlight=False, color_system=None)
    with console.capture() as captured:
        for reply in answer.replies:
            console.print(reply.text, markup=False, soft_wrap=True)
            for block in reply.blocks:
                if isinstance(block, RouteMap) and _has_tables(block, reply.blocks):
                    console.print(f"{block.title}: drawn as a map in the web chat.", markup=False)
                else:
                    _draw_block(console, block)
        for number, action in enumerate(answer.actions, 1):
            console.print(f"  [{number}] {action.label}", markup=False)
    return captured.get().rstrip("\n")


def converse(house: Talker, user: User) -> None:
    """Talk until "bye" or the end of input."""
    console = Console(highlight=False)
    conversation = f"terminal-{secrets.token_hex(4)}"
    actions: tuple[OfferedAction, ...] = ()
    console.print("Ask me about the shop's stock. [1] presses a button; “bye” ends.", markup=False)
    while True:
        try:
            said = console.input("[bold]›[/bold] ")
        except (EOFError, KeyboardInterrupt):
            return
        if said.strip().lower() in GOODBYES:
            return
        answer = house.answer_now(_message(conversation, user, said.strip(), actions))
        actions = answer.actions
        console.print(draw(answer), markup=False, soft_wrap=True)


def _message(conversation: str, user: User, said: str, actions: tuple[OfferedAction, ...]) -> Message:
    pressed = said.strip("[]")
    if pressed.isdigit() and said.startswith("[") and 1 <= int(pressed) <= len(actions):
        return Message(conversation, user, "terminal", action=actions[int(pressed) - 1].id)
    return Message(conversation, user, "terminal", said)


def _has_tables(shown: RouteMap, blocks: Sequence[Block]) -> bool:
    """Whether the answer lists the stops of every vehicle on the map in tables of its own."""
    titles = [block.title for block in blocks if isinstance(block, Table)]
    names = [route.name.partition(", ")[0] for route in shown.routes]
    return bool(names) and all(any(title.startswith(name) for title in titles) for name in names)


def _draw_block(console: Console, block: Block) -> None:
    if isinstance(block, Prose):
        console.print(block.text, markup=False)
    elif isinstance(block, Table):
        console.print(_grid(block))
    elif isinstance(block, Chart):
        console.print(_chart(block), markup=False)
    elif isinstance(block, Paper):
        _draw_paper(console, block)
    else:
        _draw_more(console, block)


def _draw_more(console: Console, block: RouteMap | Attached | Links) -> None:
    if isinstance(block, RouteMap):
        console.print(block.title, markup=False)
        for table in routes_words.tables(block):
            console.print(_grid(table))
        console.print(block.note, markup=False)
    elif isinstance(block, Attached):
        console.print(f"{block.title}: {block.name} comes as a file in the web chat.", markup=False)
    elif isinstance(block, Links):
        lines = [block.title, *(f"{label}: {address}" for label, address in block.links)]
        console.print(*filter(None, lines), sep="\n", markup=False, soft_wrap=True)
    else:
        assert_never(block)


def _draw_paper(console: Console, paper: Paper) -> None:
    lines = (paper.title, *(f"{label}: {value}" for label, value in paper.head))
    console.print(*lines, sep="\n", markup=False)
    console.print(_grid(paper.table))
    console.print(*paper.foot, sep="\n", markup=False)


def _grid(table: Table) -> Grid:
    grid = Grid(title=table.title or None, title_justify="left", show_edge=False, pad_edge=False)
    for index, heading in enumerate(table.columns):
        numeric = all(isinstance(row[index], int | float | Decimal | None) for row in table.rows)
        grid.add_column(heading, justify="right" if numeric else "left")
    for row in table.rows:
        grid.add_row(*(_shown(cell) for cell in row))
    return grid


def _shown(cell: str | Decimal | float | None) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    return words.amount(Decimal(str(cell)))


def _chart(chart: Chart) -> str:
    lines = [chart.title]
    if chart.labels:
        lines.append(f"{chart.labels[0]} … {chart.labels[-1]}" + (f" ({chart.unit})" if chart.unit else ""))
    return "\n".join([*lines, *(_spark(series) for series in chart.series)])


def _spark(series: Series) -> str:
    values = [0.0 if value is None else value for value in series.values]
    top = max([*values, 0.0]) or 1.0
    bars = "".join(BARS[max(0, min(8, round(8 * value / top)))] for value in values)
    return f"{bars}  {series.name} (highest {top:g})"

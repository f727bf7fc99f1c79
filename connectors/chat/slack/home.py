"""App Home: a small dashboard of what needs a person, drawn anew whenever it is opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from connectors.chat.message import House
from connectors.chat.slack.blocks import PRESS, Json, button, context, section
from connectors.chat.slack.desk import HOW
from connectors.chat.slack.offers import offer
from connectors.chat.slack.text import MOST_SECTION, bold, escape, shortened
from tools.kit import Ask, Button, Call, Reply, Right, all_tools, words
from tools.kit.handling import headline, hears_of

MOST_SHOWN = 8
MOST_WORDS = 280
TO_APPROVE = ("draft", "waiting", "pending")
NOTHING = "No alert stands open."


def stranger_view() -> Json:
    """What somebody sees whom no code made known: no figure."""
    return {"type": "home", "blocks": [section(escape(HOW))]}


def view_of(house: House, ask: Ask) -> Json:
    """The dashboard of one person; every figure comes from the tools that answer in the chat."""
    blocks = [_header("Today in the shop"), *_needs(house, ask), *_approvals(house, ask), *_low(ask)]
    return {"type": "home", "blocks": [*blocks, {"type": "divider"}, context(_fresh(house, ask))][:100]}


def _needs(house: House, ask: Ask) -> Iterator[Json]:
    yield _header("Needs a person")
    live = [one for one in house.store.incidents.open() if one.is_live and hears_of(ask.user, ask.may, one)]
    told = [escape(shortened(headline(one), MOST_WORDS)) for one in live[:MOST_SHOWN]]
    yield section("\n".join(f"• {line}" for line in told)[:MOST_SECTION] or NOTHING)
    if len(live) > MOST_SHOWN:
        yield context(f"and {len(live) - MOST_SHOWN} more; ask me “give me the morning summary”")


def _approvals(house: House, ask: Ask) -> Iterator[Json]:
    if not ask.may(Right.BUY):
        return
    lines = house.store.purchasing.lines(statuses=TO_APPROVE)
    mine = [line for line in lines if ask.user.locations is None or line.location in ask.user.locations]
    names = sorted({line.po_no for line in mine})[:MOST_SHOWN]
    if not names:
        return
    yield _header("Waits for a yes")
    buttons = [Button("Approve", Call("po.approve", {"po": name}), "primary") for name in names]
    offers = offer(house, ask.user, ask.conversation, buttons)
    for place, (name, action) in enumerate(zip(names, offers, strict=True)):
        reply = _reply(ask, "po.status", {"po": name})
        said = escape(shortened(reply.text, MOST_WORDS)) if reply else bold(name)
        yield {
            **section(said),
            "accessory": button(f"{PRESS}:{place}", action.label, action.id, action.style),
        }


def _low(ask: Ask) -> Iterator[Json]:
    reply = _reply(ask, "stock.low", {})
    if reply is None:
        return
    yield _header("Running low")
    rows = reply.data.get("rows") or ()
    yield section(escape(shortened(reply.text, MOST_WORDS)))
    for row in rows[:MOST_SHOWN]:
        yield context(escape(_row(row)))


def _row(row: Mapping[str, Any]) -> str:
    cover = row.get("days_of_cover")
    lasts = f", lasts {cover} days" if cover is not None else ""
    ordered = f", {row['on_order']} on order" if row.get("on_order") else ""
    return f"{row.get('name')}: {row.get('available')} can be sold{lasts}{ordered}"


def _reply(ask: Ask, intent: str, slots: Mapping[str, Any]) -> Reply | None:
    """A tool's own answer, so that the page and the chat cannot disagree."""
    tool = all_tools()[intent]
    if not tool.built or not ask.may(tool.right):
        return None
    result = tool.call(ask, slots)
    return result if isinstance(result, Reply) else None


def _fresh(house: House, ask: Ask) -> str:
    past = [one for one in house.store.imports.past(10) if one.state == "applied"]
    coverage = house.store.sales.coverage()
    sales = f" · Sales up to {words.day(coverage[1], ask.today)}" if coverage else ""
    last = f"Last import {_moment(past[0].at)}" if past else "Nothing was imported yet"
    return f"{last}{sales} · Drawn {_moment(ask.now)}"


def _moment(at: datetime) -> str:
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at.day} {at:%b %H:%M}>"


def _header(text: str) -> Json:
    return {"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}

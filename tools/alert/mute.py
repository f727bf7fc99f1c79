"""Alerts that should be quiet, and the buttons of one that was told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Detail,
    Period,
    Plan,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Span,
    tool,
    words,
)
from tools.kit.alerttalk import alert_words, drop_button, goods, goods_words, mute_words, until_words
from tools.kit.handling import handle
from tools.kit.plans import full_slots
from tools.kit.purchases import packed, unpacked
from tools.store import Applied, Change
from tools.store.alert_changes import DropAlert, MuteAlerts, UnmuteAlerts
from tools.store.incidents_facts import AlertRule

_ENDS = re.compile(
    r"\b(remove|delete|cancel|unwatch|drop|scrap|get rid|take off|unset|clear|stop watching)\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(r"\b(until|till|til|before)\b", re.IGNORECASE)
QUIET_ALL = timedelta(days=1)
NOTHING_NAMED = "I found no product or category in that, so it would be everything."
# All that is said where everything is meant; a word beyond these may name what alone should be quiet.
_ALL = re.compile(r"\b(all|every|everything|anything|any)\b", re.IGNORECASE)
_VERBS = (
    "mute silence silent snooze pause stop quiet hush shush shut off turn switch kill disable suspend hold"
)
_NOUNS = (
    "alerts alert alarms notifications notification messages message warnings warning pings ping alerting"
)
_DAYS = "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today tomorrow"
_TIMES = (
    "tonight morning afternoon evening night noon week weeks weekend month hour hours day days minutes rest"
)
_SMALL = (
    "no more less the my your our me us please kindly pls for until till til to of on in a an and this next "
    "now be leave alone it them that these those just can you i do not don't dont want need from with telling"
)
_PLAIN = frozenset(" ".join((_VERBS, _NOUNS, _DAYS, _TIMES, _SMALL)).split())


@tool(
    right=Right.SET_ALERTS,
    writes=True,
)
def mute(  # noqa: PLR0913 - the contract's slots, and what buttons carry
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
    incident: Detail | None = None,
    how: Detail | None = None,
    detail: Detail | None = None,
) -> Result:
    """Mute alerts."""
    if incident is not None:
        return handle(ask, incident, how or "")
    wanted = unpacked(detail)
    if wanted.get("do") == "drop":
        return _drop(ask, wanted)
    if wanted.get("do") == "unmute":
        return _unmute(ask, wanted)
    mine = _matching(ask, products, category) if _ENDS.search(ask.text) and period is None else []
    if len(mine) == 1:
        return _drop(ask, {"do": "drop", "alert": mine[0].id})
    if mine:
        named = words.first_few([alert_words(ask, one) for one in mine])
        text = f"Which of your alerts shall I drop? I tell you when {named}."
        return Reply(
            text, {"alerts": [one.id for one in mine]}, buttons=tuple(drop_button(ask, one) for one in mine)
        )
    return _quiet(ask, tuple(products or ()), category or "", period)


# -- quiet for a while -------------------------------------------------------------------------------


def _quiet(ask: Ask, products: tuple[str, ...], category: str, period: Period | None) -> Plan | Refused:
    everything = not products and not category
    until = _until(ask, period)
    if until is not None and until <= ask.now:
        return Refused("That time has passed already: until when shall I be quiet?")
    if until is None and everything:
        until = ask.now + QUIET_ALL
    change = MuteAlerts("", products, "" if products else category, "", until)
    what = goods_words(ask, products, category, "and") or "everything"
    how_long = until_words(ask, until)
    slots = full_slots(products=products, category=category, period=period)

    def tell(applied: Applied) -> Reply:
        number = next((one.partition(" ")[2] for one in applied.documents if one.startswith("mute ")), "")
        again = packed(do="unmute", mute=int(number)) if number else None
        buttons = (Button("Tell me again", Call("alert.mute", {"detail": again})),) if again else ()
        start = "That was done before: " if applied.repeated else ""
        text = f"{start}I am quiet about {what} {how_long}, to you alone."
        data = {"mute": int(number) if number else None, "until": until.isoformat() if until else None}
        return Reply(
            text, {**data, "products": list(products), "category": category or None}, buttons=buttons
        )

    doubts = (NOTHING_NAMED,) if everything and _names_something(ask.text) else ()
    summary = f"Be quiet about {what} {how_long}"
    return Plan(summary, change, tell, slots, doubts=doubts, data={"category": category or None})


def _names_something(text: str) -> bool:
    """Whether there may be a name in it that was not understood."""
    said = re.findall(r"[^\W\d_][\w'-]*", text.lower())
    return not _ALL.search(text) and any(word not in _PLAIN for word in said)


def _until(ask: Ask, period: Period | None) -> datetime | None:
    """When a mute ends: "until Monday" as Monday begins, "this week" as the week is over."""
    if period is None:
        return None
    last = period.last
    if not (_UP_TO.search(ask.text) and last > ask.today):
        last += timedelta(days=1)
    return datetime.combine(last, time(0), ask.now.tzinfo)


def _matching(ask: Ask, products: Sequence[str] | None, category: str | None) -> list[AlertRule]:
    """The person's own alerts about these goods; all of them where none are named."""
    mine = ask.store.incidents.alerts(ask.user.name, at=ask.now)
    if not products and not category:
        return mine
    about = {product.sku for product in goods(ask, products or (), category or "")}
    return [
        one for one in mine if about & {product.sku for product in goods(ask, one.products, one.category)}
    ]


# -- what buttons do ---------------------------------------------------------------------------------


def _drop(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    number = _whole(wanted.get("alert"))
    alert = next((one for one in ask.store.incidents.alerts(ask.user.name) if one.id == number), None)
    if alert is None:
        return Refused("That alert is gone already, or it is not yours.")
    what = alert_words(ask, alert)
    done = f"Dropped: I no longer tell you when {what}."
    return _simple(f"No longer tell you when {what}", DropAlert(number), done, wanted, {"alert": number})


def _unmute(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    number = _whole(wanted.get("mute"))
    mutes = [one for one in ask.store.incidents.mutes(ask.now) if one.person == ask.user.name]
    found = next((one for one in mutes if one.id == number), None)
    if found is None:
        return Refused("That is over already: I am not quiet about it any more.")
    what = mute_words(ask, found)
    done = f"I tell you again what I was quiet about ({what})."
    return _simple("Tell you again", UnmuteAlerts(number), done, wanted, {"mute": number})


def _simple(
    summary: str, change: Change, done: str, wanted: Mapping[str, Any], figures: Mapping[str, Any]
) -> Plan:
    def tell(applied: Applied) -> Reply:
        return Reply(f"That was done before: {done}" if applied.repeated else done, figures)

    return Plan(summary, change, tell, {"detail": packed(**wanted)}, data=figures)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0

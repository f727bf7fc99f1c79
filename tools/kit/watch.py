"""``@watch``: what the assistant looks at by itself, beside the tool that answers the same when asked."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from tools.kit.ask import Ask, Right
from tools.kit.reply import Reply
from tools.kit.tool import all_tools
from tools.store import User

# Watches look at the whole shop; who is told of what they see is decided for each person after.
THE_SHOP = User(None, "Quartermaster", "owner")


class Urgency(StrEnum):
    """How soon a person has to know."""

    NOW = "now"
    TODAY = "today"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Sighting:
    """Something that a watch sees now and that a person should know of.

    It opens one incident for each ``key``; what is no longer seen is resolved by itself.

    Attributes:
        rule: the watch that sees it.
        subject: what it is about, steady while it lasts: a SKU, an order's number, ``supplier:ACME``.
        location: the code of the place; "" for the whole shop.
        reply: what is told, with its buttons.
        urgency: how soon.
        right: who may be told.
        value: money at stake, at least 0; ranks what fits under a day's limit.
        products: the SKUs it is about, so that those of a product or category can be muted.
        delivery: the day of the next delivery that will mend it, for "until delivery".
        who: the only person to be told, by name, where they asked for it themselves; "" for all.
    """

    rule: str
    subject: str
    location: str
    reply: Reply
    urgency: Urgency
    right: Right
    value: Decimal = Decimal(0)
    products: tuple[str, ...] = ()
    delivery: date | None = None
    who: str = ""

    @property
    def key(self) -> str:
        """What makes it one incident: the rule, the thing and the place."""
        return f"{self.rule}:{self.subject}:{self.location}"


@dataclass(frozen=True, slots=True)
class Watch:
    """One rule that is looked at every so often."""

    rule: str
    description: str
    right: Right
    every: timedelta
    run: Callable[[Ask], Iterator[Sighting]]

    def look(self, ask: Ask) -> tuple[Sighting, ...]:
        """What is to be seen now, one sighting for each key, in the watch's own order."""
        found: dict[str, Sighting] = {}
        for sighting in self.run(ask):
            found.setdefault(sighting.key, sighting)
        return tuple(found.values())


_REGISTRY: dict[str, Watch] = {}


def watch(
    *, rule: str, right: Right, every: timedelta
) -> Callable[[Callable[[Ask], Iterator[Sighting]]], Callable[[Ask], Iterator[Sighting]]]:
    """Register the decorated function as the watch of a rule.

    It is handed the surroundings of the shop itself (owner's rights, all places) and yields what
    it sees, the most pressing first.

    Args:
        rule: its name, one of a kind ("stock.low").
        right: what somebody needs to be told of it.
        every: how often to look.

    Raises:
        TypeError: there is no docstring to describe it, or the rule is another function's already.
    """

    def register(function: Callable[[Ask], Iterator[Sighting]]) -> Callable[[Ask], Iterator[Sighting]]:
        description = inspect.getdoc(function)
        if not description:
            raise TypeError(f"{rule}: the docstring is the description, and there is none")
        other = _REGISTRY.get(rule)
        if other is not None and other.run.__module__ != function.__module__:
            raise TypeError(f"{rule} is watched in {other.run.__module__} already")
        _REGISTRY[rule] = Watch(rule, description.splitlines()[0], right, every, function)
        return function

    return register


def all_watches() -> Mapping[str, Watch]:
    """Every watch by its rule, in alphabetical order.  Imports all tool files, once."""
    all_tools()
    return types.MappingProxyType(dict(sorted(_REGISTRY.items())))

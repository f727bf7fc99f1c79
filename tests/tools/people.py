"""Who asks in these tests, and short ways to ask."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from tests.shop import NOW
from tools.kit import Ask, Plan, Refused, Reply, Result, Right, Unclear, all_tools
from tools.store import Actor, Store, User

OWNER = User(1, "Anna Bell", "owner")
# Tom sees the High Street only, and no costs.
TOM = User(2, "Tom Reed", "staff", frozenset({"HIGH"}))
_requests = count(1)


def call(store: Store, intent: str, user: User = OWNER, text: str = "", **slots: Any) -> Result:
    """What the tool gives back for these slots."""
    costs = user.role == "owner"
    ask = Ask(
        store=store,
        user=user,
        now=NOW,
        text=text,
        position=store.stock.position(),
        may=lambda right: costs or right is not Right.SEE_COSTS,
    )
    return all_tools()[intent].call(ask, slots)


def say(store: Store, intent: str, user: User = OWNER, **slots: Any) -> str:
    """The answer's text."""
    result = call(store, intent, user, **slots)
    assert isinstance(result, Reply), result
    return result.text


def data(store: Store, intent: str, user: User = OWNER, **slots: Any) -> Mapping[str, Any]:
    """The answer's figures."""
    result = call(store, intent, user, **slots)
    assert isinstance(result, Reply), result
    return result.data


def plan(store: Store, intent: str, user: User = OWNER, **slots: Any) -> Plan:
    """The change that would be made."""
    result = call(store, intent, user, **slots)
    assert isinstance(result, Plan), result
    return result


def do(store: Store, intent: str, user: User = OWNER, **slots: Any) -> Reply:
    """Make the change and tell it."""
    made = plan(store, intent, user, **slots)
    applied = store.apply(made.change, Actor(user.name, "test"), request_id=f"test {next(_requests)}", at=NOW)
    return made.tell(applied)


def no(store: Store, intent: str, user: User = OWNER, **slots: Any) -> str:
    """The reason of a refusal."""
    result = call(store, intent, user, **slots)
    assert isinstance(result, Refused), result
    return result.reason


def which(store: Store, intent: str, user: User = OWNER, **slots: Any) -> Unclear:
    """The question that is asked back."""
    result = call(store, intent, user, **slots)
    assert isinstance(result, Unclear), result
    return result

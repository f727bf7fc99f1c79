"""Every tool for every role: allowed exactly where the matrix says so, refused with a sentence otherwise."""

from decimal import Decimal

import pytest

from assistant import access
from tools.kit import Plan, Reply, Right, all_tools
from tools.store import Adjust, User

# Written out by hand, so that a slip in the matrix shows.
MAY = {
    Right.TALK: {"owner", "manager", "staff", "driver"},
    Right.SEE_STOCK: {"owner", "manager", "staff", "driver"},
    Right.SEE_SALES: {"owner", "manager", "staff"},
    Right.SEE_COSTS: {"owner", "manager"},
    Right.MOVE_STOCK: {"owner", "manager", "staff"},
    Right.RECORD_SALES: {"owner", "manager", "staff"},
    Right.BUY: {"owner", "manager"},
    Right.DELIVER: {"owner", "manager", "driver"},
    Right.PLAN_DELIVERIES: {"owner", "manager"},
    Right.SET_ALERTS: {"owner", "manager", "staff"},
    Right.MANAGE: {"owner"},
}


def person(role: str, **more: object) -> User:
    return User(id=1, name="Pat", role=role, **more)


@pytest.mark.parametrize("role", access.ROLES)
@pytest.mark.parametrize("intent", sorted(all_tools()))
def test_a_tool_is_open_to_exactly_the_roles_of_its_right(intent, role):
    tool = all_tools()[intent]
    refusal = access.refusal(person(role), tool)
    assert (refusal is None) == (role in MAY[tool.right])
    if refusal:
        assert role in refusal.split(";")[0]
        assert refusal.endswith(".")


def test_somebody_who_left_may_do_nothing():
    assert not any(access.may(person("owner", active=False), right) for right in Right)


def test_an_unknown_role_may_do_nothing():
    assert not any(access.may(person("pirate"), right) for right in Right)


def plan_worth(value: str) -> Plan:
    change = Adjust("A", "B", Decimal(-1))
    return Plan("Take 1 out", change, lambda _applied: Reply("done"), {}, value=Decimal(value))


@pytest.mark.parametrize(
    ("role", "value", "asks", "refuses"),
    [
        ("staff", "100", False, False),
        ("staff", "100.01", True, False),
        ("staff", "1000", True, False),
        ("staff", "1000.01", True, True),
        ("manager", "250.01", True, False),
        ("owner", "500", False, False),
        ("owner", "99999", True, False),
    ],
)
def test_the_amount_decides_whether_a_yes_is_needed_or_enough(role, value, asks, refuses):
    plan = plan_worth(value)
    assert access.needs_yes(person(role), plan) == asks
    assert (access.too_much(person(role), plan) is not None) == refuses

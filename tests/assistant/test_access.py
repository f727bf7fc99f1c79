"""Every tool for every role: allowed exactly where the matrix says so, refused with a sentence otherwise."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from assistant import access
from tests.shop import NOW
from tools.kit import Ask, Plan, Reply, Right, all_tools
from tools.store import Adjust, Store, User, open_store
from tools.store.buying_changes import ApproveOrder

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


@pytest.fixture
def books(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    yield store
    store.close()


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
def test_the_amount_decides_whether_a_yes_is_needed_or_enough(books, role, value, asks, refuses):
    ask, plan = Ask(books, person(role), NOW), plan_worth(value)
    assert access.needs_yes(ask, plan) == asks
    assert (access.too_much(ask, plan) is not None) == refuses


def approval_worth(value: str) -> Plan:
    return Plan("Approve", ApproveOrder("PO-1"), lambda _applied: Reply("done"), {}, value=Decimal(value))


@pytest.mark.parametrize(
    ("role", "kept", "value", "refuses"),
    [
        ("manager", "", "2000", False),
        ("manager", "", "2000.01", True),
        ("manager", "350.50", "350.50", False),
        ("manager", "350.50", "351", True),
        ("manager", "nonsense", "2000", False),
        ("owner", "350.50", "99999", False),
        ("staff", "350.50", "1", True),
    ],
)
def test_what_a_manager_may_approve_is_the_shops_own_choice(books, role, kept, value, refuses):
    books.settings.set("plan_manager_approves", kept)
    found = access.too_much(Ask(books, person(role), NOW), approval_worth(value))
    assert (found is not None) == refuses


def test_a_refused_approval_names_the_limit(books):
    books.settings.set("plan_manager_approves", "350.50")
    found = access.too_much(Ask(books, person("manager"), NOW), approval_worth("351"))
    assert "(£350.50)" in (found or "")
    assert "ask an owner" in (found or "")

"""Every tool, for every role, through every door: no wrong allow, no wrong deny."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from intents.parser import Parser
from tests.assistant.doors import (
    ALLOWED,
    CALLS,
    DOORS,
    PO,
    ROLES,
    TO_BRING,
    Doors,
    Person,
    denied_for_role,
    name_of,
    named_places,
    tools_by,
)
from tests.shop import RED
from tools.kit import all_tools
from tools.store import Store

# What says by itself that there is nothing to tell, whoever asks.
EMPTY = {
    "No forecast was made yet": {
        "forecast.accuracy",
        "forecast.anomalies",
        "forecast.demand",
        "forecast.stockout",
    },
    "There is no sensor at High Street.": {"sensor.status"},
    "There is no change of yours in this conversation": {"meta.undo"},
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def doors(request: pytest.FixtureRequest, parser: Parser, books_of_module: Callable[[str], Store]) -> Doors:
    """One shop for the whole table; who may what does not depend on what was done before."""
    return Doors(books_of_module(request.param), parser)


def test_every_tool_is_in_the_table() -> None:
    assert set(CALLS) == set(all_tools())


@pytest.mark.parametrize("intent", sorted(CALLS))
@pytest.mark.parametrize("at", [None, "HIGH"], ids=["all places", "one place"])
def test_a_tool_is_open_to_exactly_its_roles_through_every_door(
    doors: Doors, intent: str, at: str | None
) -> None:
    tool = all_tools()[intent]
    for role, door in doors.visits(ROLES):
        person = doors.comes(door, role, at)
        allowed = role in ALLOWED[tool.right]
        before = {} if allowed else doors.books()
        answer = doors.call(person, intent)
        if allowed:
            assert_served(answer, intent, person)
        else:
            assert denied_for_role(answer), (door, role, answer.text)
            assert set(answer.data) == {"refused"}
            assert not answer.actions
            if not {PO, TO_BRING} & {str(value) for value in CALLS[intent].values()}:
                assert doors.books() == before, (door, role)


def assert_served(answer, intent: str, person: Person) -> None:
    """The tool did what it does: a change made or shown, an answer told, or that it can't do so yet."""
    where = (person.door, person.role, answer.text)
    assert not denied_for_role(answer), where
    assert "fault" not in answer.data, where
    tool = all_tools()[intent]
    if not tool.built:
        assert answer.data == {"not_built": intent}, where
    elif tool.writes:
        assert "group" in answer.data or "needs_yes" in answer.data, where
    elif "refused" in answer.data:
        assert any(answer.text.startswith(start) and intent in those for start, those in EMPTY.items()), where


@pytest.mark.parametrize("role", ROLES)
def test_words_are_no_other_door_than_buttons(doors: Doors, role: str) -> None:
    said = {
        "how much money is tied up in stock": "stock.value",
        "sold 1 small red mug at high street": "sales.record",
        "how many red mugs are left": "stock.query",
        "order 6 small red mugs from acme": "reorder.create",
        "how many small red mugs did we sell": "sales.report",
        "tell me when small red mugs drop below 20": "alert.create",
        "move 1 small red mug from high street to harbour": "stock.transfer",
        "does any van need a service": "vehicle.health",
        "plan the deliveries": "route.plan",
    }
    for words, intent in said.items():
        for door in DOORS:
            answer = doors.say(doors.comes(door, role), words)
            assert [parse.intent for parse in answer.parses] == [intent]
            assert denied_for_role(answer) == (role not in ALLOWED[all_tools()[intent].right]), answer.text


PLACED = [
    (name, slot)
    for name, tool in all_tools().items()
    for slot in ("location", "source")
    if tool.built and slot in tool.slot_kinds
]


@pytest.mark.parametrize(("intent", "slot"), PLACED)
def test_a_place_of_others_is_closed_to_every_role_that_is_limited(
    doors: Doors, intent: str, slot: str
) -> None:
    tool = all_tools()[intent]
    slots = {"source": "WH", "destination": "HIGH"} if slot == "source" else {"location": "WH"}
    for role, door in doors.visits(sorted(ALLOWED[tool.right])):
        before = doors.books()
        answer = doors.call(doors.comes(door, role, "HIGH"), intent, {**CALLS[intent], **slots})
        assert answer.text == "You have no access to Warehouse.", (door, role)
        assert doors.books() == before
    everywhere = doors.call(doors.comes("slack", "owner"), intent, {**CALLS[intent], **slots})
    assert "no access" not in everywhere.text


# These name the other end of a move to or from one's own place: where goods came from, or should come from.
NAMES_OTHERS = {"reorder.suggest", "stock.history", "stock.locate"}


@pytest.mark.parametrize("intent", [name for name in tools_by(writes=False) if name not in NAMES_OTHERS])
def test_a_question_tells_nothing_of_places_that_are_closed(doors: Doors, intent: str) -> None:
    for role in sorted(ALLOWED[all_tools()[intent].right]):
        answer = doors.call(doors.comes("telegram", role, "HIGH"), intent)
        assert named_places(answer) == set(), (role, answer.text)


AMOUNTS = [
    # role, money at stake (a small red mug costs 3.80), does it, has to say yes, is refused
    ("owner", 100, "done"),
    ("owner", 200, "asked"),
    ("owner", 9_000, "asked"),
    ("manager", 60, "done"),
    ("manager", 100, "asked"),
    ("manager", 9_000, "asked"),
    ("staff", 20, "done"),
    ("staff", 60, "asked"),
    ("staff", 300, "refused"),
    ("driver", 1, "refused"),
]


@pytest.mark.parametrize(("role", "mugs", "outcome"), AMOUNTS)
def test_the_amount_decides_the_same_through_every_door(
    doors: Doors, role: str, mugs: int, outcome: str
) -> None:
    for door in DOORS:
        slots = {"products": [RED], "quantity": mugs, "location": "HIGH", "supplier": "ACME"}
        person = doors.comes(door, role)
        before = doors.books()
        answer = doors.call(person, "stock.receive", slots)
        found = next(
            name
            for name, key in (("done", "group"), ("asked", "needs_yes"), ("refused", "refused"))
            if key in answer.data
        )
        if found == "asked" and outcome == "done":  # so much more than usual is asked about, whoever says it
            assert "Your role" not in answer.text
            continue
        assert found == outcome, (door, answer.text)
        if found != "done":
            assert doors.books() == before
        if found == "refused":  # saying yes beforehand does not help
            assert "refused" in doors.call(person, "stock.receive", {**slots, "confirmed": True}).data


def order_worth(doors: Doors, mugs: int) -> str:
    owner = doors.comes("web", "owner")
    slots = {"products": [RED], "quantity": mugs, "supplier": "ACME", "location": "HIGH", "confirmed": True}
    drafted = doors.call(owner, "reorder.create", slots)
    return next(word.strip(":.,") for word in drafted.text.split() if word.startswith("PO-"))


@pytest.mark.parametrize("door", DOORS)
def test_an_order_beyond_a_manager_waits_for_an_owner(doors: Doors, door: str) -> None:
    number = order_worth(doors, 3_000)
    before = doors.books()
    manager = doors.call(doors.comes(door, "manager"), "po.approve", {"po": number, "confirmed": True})
    assert "more than your role (manager) may approve" in manager.text
    assert doors.books() == before
    assert (
        "group"
        in doors.call(doors.comes(door, "owner"), "po.approve", {"po": number, "confirmed": True}).data
    )


# -- buttons pressed by somebody else than they were offered to -----------------------------------------


@pytest.mark.parametrize("intent", tools_by(writes=True))
def test_a_button_of_an_owner_does_for_others_what_their_own_role_may_and_no_more(
    doors: Doors, intent: str
) -> None:
    owner = doors.comes("slack", "owner").user
    for role, door in doors.visits(ROLES[1:], ("slack", "telegram")):
        before = doors.books()
        answer = doors.call(doors.comes(door, role), intent, to=owner)
        allowed = role in ALLOWED[all_tools()[intent].right]
        assert denied_for_role(answer) != allowed, (door, role, answer.text)
        if not allowed and not {PO, TO_BRING} & {str(value) for value in CALLS[intent].values()}:
            assert doors.books() == before


def test_a_press_that_was_refused_leaves_the_button_to_whom_it_was_offered(doors: Doors) -> None:
    owner, driver = doors.comes("slack", "owner"), doors.comes("slack", "driver")
    token = doors.offer("stock.adjust", CALLS["stock.adjust"], owner.user, "slack:C1:1.1")
    assert denied_for_role(doors.press(driver, token, "slack:C1:1.1"))
    assert "group" in doors.press(owner, token, "slack:C1:1.1").data
    assert "Already done" in doors.press(driver, token, "slack:C1:1.1").text


def asked_by(doors: Doors, person: Person, conversation: str) -> dict[str, str]:
    """The buttons of a question about 200 mugs, by their labels."""
    answer = doors.say(person, "200 small red mugs came in from acme at high street", conversation)
    assert "needs_yes" in answer.data
    return {action.label: action.id for action in answer.actions}


def test_who_could_not_say_yes_cannot_say_no_for_others_either(doors: Doors) -> None:
    for door in ("slack", "telegram"):
        place = f"{door}:group:{door}"
        manager = doors.comes(door, "manager")
        buttons = asked_by(doors, manager, place)
        for role in ("driver",):
            assert denied_for_role(doors.press(doors.comes(door, role), buttons["No"], place))
        assert "group" in doors.press(manager, buttons["Yes, do it"], place).data


def test_who_could_do_it_may_say_no_for_others(doors: Doors) -> None:
    manager, owner = doors.comes("slack", "manager"), doors.comes("slack", "owner")
    buttons = asked_by(doors, manager, "slack:C2:2.2")
    before = doors.books()
    assert "did nothing" in doors.press(owner, buttons["No"], "slack:C2:2.2").text
    assert "chosen already" in doors.press(manager, buttons["Yes, do it"], "slack:C2:2.2").text
    assert doors.books() == before


Change = Callable[[Doors, str], str]


def approval(doors: Doors, place: str) -> str:
    """The undo button of an owner's approval."""
    return undo_of(doors, "po.approve", {"po": doors.new_order(approved=False), "confirmed": True}, place)


def delivery(doors: Doors, place: str) -> str:
    """The undo button of a delivery that is worth more than staff may change."""
    slots = {**CALLS["stock.receive"], "quantity": 400, "confirmed": True}
    return undo_of(doors, "stock.receive", slots, place)


def small_sale(doors: Doors, place: str) -> str:
    """The undo button of a sale at High Street."""
    return undo_of(doors, "sales.record", CALLS["sales.record"], place)


def sale_elsewhere(doors: Doors, place: str) -> str:
    """The undo button of a sale at the warehouse."""
    return undo_of(doors, "sales.record", {**CALLS["sales.record"], "location": "WH"}, place)


def undo_of(doors: Doors, intent: str, slots, place: str) -> str:
    owner = doors.comes("slack", "owner")
    done = doors.press(owner, doors.offer(intent, slots, owner.user, place), place)
    return next(action.id for action in done.actions if action.label == "Undo")


@pytest.mark.parametrize(
    ("change", "role", "at", "allowed"),
    [
        (approval, "manager", None, True),
        (approval, "staff", None, False),
        (approval, "driver", None, False),
        (delivery, "manager", None, True),
        (delivery, "staff", None, False),
        (delivery, "driver", None, False),
        (small_sale, "staff", None, True),
        (small_sale, "staff", "HIGH", True),
        (small_sale, "driver", None, False),
        (sale_elsewhere, "manager", "HIGH", False),
        (sale_elsewhere, "staff", None, True),
    ],
)
def test_an_undo_takes_what_it_took_to_make_the_change(
    doors: Doors, change: Change, role: str, at: str | None, allowed: bool
) -> None:
    for door in ("slack", "telegram"):
        place = f"{door}:shared:{change.__name__}:{role}:{at}"
        token = change(doors, place)
        before = doors.books()
        answer = doors.press(doors.comes(door, role, at), token, place)
        assert ("undone" in answer.data) == allowed, (door, answer.text)
        if not allowed:
            assert doors.books() == before
            assert "undone" in doors.press(doors.comes("slack", "owner"), token, place).data


def test_a_button_belongs_to_the_conversation_it_stands_in(doors: Doors) -> None:
    owner = doors.comes("slack", "owner")
    token = doors.offer("stock.adjust", CALLS["stock.adjust"], owner.user, "slack:C3:3.3")
    before = doors.books()
    for place in ("slack:C4:4.4", "telegram:-77", "slack:C3", ""):
        assert "refused" in doors.press(owner, token, place).data
    assert doors.books() == before


# -- nobody, and people who have left ---------------------------------------------------------------


@pytest.mark.parametrize("chat", ["slack", "telegram"])
def test_whom_no_code_made_known_is_nobody_whatever_they_call_themselves(doors: Doors, chat: str) -> None:
    other = {"slack": "telegram", "telegram": "slack"}[chat]
    owner = name_of("owner", None)
    for identity in (owner, f"{other}-{owner}", f"{chat}-{owner} ", f"{chat}-{owner}".upper(), "", "%", "0"):
        assert doors.house.person(chat, identity) is None


@pytest.mark.parametrize("intent", sorted(CALLS))
def test_somebody_who_left_is_served_nothing_through_any_door(doors: Doors, intent: str) -> None:
    for _, door in doors.visits(["owner"]):
        owner = doors.comes(door, "owner")
        gone = replace(owner, user=replace(owner.user, active=False))
        before = doors.books()
        named = {PO: "PO-1042", TO_BRING: "5531"}
        slots = {slot: named.get(str(value), value) for slot, value in CALLS[intent].items()}
        answer = doors.call(gone, intent, slots)
        assert "no access" in answer.text, (door, answer.text)
        assert set(answer.data) == {"refused"}
        assert not answer.actions
        assert doors.books() == before

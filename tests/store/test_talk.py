"""Each event is answered once, each button used once, whoever else tries at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tools.store import Store, StoredAction
from tools.store.talk import Talk

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store.database, lambda: NOW)


def begin(
    talk: Talk, event: str = "e1", *, text: str = "how many red mugs", at: datetime = NOW, user: str = "Anna"
) -> str | None:
    return talk.begin("c1", event, user=user, channel="web", text=text, at=at)


def button(token: str, offer: str = "o1", label: str = "Yes") -> StoredAction:
    return StoredAction(
        token,
        "c1",
        "Anna",
        label,
        "primary",
        "stock.adjust",
        {"products": ["A"], "quantity": -3},
        7,
        "offered",
        offer=offer,
    )


def at_once(number: int, work: Callable[[int], object]) -> list[object]:
    found: list[object] = []
    gate = threading.Barrier(number)

    def run(which: int) -> None:
        gate.wait()
        found.append(work(which))

    threads = [threading.Thread(target=run, args=(which,)) for which in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_a_conversation_remembers_each_person_apart(talk: Talk) -> None:
    assert talk.memory("c1", "Anna") == "{}"
    talk.remember("c1", "Anna", '{"asked": 1}', NOW)
    talk.remember("c1", "Anna", '{"asked": 2}', NOW)
    talk.remember("c1", "Ben", '{"asked": 3}', NOW)
    assert talk.memory("c1", "Anna") == '{"asked": 2}'
    assert talk.memory("c2", "Anna") == "{}"


def test_an_event_is_answered_once_and_then_known(talk: Talk) -> None:
    assert begin(talk) is None
    assert talk.answer_of("c1", "e1") is None
    assert talk.end("c1", "e1", '{"text": "42"}', 12) == '{"text": "42"}'
    assert begin(talk) == '{"text": "42"}'
    assert talk.answer_of("c1", "e1") == '{"text": "42"}'
    assert begin(talk, "e2") is None


def test_the_first_answer_stands(talk: Talk) -> None:
    begin(talk)
    talk.end("c1", "e1", '"first"')
    assert talk.end("c1", "e1", '"second"') == '"first"'
    assert talk.answer_of("c1", "e1") == '"first"'


def test_of_eight_at_once_one_works_and_seven_get_its_answer(talk: Talk) -> None:
    def turn(_: int) -> str | None:
        stored = begin(talk)
        if stored is None:
            time.sleep(0.1)
            talk.end("c1", "e1", '"done"')
        return stored

    found = at_once(8, turn)
    assert sorted(map(str, found)) == ['"done"'] * 7 + ["None"]


def test_work_left_behind_is_taken_over_by_a_later_request(talk: Talk) -> None:
    begin(talk)
    assert begin(talk, at=NOW + timedelta(seconds=61)) is None
    assert talk.end("c1", "e1", '"taken over"') == '"taken over"'


def test_work_left_behind_is_taken_over_by_one_who_waited_even_where_the_clock_stands_still(
    store: Store,
) -> None:
    talk = Talk(store.database, lambda: NOW, work_seconds=0.2)
    begin(talk)

    def turn(_: int) -> str | None:
        stored = begin(talk)
        if stored is None:
            time.sleep(0.1)
            talk.end("c1", "e1", '"taken over"')
        return stored

    found = at_once(4, turn)
    assert sorted(map(str, found)) == ['"taken over"'] * 3 + ["None"]


def test_of_eight_who_find_work_left_behind_one_takes_it_over(talk: Talk) -> None:
    begin(talk)

    def turn(_: int) -> str | None:
        stored = begin(talk, at=NOW + timedelta(seconds=61))
        if stored is None:
            time.sleep(0.1)
            talk.end("c1", "e1", '"taken over"')
        return stored

    assert sorted(map(str, at_once(8, turn))) == ['"taken over"'] * 7 + ["None"]


def test_history_is_the_latest_turns_of_one_person_oldest_first(talk: Talk) -> None:
    for number in range(5):
        begin(talk, f"e{number}", text=f"question {number}")
        talk.end("c1", f"e{number}", f'"{number}"')
    begin(talk, "b", text="mine", user="Ben")
    assert [(one.text, one.answer) for one in talk.history("c1", "Anna", 2)] == [
        ("question 3", '"3"'),
        ("question 4", '"4"'),
    ]
    assert len(talk.history("c1")) == 6
    assert talk.history("c1", "Ben")[0].answer == ""
    assert talk.history("c2", "Anna") == []


def test_very_long_and_strange_names_stay_apart(talk: Talk) -> None:
    long = "x" * 5_000
    for name in (f"{long}1", f"{long}2"):
        assert talk.begin(name, "\0e", user="A", channel="web", text="nul \0 inside", at=NOW) is None
        talk.end(name, "\0e", f'"{name[-1]}"')
        talk.remember(name, "A", f'"{name[-1]}"', NOW)
    assert talk.answer_of(f"{long}1", "\0e") == '"1"'
    assert talk.memory(f"{long}2", "A") == '"2"'


def test_a_button_comes_back_as_it_was_offered(talk: Talk) -> None:
    talk.offer([button("t1")], NOW)
    assert talk.action("t1") == button("t1")
    assert talk.action("t9") is None
    assert talk.offer_actions("") == []
    talk.offer([], NOW)


def test_yes_retires_no(talk: Talk) -> None:
    talk.offer([button("yes"), button("no", label="No"), button("other", offer="o2")], NOW)
    assert talk.claim("yes", "Anna", NOW)
    assert not talk.claim("no", "Anna", NOW)
    assert not talk.claim("yes", "Ben", NOW)
    talk.finish("yes", {"text": "done", "after": 9})
    assert {one.token: one.state for one in talk.offer_actions("o1")} == {"yes": "done", "no": "retired"}
    done = replace(button("yes"), state="done", outcome={"text": "done", "after": 9})
    assert talk.action("yes") == replace(done, used_by="Anna", used_at=NOW)
    assert talk.claim("other", "Anna", NOW)


def test_the_first_outcome_of_a_button_stays(talk: Talk) -> None:
    talk.offer([button("t1")], NOW)
    talk.finish("t1", {"text": "too early"})
    assert talk.action("t1") == button("t1")
    talk.claim("t1", "Anna", NOW)
    talk.finish("t1", {"text": "first"})
    talk.finish("t1", {"text": "second"})
    done = replace(button("t1"), state="done", outcome={"text": "first"})
    assert talk.action("t1") == replace(done, used_by="Anna", used_at=NOW)


def test_of_many_presses_on_both_buttons_at_once_one_counts(talk: Talk) -> None:
    talk.offer([button("yes"), button("no", label="No")], NOW)
    pressed = at_once(8, lambda which: talk.claim(("yes", "no")[which % 2], "Anna", NOW))
    assert sorted(map(bool, pressed)) == [False] * 7 + [True]


def test_buttons_without_an_offer_stand_alone(talk: Talk) -> None:
    talk.offer([button("a", offer=""), button("b", offer="")], NOW)
    assert talk.claim("a", "Anna", NOW)
    assert talk.claim("b", "Anna", NOW)


def test_a_button_expires_after_a_day(store: Store, talk: Talk) -> None:
    talk.offer([button("t1")], NOW - timedelta(hours=24))
    shown = talk.action("t1")
    assert shown is not None
    assert shown.state == "expired"
    assert not talk.claim("t1", "Anna", NOW)
    talk.offer([button("t2", offer="o2")], NOW - timedelta(hours=23))
    assert talk.claim("t2", "Anna", NOW)
    talk.offer([button("t3", offer="o3")], NOW)
    assert talk.claim("t3", "Anna", NOW)
    talk.finish("t3", {"text": "done"})
    later = Talk(store.database, lambda: NOW + timedelta(days=9))
    found = [later.action(token) for token in ("t2", "t3")]
    assert [one.state for one in found if one is not None] == ["expired", "done"]

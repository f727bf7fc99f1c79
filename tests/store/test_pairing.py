"""Pairing codes: ten minutes, one use, one person; what is kept opens nothing; guessing ends soon."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.shop import NOW, tiny_shop
from tools.store import BooksError, Store
from tools.store.pairing import MOST_FROM_ALL, MOST_FROM_ONE, WINDOW, NotPaired, Paired, Pairing
from tools.store.people import People
from tools.store.tables import TokenRow


@pytest.fixture
def people(store: Store) -> People:
    tiny_shop(store)
    return People(store.database, lambda: NOW)


def number_of(people: People, name: str) -> int:
    user = people.find(name)
    assert user is not None
    assert user.id is not None
    return user.id


def pair(people: People, identity: str, code: str, at: datetime = NOW) -> Paired | NotPaired:
    return people.pairing.pair("telegram", identity, code, at=at)


def told(store: Store, action: str) -> list[tuple[str, str, str, dict[str, str]]]:
    rows = [row for row in store.audit.rows() if row.action == action]
    return [(row.actor, row.channel, row.subject, json.loads(row.detail or "{}")) for row in rows]


def test_a_code_ties_an_identity_to_the_person_it_was_made_for(people: People, store: Store) -> None:
    ben = number_of(people, "Ben")
    code = people.pairing.new_code(ben, actor="Anna Bell")
    assert people.of_telegram("7001") is None
    assert pair(people, "7001", code) == Paired(ben)
    assert people.of_telegram("7001") == people.find("Ben")
    assert told(store, "pairing code made")[0][0] == "Anna Bell"
    detail = {"channel": "telegram", "identity": "7001", "before": ""}
    assert told(store, "paired") == [("Ben Osei", "telegram", f"user {ben}", detail)]


@pytest.mark.parametrize("change", [str.lower, lambda code: f" {code.replace('-', ' ')} ", str.title])
def test_a_code_is_read_as_people_type_it(people: People, change) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    assert isinstance(pair(people, "7001", change(code)), Paired)


def test_a_code_works_once(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    assert isinstance(pair(people, "7001", code), Paired)
    assert pair(people, "7002", code) is NotPaired.WRONG
    assert pair(people, "7001", code) is NotPaired.WRONG
    assert people.of_telegram("7002") is None


def test_a_code_lives_ten_minutes(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    assert pair(people, "7001", code, NOW + timedelta(minutes=10)) is NotPaired.WRONG
    assert isinstance(pair(people, "7001", code, NOW + timedelta(minutes=9, seconds=59)), Paired)


def test_a_new_code_makes_the_one_before_it_worthless(people: People) -> None:
    first, second = (people.pairing.new_code(number_of(people, "Ben")) for _ in range(2))
    assert first != second
    assert pair(people, "7001", first) is NotPaired.WRONG
    assert isinstance(pair(people, "7001", second), Paired)


def test_only_people_who_work_here_get_codes_and_use_them(people: People) -> None:
    ben = number_of(people, "Ben")
    code = people.pairing.new_code(ben)
    people.update(ben, active=False)
    assert pair(people, "7001", code) is NotPaired.WRONG
    with pytest.raises(BooksError, match="no such user"):
        people.pairing.new_code(ben)
    with pytest.raises(BooksError, match="no such user"):
        people.pairing.new_code(987)


def test_an_identity_belongs_to_one_person_and_the_code_stays_good_for_another_one(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    assert pair(people, "5101", code) is NotPaired.TAKEN
    assert people.of_telegram("5101") == people.find("Anna")
    assert isinstance(pair(people, "7001", code), Paired)


def test_somebody_who_left_gives_the_identity_up(people: People, store: Store) -> None:
    tom, ben = number_of(people, "Tom"), number_of(people, "Ben")
    people.update(tom, active=False)
    code = people.pairing.new_code(ben)
    assert people.pairing.pair("slack", "U0TOM", code, at=NOW) == Paired(ben)
    assert people.of_slack("U0TOM") == people.find("Ben")
    people.update(tom, active=True)
    assert people.of_slack("U0TOM") == people.find("Ben")
    assert [subject for _, _, subject, _ in told(store, "unpaired")] == [f"user {tom}"]


def test_pairing_again_moves_the_person_and_tells_what_was_before(people: People, store: Store) -> None:
    anna = number_of(people, "Anna")
    code = people.pairing.new_code(anna)
    assert pair(people, "7001", code) == Paired(anna, before="5101")
    assert people.of_telegram("5101") is None
    assert told(store, "paired")[0][3]["before"] == "5101"
    again = people.pairing.new_code(anna)
    assert pair(people, "7001", again) == Paired(anna)


def test_unpairing_takes_the_identity_and_the_open_code_away(people: People, store: Store) -> None:
    anna = number_of(people, "Anna")
    code = people.pairing.new_code(anna)
    assert people.pairing.unpair(anna, "telegram", actor="Anna Bell", at=NOW)
    assert people.of_telegram("5101") is None
    assert people.of_slack("U0ANNA") is not None
    assert pair(people, "5101", code) is NotPaired.WRONG
    assert not people.pairing.unpair(anna, "telegram", actor="Anna Bell", at=NOW)
    detail = {"channel": "telegram", "identity": "5101"}
    assert told(store, "unpaired") == [("Anna Bell", "", f"user {anna}", detail)]


def test_what_is_kept_does_not_hold_the_code(people: People, store: Store) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    with store.database.reading() as connection:
        rows = connection.execute(select(TokenRow.__table__)).all()  # type: ignore[attr-defined]
    kept = " ".join(str(value) for row in rows for value in row)
    written = " ".join(row.detail + row.subject for row in store.audit.rows())
    for spelled in (code, code.replace("-", "")):
        assert spelled not in kept
        assert spelled not in written


def test_five_wrong_codes_from_one_identity_and_even_the_right_one_has_to_wait(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    for guess in range(MOST_FROM_ONE):
        assert pair(people, "7001", f"2222-222{guess + 2}") is NotPaired.WRONG
    assert pair(people, "7001", code) is NotPaired.TOO_MANY
    assert isinstance(pair(people, "7002", code), Paired)
    later = NOW + WINDOW
    fresh = people.pairing.new_code(number_of(people, "Tom"), at=later)
    assert isinstance(pair(people, "7001", fresh, later), Paired)


def test_fifty_wrong_codes_from_many_identities_end_all_guessing_for_a_while(people: People) -> None:
    for guess in range(MOST_FROM_ALL):
        assert pair(people, f"{8000 + guess}", "2222-2222") is NotPaired.WRONG
    code = people.pairing.new_code(number_of(people, "Ben"))
    assert pair(people, "7001", code) is NotPaired.TOO_MANY
    later = NOW + WINDOW
    assert isinstance(
        pair(people, "7001", people.pairing.new_code(number_of(people, "Ben"), at=later), later), Paired
    )


def test_guessing_that_is_not_looked_at_fills_no_book(people: People, store: Store) -> None:
    for _ in range(MOST_FROM_ONE + 20):
        pair(people, "7001", "2222-2222")
    assert len(told(store, "pairing refused")) == MOST_FROM_ONE


def test_two_who_say_one_code_at_once_pair_one(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda number: pair(people, f"{7000 + number}", code), range(8)))
    assert sum(isinstance(one, Paired) for one in found) == 1


@pytest.mark.parametrize("identity", ["", " ", "\0", "7" * 65])
def test_what_is_no_identity_is_paired_with_nobody(people: People, identity: str) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    with pytest.raises(BooksError, match="identity"):
        pair(people, identity, code)
    with pytest.raises(BooksError, match="no chat"):
        people.pairing.pair("fax", "7001", code)


@pytest.mark.parametrize("identity", ["", "\0", "U0TOM\0", "%", "_" * 5, "\ud800", "é" * 200])
def test_a_hostile_identity_is_nobody(people: People, identity: str) -> None:
    assert people.of_chat("slack", identity) is None
    assert people.of_chat("web", "U0TOM") is None


def test_a_code_alone_gives_no_account(people: People) -> None:
    people.pairing.new_code(number_of(people, "Ben"))
    assert not people.has_accounts()
    ben = people.find("Ben")
    assert ben is not None
    assert not ben.has_account


def test_a_chat_identity_is_typed_in_for_one_person_only(people: People) -> None:
    with pytest.raises(BooksError, match="belongs to Tom Reed"):
        people.update(number_of(people, "Ben"), slack_id="U0TOM")
    assert people.of_slack("U0TOM") == people.find("Tom")


def test_pairing_is_the_same_in_every_process(people: People) -> None:
    code = people.pairing.new_code(number_of(people, "Ben"))
    other = Pairing(people._database, lambda: NOW)
    assert isinstance(other.pair("slack", "U9", code), Paired)

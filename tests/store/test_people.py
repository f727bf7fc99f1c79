"""Who may talk, how they prove it, and who changed that."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import update

from tests.shop import NOW, tiny_shop
from tools.store import BooksError, Store
from tools.store.people import People
from tools.store.tables import TokenRow, UserRow


@pytest.fixture
def people(store: Store) -> People:
    tiny_shop(store)
    return People(store.database, lambda: NOW)


def number_of(people: People, name: str) -> int:
    user = people.find(name)
    assert user is not None
    return user.id or 0


def test_everybody_has_a_role_and_perhaps_places(people: People) -> None:
    found = {user.name: (user.role, user.locations) for user in people.users()}
    assert found == {
        "Anna Bell": ("owner", None),
        "Ben Osei": ("manager", None),
        "Gemma Lane": ("driver", None),
        "Tom Reed": ("staff", frozenset({"HIGH"})),
    }


@pytest.mark.parametrize("said", ["Anna Bell", "anna bell", "ANNA", " anna  ", "an", "Anna B"])
def test_people_are_found_by_name_first_name_and_beginning(people: People, said: str) -> None:
    user = people.find(said)
    assert user is not None
    assert user.name == "Anna Bell"


@pytest.mark.parametrize("said", ["", " ", "Bell", "annabel", "zoe", "%", "Anna Bells"])
def test_nobody_is_guessed(people: People, said: str) -> None:
    assert people.find(said) is None


def test_a_beginning_that_two_share_finds_nobody_but_a_whole_first_name_does(people: People) -> None:
    people.add("Annabel Moss", "staff")
    assert people.find("ann") is None
    assert number_of(people, "anna") == number_of(people, "Anna Bell")
    people.add("Anna Katz", "staff")
    assert people.find("anna") is None
    assert number_of(people, "anna k") == number_of(people, "Anna Katz")


def test_people_are_found_by_their_chat_ids(people: People) -> None:
    assert people.of_slack("U0TOM") == people.find("Tom Reed")
    assert people.of_telegram("5101") == people.find("Anna Bell")
    assert people.of_slack("") is None
    assert people.of_telegram("") is None
    assert people.of_slack("U0NOBODY") is None
    people.update(number_of(people, "Tom"), active=False)
    assert people.of_slack("U0TOM") is None


def test_two_people_with_the_same_chat_id_are_neither(people: People, store: Store) -> None:
    with store.database.writing() as connection:  # as an import may bring it
        connection.execute(update(UserRow).where(UserRow.name == "Ben Osei").values(slack_id="U0TOM"))
    assert people.of_slack("U0TOM") is None


def test_a_person_is_added_changed_and_limited_to_places(people: People) -> None:
    zoe = people.add(
        "Zoe  Park", "staff", locations=["WH", "FRIDGE"], slack_id="U9", actor="Anna Bell", at=NOW
    )
    assert (zoe.name, zoe.locations, zoe.slack_id, zoe.active, zoe.has_account) == (
        "Zoe Park",
        frozenset({"WH", "FRIDGE"}),
        "U9",
        True,
        False,
    )
    changed = people.update(zoe.id or 0, role="manager", locations=None)
    assert (changed.role, changed.locations, changed.slack_id) == ("manager", None, "U9")
    assert people.update(zoe.id or 0, locations=["HARB"]).locations == frozenset({"HARB"})


@pytest.mark.parametrize(
    ("name", "role", "locations"),
    [
        ("Anna BELL", "staff", None),
        ("", "staff", None),
        ("Zoe", "boss", None),
        ("Zoe", "staff", []),
        ("Zoe", "staff", ["HIGH", "NOWHERE"]),
        ("Zoe", "staff", ["@scrap"]),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(
    people: People, store: Store, name: str, role: str, locations: list[str] | None
) -> None:
    before = (people.users(), len(store.audit.rows()))
    with pytest.raises(BooksError):
        people.add(name, role, locations=locations)
    assert (people.users(), len(store.audit.rows())) == before


def test_the_last_owner_stays(people: People) -> None:
    anna = number_of(people, "Anna")
    for change in ({"active": False}, {"role": "staff"}):
        with pytest.raises(BooksError, match="owner"):
            people.update(anna, **change)
    people.update(number_of(people, "Ben"), role="owner")
    assert people.update(anna, role="staff").role == "staff"


def test_nobody_can_be_changed_who_is_not_there(people: People) -> None:
    for change in (
        lambda: people.update(99, role="staff"),
        lambda: people.set_password(99, "long enough"),
        lambda: people.new_token(99, "personal"),
    ):
        with pytest.raises(BooksError):
            change()


def test_a_password_lets_in_its_owner_only(people: People, store: Store) -> None:
    people.set_password(number_of(people, "Anna"), "correct horse")
    user = people.check_password("anna bell", "correct horse")
    assert user is not None
    assert (user.name, user.has_account) == ("Anna Bell", True)
    for name, password in (
        ("Anna Bell", "correct horsf"),
        ("Anna Bell", ""),
        ("Anna", "correct horse"),
        ("Ben Osei", ""),
        ("Nobody", "correct horse"),
    ):
        assert people.check_password(name, password) is None
    with store.database.reading() as connection:
        kept = connection.execute(UserRow.__table__.select()).all()
    assert "correct horse" not in str(kept)


def test_two_with_the_same_password_have_different_hashes(people: People, store: Store) -> None:
    for name in ("Anna", "Ben"):
        people.set_password(number_of(people, name), "correct horse")
    with store.database.reading() as connection:
        hashes = {
            row.password_hash for row in connection.execute(UserRow.__table__.select()) if row.password_hash
        }
    assert len(hashes) == 2


def test_a_short_password_is_refused(people: People) -> None:
    with pytest.raises(BooksError, match="at least 8"):
        people.set_password(number_of(people, "Anna"), "1234567")


def test_a_wrong_name_takes_as_long_as_a_wrong_password(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools.store import passwords

    people.set_password(number_of(people, "Anna"), "correct horse")
    spent: list[object] = []
    stretch = passwords._scrypt
    monkeypatch.setattr(passwords, "_scrypt", lambda *figures: spent.append(figures[2:]) or stretch(*figures))
    people.check_password("Anna Bell", "wrong")
    people.check_password("Nobody", "wrong")
    people.check_password("Ben Osei", "wrong")
    assert len(spent) == 3
    assert len(set(spent)) == 1


def test_a_token_is_shown_once_and_kept_as_a_hash(people: People, store: Store) -> None:
    plain = people.new_token(number_of(people, "Ben"), "personal", "laptop", NOW + timedelta(days=1))
    assert len(plain) >= 43
    user = people.user_of_token(plain, "personal")
    assert user is not None
    assert (user.name, user.has_account) == ("Ben Osei", True)
    with store.database.reading() as connection:
        assert plain not in str(connection.execute(TokenRow.__table__.select()).all())
    assert plain not in str(store.audit.rows())


def test_a_token_is_good_for_its_kind_and_time_and_until_revoked(people: People, store: Store) -> None:
    ben = number_of(people, "Ben")
    plain = people.new_token(ben, "session", "web", NOW + timedelta(days=1))
    assert people.user_of_token(plain, "personal") is None
    assert people.user_of_token(plain + "x", "session") is None
    assert people.user_of_token("", "session") is None
    assert People(store.database, lambda: NOW + timedelta(days=1)).user_of_token(plain, "session") is None
    (token,) = people.tokens(ben)
    assert (token.kind, token.label, token.revoked) == ("session", "web", False)
    assert people.revoke(token.id)
    assert not people.revoke(token.id)
    assert people.user_of_token(plain, "session") is None


def test_signing_out_and_links_for_one_use(people: People) -> None:
    ben = number_of(people, "Ben")
    session = people.new_token(ben, "session")
    assert people.revoke_plain(session)
    assert people.user_of_token(session, "session") is None
    link = people.new_token(ben, "link", expires_at=NOW + timedelta(minutes=10))
    user = people.use_token(link, "link")
    assert user is not None
    assert user.name == "Ben Osei"
    assert people.use_token(link, "link") is None


def test_a_new_password_ends_the_old_sessions_but_not_the_personal_tokens(people: People) -> None:
    ben = number_of(people, "Ben")
    session, personal = people.new_token(ben, "session"), people.new_token(ben, "personal")
    people.set_password(ben, "correct horse")
    assert people.user_of_token(session, "session") is None
    assert people.user_of_token(personal, "personal") is not None


def test_who_has_no_access_any_more_gets_in_nowhere(people: People) -> None:
    ben = number_of(people, "Ben")
    people.set_password(ben, "correct horse")
    token = people.new_token(ben, "personal")
    people.update(ben, active=False)
    assert people.user_of_token(token, "personal") is None
    assert people.check_password("Ben Osei", "correct horse") is None
    assert people.find("Ben") is None
    gone = people.find("Ben Osei")
    assert gone is not None
    assert not gone.active
    with pytest.raises(BooksError):
        people.new_token(ben, "personal")


@pytest.mark.parametrize("first", ["password", "token"])
def test_names_alone_are_trusted_until_the_first_account_and_never_again(people: People, first: str) -> None:
    ben = number_of(people, "Ben")
    assert not people.has_accounts()
    if first == "password":
        people.set_password(ben, "correct horse")
    else:
        people.revoke_plain(people.new_token(ben, "personal"))
    people.update(ben, active=False)
    assert people.has_accounts()


def test_every_change_stands_in_the_audit_without_secrets(people: People, store: Store) -> None:
    zoe = people.add("Zoe Park", "staff", locations=["WH"], actor="Anna Bell", at=NOW).id or 0
    people.update(zoe, role="manager", actor="Anna Bell", at=NOW)
    people.set_password(zoe, "correct horse", actor="Zoe Park")
    token = people.new_token(zoe, "personal", "phone", actor="Zoe Park")
    people.revoke_plain(token, actor="Anna Bell")
    events = store.audit.rows(subject=f"user {zoe}")[::-1]
    assert [(event.actor, event.action) for event in events] == [
        ("Anna Bell", "user added"),
        ("Anna Bell", "user changed"),
        ("Zoe Park", "password set"),
        ("Zoe Park", "token made"),
        ("Anna Bell", "token revoked"),
    ]
    assert json.loads(events[0].detail) == {"name": "Zoe Park", "role": "staff", "locations": ["WH"]}
    assert all(event.at == NOW for event in events)
    assert "horse" not in str(events)
    assert store.audit.verify() is None

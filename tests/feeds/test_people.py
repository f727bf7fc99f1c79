"""What a list of people may not do: give access back, or leave the shop without an owner."""

from __future__ import annotations

from pathlib import Path

from tests.feeds.folders import AT, bring, folder, only
from tools.store import Store

USERS = "name,role,slack_id,telegram_id\nAnna,owner,U1,\nTom,staff,,99\n"


def test_whoever_lost_their_access_does_not_get_it_back_by_an_old_file(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    tom = store.people.find("Tom")
    assert tom
    store.people.update(tom.id or 0, active=False, at=AT)
    report = bring(store, only(tmp_path / "again", users=USERS.replace("staff", "manager")))
    assert report.state == "applied"
    found = store.people.find("Tom")
    assert found
    assert (found.active, found.role) == (False, "manager")


def test_whoever_got_it_back_keeps_it(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    tom = store.people.find("Tom")
    assert tom
    for active in (False, True):
        store.people.update(tom.id or 0, active=active, at=AT)
    bring(store, only(tmp_path / "again", users=USERS.replace("staff", "manager")))
    assert [user.active for user in store.people.users()] == [True, True]


def test_no_file_leaves_the_shop_without_an_owner(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    report = bring(store, only(tmp_path / "again", users=USERS.replace("owner", "staff")))
    assert report.state == "refused"
    assert "owner" in report.refused[0].expected
    assert [user.role for user in store.people.users()] == ["owner", "staff"]


def test_an_old_file_does_not_pair_again_what_was_unpaired_or_paired_anew(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    people = store.people
    anna, tom = people.find("Anna"), people.find("Tom")
    assert anna
    assert tom
    assert people.of_slack("U1")
    people.pairing.unpair(anna.id or 0, "slack", at=AT)
    people.pairing.pair("telegram", "100", people.pairing.new_code(tom.id or 0, at=AT), at=AT)
    report = bring(store, only(tmp_path / "again", users=USERS.replace("staff", "manager")))
    assert report.state == "applied"
    assert people.of_slack("U1") is None
    assert people.of_telegram("99") is None
    found = people.of_telegram("100")
    assert found
    assert (found.name, found.role) == ("Tom", "manager")


def test_an_identity_that_an_owner_took_out_on_the_page_stays_out(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    anna = store.people.find("Anna")
    assert anna
    store.people.update(anna.id or 0, slack_id="", at=AT)
    bring(store, only(tmp_path / "again", users=USERS.replace("staff", "manager")))
    assert store.people.of_slack("U1") is None


def test_a_file_pairs_whom_nobody_paired_by_hand(store: Store, tmp_path: Path):
    bring(store, folder(tmp_path / "shop"))
    bring(store, only(tmp_path / "again", users=USERS.replace("U1", "U2")))
    assert store.people.of_slack("U2")
    assert store.people.of_slack("U1") is None

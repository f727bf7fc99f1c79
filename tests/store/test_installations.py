"""Slack workspaces: their consent is kept, replaced and forgotten; installs and events count once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.shop import NOW
from tools.store.installations import EVENT_LIFE, STATE_LIFE, Installations, SlackInstallation


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def installations(store, clock):
    return Installations(store.database, lambda: clock[0])


def consent(team="T1", enterprise="", token="xoxb-1"):  # noqa: S107 - no secret
    return SlackInstallation(enterprise, team, token, NOW, team_name="Shop", bot_user_id="U1")


def test_a_workspaces_consent_is_kept_and_a_newer_one_replaces_it(installations):
    installations.save(consent())
    installations.save(consent(token="xoxb-2"))
    installations.save(consent(team="T2"))
    assert installations.find("", "T1").bot_token == "xoxb-2"
    assert [one.team_id for one in installations.every()] == ["T1", "T2"]
    assert installations.find("", "T3") is None


def test_an_organisations_consent_holds_for_its_workspaces(installations):
    installations.save(consent(team="", enterprise="E1", token="xoxb-org"))
    assert installations.find("E1", "T9").bot_token == "xoxb-org"
    assert installations.find("E2", "T9") is None
    assert installations.find("", "") is None


def test_a_workspace_that_leaves_is_forgotten(installations):
    installations.save(consent())
    installations.save(consent(team="", enterprise="E1"))
    assert installations.remove("", "T1")
    assert not installations.remove("", "T1")
    assert not installations.remove("", "")
    assert installations.remove("E1", "")
    assert installations.every() == []


def test_an_install_counts_once_and_not_for_long(installations, clock):
    first, second = installations.begin(), installations.begin()
    assert installations.complete(first)
    assert not installations.complete(first)
    assert not installations.complete("made up \x00")
    clock[0] += STATE_LIFE + timedelta(seconds=1)
    assert not installations.complete(second)


def test_an_answered_event_is_remembered_for_days(installations, clock):
    assert not installations.was_told("Ev1")
    installations.told("Ev1")
    installations.told("Ev1")
    assert installations.was_told("Ev1")
    assert not installations.was_told("Ev2 \x00 \ud800")
    clock[0] += EVENT_LIFE + timedelta(seconds=1)
    installations.told("Ev3")
    assert not installations.was_told("Ev1")


def test_a_token_is_not_shown_by_accident(installations):
    assert "xoxb" not in repr(consent())

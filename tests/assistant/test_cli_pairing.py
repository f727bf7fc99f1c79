"""``quartermaster user pair`` and ``unpair``, as typed in a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing

import pytest
from typer.testing import CliRunner, Result

from assistant.cli.users import users
from connectors.chat.links import remember_bot
from tests.shop import tiny_shop
from tools.store import BooksError, open_store

Run = Callable[..., Result]


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """One ``quartermaster user`` command over the tiny shop."""
    for name in ("SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with closing(open_store(url)) as store:
        tiny_shop(store)
    return lambda *words: CliRunner().invoke(users, [*words, "--shop-db", url])


def test_the_code_that_is_printed_pairs_the_person(run: Run, url: str) -> None:
    printed = run("pair", "Ben")
    assert printed.exit_code == 0
    code = printed.stdout.split()[0]
    assert re.fullmatch(r"\w{4}-\w{4}", code)
    assert f"pair {code}" in printed.stdout
    assert f"/start {code}" in printed.stdout
    assert "quartermaster setup" in printed.stdout
    with closing(open_store(url)) as store:
        store.people.pairing.pair("slack", "U7", code)
        assert store.people.of_slack("U7") == store.people.find("Ben")
    assert "Ben Osei  manager  all places  no account  Slack" in run("list").stdout


def test_the_link_is_printed_once_the_bot_is_known(run: Run, url: str) -> None:
    with closing(open_store(url)) as store:
        remember_bot(store, "moor_mill_bot")
    printed = run("pair", "Ben").stdout
    assert f"https://t.me/moor_mill_bot?start={printed.split()[0].replace('-', '')}" in printed


def test_unpairing_says_what_came_of_it(run: Run, url: str) -> None:
    assert run("unpair", "Tom", "slack").stdout == "Tom Reed is not paired in Slack any more.\n"
    assert run("unpair", "Tom", "slack").stdout == "Tom Reed was not paired in Slack.\n"
    with closing(open_store(url)) as store:
        assert store.people.of_slack("U0TOM") is None
    assert isinstance(run("unpair", "Tom", "fax").exception, BooksError)

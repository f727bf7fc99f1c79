"""Doctor names each fault with its mend: every fault is provoked here, against stand-ins that speak HTTP."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from sqlalchemy import text, update

from assistant.alerts import report_fault
from assistant.cli import checks
from assistant.cli.asking import ask_telegram
from assistant.cli.checks import findings
from assistant.cli.checks_slack import wanted_scopes
from assistant.cli.checks_telegram import TROUBLE_KEY
from assistant.cli.faults import all_faults
from assistant.settings import Settings
from tests.assistant.chat_apis import APP_TOKEN, BOT_TOKEN, TELEGRAM_TOKEN, ChatApis, chat_apis
from tests.shop import ANNA, NOW, tiny_shop
from tools.kit.manners import CAP, QUIET, tell
from tools.store import Finding, MuteAlerts, Store, open_store
from tools.store.incidents_facts import Letter
from tools.store.outbox import LEADER
from tools.store.outbox_queue import OUTBOX
from tools.store.tables import UserRow

SECRETS = frozenset(
    {
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_secret",
        "telegram_bot_token",
        "telegram_webhook_secret",
    }
)
NAMES = [
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_API_URL",
    "TELEGRAM_WEBHOOK_URL",
    "TELEGRAM_WEBHOOK_SECRET",
    "PUBLIC_URL",
]
SECRET = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def apis() -> Iterator[ChatApis]:
    """One server for all; each test gets it as on its first day."""
    with chat_apis() as served:
        yield served


class Shop(NamedTuple):
    """A shop that is all well, to be broken in one way."""

    apis: ChatApis
    store: Store
    folder: Path

    def settings(self, **changed: Any) -> Settings:
        given: dict[str, Any] = {
            "database_url": self.store.url,
            "data": self.folder,
            "time_zone": "UTC",
            "slack_bot_token": BOT_TOKEN,
            "slack_app_token": APP_TOKEN,
            "slack_api_url": f"{self.apis.url}/api",
            "telegram_bot_token": TELEGRAM_TOKEN,
            "telegram_api_url": self.apis.url,
            **changed,
        }
        kept = {name: SecretStr(value) if name in SECRETS else value for name, value in given.items()}
        return Settings(**kept)

    def bad(self, **changed: Any) -> list[Finding]:
        return [found for found in findings(self.settings(**changed)) if not found.ok]


@pytest.fixture
def shop(apis: ChatApis, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Anna is the owner, paired in both chats; nothing is wrong."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"QUARTERMASTER_{name}", raising=False)
    monkeypatch.setattr(checks, "_model", lambda _store: ())
    apis.__init__(apis.url, scopes=",".join(wanted_scopes(socket=True)))  # type: ignore[misc]
    with closing(open_store(sqlite_url)) as store:
        tiny_shop(store)
        yield Shop(apis, store, tmp_path / "data")


def test_a_shop_where_all_is_well_has_no_fault(shop: Shop) -> None:
    told = list(findings(shop.settings()))
    assert [found for found in told if not found.ok] == []
    said = " ".join(found.what for found in told)
    assert "Slack knows the bot: Moor & Mill" in said
    assert "@moor_mill_bot" in said
    assert "The clock agrees with Slack's" in said


def test_a_shop_without_chats_has_no_fault(shop: Shop) -> None:
    assert shop.bad(slack_bot_token="", slack_app_token="", telegram_bot_token="") == []


def says(**answer: Any) -> Callable[[Shop], None]:
    """Breaks the shop so that a method of the chats answers something else."""
    method = answer.pop("method")
    return lambda shop: shop.apis.answers.update({method: {"ok": False, **answer}})


def webhook(**info: Any) -> Callable[[Shop], None]:
    def breaks(shop: Shop) -> None:
        told = {name: value() if callable(value) else value for name, value in info.items()}
        result = {"url": "", "pending_update_count": 0, **told}
        shop.apis.answers.update({"getWebhookInfo": {"ok": True, "result": result}})

    return breaks


def unpaired(*chats: str) -> Callable[[Shop], None]:
    def breaks(shop: Shop) -> None:
        for user in shop.store.people.users():
            for chat in chats:
                shop.store.people.pairing.unpair(user.id or 0, chat)

    return breaks


def only_staff_paired(shop: Shop) -> None:
    unpaired("slack", "telegram")(shop)
    tom, ben = shop.store.people.find("Tom"), shop.store.people.find("Ben")
    assert tom is not None
    assert ben is not None
    shop.store.people.update(tom.id or 0, slack_id="U1")
    shop.store.people.update(ben.id or 0, telegram_id="77")


def twice(shop: Shop) -> None:
    with shop.store.database.writing() as connection:
        connection.execute(update(UserRow).where(UserRow.name == "Ben Osei").values(slack_id="U0TOM"))


def no_owner(shop: Shop) -> None:
    with shop.store.database.writing() as connection:
        connection.execute(update(UserRow).where(UserRow.role == "owner").values(role="manager"))


def guessed(shop: Shop) -> None:
    for number in range(5):
        shop.store.people.pairing.pair("telegram", f"{9000 + number}", "2222-2222")


def newer(shop: Shop) -> None:
    with shop.store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def anna_off(shop: Shop) -> None:
    anna = shop.store.people.find("Anna")
    assert anna is not None
    tell(shop.store, anna, on=False, actor=ANNA, at=NOW)


def everything_muted(shop: Shop) -> None:
    shop.store.apply(MuteAlerts(everybody=True), ANNA, request_id="quiet", at=datetime.now(UTC))


def chosen(key: str, value: str) -> Callable[[Shop], None]:
    return lambda shop: shop.store.settings.set(key, value)


def watch_failed(shop: Shop) -> None:
    report_fault(shop.store, "watch.failed", "stock.low", "I can't look at stock.low")


def noted(trouble: str) -> Callable[[Shop], None]:
    return lambda shop: shop.store.settings.set(TROUBLE_KEY, trouble)


def no_folder(shop: Shop) -> None:
    shop.folder.write_text("in the way")


def scopes_lost(shop: Shop) -> None:
    shop.apis.scopes = ",".join(wanted_scopes(socket=True) - {"chat:write", "files:write"})


def clock(seconds: float) -> Callable[[Shop], None]:
    return lambda shop: setattr(shop.apis, "ahead", seconds)


HTTP = {"slack_app_token": "", "slack_signing_secret": SECRET, "public_url": "https://shop.example"}
PUSHED = {"telegram_webhook_url": "https://shop.example/telegram/webhook"}
OURS = {"url": "https://shop.example/telegram/webhook"}


class Case(NamedTuple):
    """How a fault comes about, and words that name it; ``other`` are faults that come with it."""

    fault: str
    settings: Mapping[str, Any]
    breaks: Callable[[Shop], None] | None
    words: str
    other: frozenset[str] = frozenset()


CASES = [
    Case("folder", {}, no_folder, "cannot be written"),
    Case("clock.frozen", {"now": datetime(2026, 3, 16, 9, tzinfo=UTC)}, None, "frozen at 2026-03-16"),
    Case("clock.off", {}, clock(400), "seconds ahead of Slack's", frozenset({"clock.off"})),
    Case("clock.off", {}, clock(-90), "seconds behind Telegram's", frozenset({"clock.off"})),
    Case("books.closed", {"database_url": "sqlite:////nowhere/at/all.db"}, None, "do not open"),
    Case("books.closed", {"database_url": "oracle://x"}, None, "do not open"),
    Case("books.newer", {}, newer, "9999"),
    Case("slack.no_bot_token", {"slack_bot_token": ""}, None, "SLACK_BOT_TOKEN is missing"),
    Case("slack.bot_kind", {"slack_bot_token": APP_TOKEN}, None, "is an app-level token"),
    Case("slack.bot_kind", {"slack_bot_token": "xoxp-1"}, None, "is a user token"),
    Case("slack.revoked", {"slack_bot_token": "xoxb-gone"}, None, "invalid_auth"),
    Case("slack.revoked", {}, says(method="auth.test", error="account_inactive"), "account_inactive"),
    Case("slack.unreachable", {"slack_api_url": "http://127.0.0.1:9/api"}, None, "Slack cannot be reached"),
    Case("slack.unreachable", {"slack_api_url": "ftp://x"}, None, "has to begin with https://"),
    Case("slack.odd_answer", {}, says(method="auth.test", error="internal_error"), "internal_error"),
    Case("slack.scopes", {}, scopes_lost, "chat:write, files:write"),
    Case("slack.app_kind", {"slack_app_token": BOT_TOKEN}, None, "SLACK_APP_TOKEN is a bot token"),
    Case("slack.app_revoked", {"slack_app_token": "xapp-1-A0QM-gone"}, None, "app token: invalid_auth"),
    Case("slack.app_scope", {}, says(method="apps.connections.open", error="missing_scope"), "open connections"),
    Case("slack.socket_off", {}, says(method="apps.connections.open", error="socket_mode_off"), "Socket Mode"),
    Case("slack.two_apps", {}, lambda shop: shop.apis.answers.update({"bots.info": {"ok": True, "bot": {"app_id": "A0OLD"}}}), "A0OLD"),
    Case("slack.no_way_in", {"slack_app_token": ""}, None, "no way to send events"),
    Case("slack.both_ways", {"slack_signing_secret": SECRET}, None, "Both SLACK_APP_TOKEN"),
    Case("slack.secret_form", {**HTTP, "slack_signing_secret": "short"}, None, "5 characters"),
    Case("slack.public_url", {**HTTP, "public_url": ""}, None, "PUBLIC_URL is not set"),
    Case("slack.public_url", {**HTTP, "public_url": "http://shop.example"}, None, "http://shop.example"),
    Case("slack.oauth_half", {"slack_client_id": "1.2"}, None, "Only one of SLACK_CLIENT_ID"),
    Case("telegram.form", {"telegram_bot_token": "7000001"}, None, "has not the form"),
    Case("telegram.revoked", {"telegram_bot_token": "7000001:another-token-altogether"}, None, "Unauthorized"),
    Case("telegram.unreachable", {"telegram_api_url": "http://127.0.0.1:9"}, None, "cannot be reached"),
    Case("telegram.odd_answer", {}, says(method="getMe", description="Bad Gateway"), "Bad Gateway"),
    Case("telegram.webhook_left", {}, webhook(url="https://old.example/hook"), "old.example"),
    Case("telegram.webhook_other", PUSHED, webhook(url="https://old.example/hook"), "old.example"),
    Case("telegram.webhook_other", PUSHED, webhook(), "nowhere"),
    Case("telegram.webhook_error", PUSHED, webhook(**OURS, last_error_date=lambda: int(time()) - 310, last_error_message="SSL error"), "5 minutes ago: SSL error"),
    Case("telegram.webhook_waiting", PUSHED, webhook(**OURS, pending_update_count=101), "101 messages wait"),
    Case("telegram.webhook_address", {"telegram_webhook_url": "http://shop.example"}, webhook(url="https://shop.example"), "https://"),
    Case("telegram.webhook_address", {"telegram_webhook_url": "https://192.168.0.4/x"}, webhook(url="https://192.168.0.4/x"), "of this network only"),
    Case("telegram.webhook_address", {"telegram_webhook_url": "https://shop.example:9000"}, webhook(url="https://shop.example:9000"), "port 9000"),
    Case("telegram.webhook_address", {"telegram_webhook_url": "https://shop.example:x"}, webhook(url="https://shop.example:x"), "no address"),
    Case("telegram.secret_weak", {**PUSHED, "telegram_webhook_secret": "hunter2"}, webhook(**OURS), "7 characters"),
    Case("telegram.secret_weak", {**PUSHED, "telegram_webhook_secret": "a b" * 20}, webhook(**OURS), "does not take"),
    Case("telegram.other_poller", {}, noted("Another program fetches this bot's messages; stop it."), "Another program"),
    Case("telegram.trouble", {}, noted("Telegram cannot be reached: timed out"), "timed out"),
    Case("people.no_owner", {}, no_owner, "no owner", frozenset({"people.owner"})),
    Case("people.nobody", {}, unpaired("slack"), "Nobody is paired with Slack"),
    Case("people.owner", {}, only_staff_paired, "No owner can be reached in Slack or Telegram"),
    Case("people.twice", {}, twice, "Ben Osei and Tom Reed have the same Slack"),
    Case("alerts.off", {}, anna_off, "Alerts are off for everybody"),
    Case("alerts.unreadable", {}, chosen(QUIET, "at night"), "not 'at night'"),
    Case("alerts.none_a_day", {}, chosen(CAP, "0"), "No message a day"),
    Case("alerts.muted", {}, everything_muted, "Anna Bell muted every alert for everybody for good"),
    Case("alerts.failing", {}, watch_failed, "watch.failed (stock.low)"),
    Case("app.gone", {}, chosen(f"{LEADER}watches", "7-ab 2026-03-16T09:00:00+00:00"), "since 16 Mar 09:00 UTC"),
    Case("travel.silent", {"travel_url": "http://127.0.0.1:9"}, None, "roads by OSRM: no answer"),
    Case("people.guessing", {}, guessed, "5 wrong pairing codes"),
]  # fmt: skip
ELSEWHERE = {"disk.full", "disk.low", "zone.guessed", "slack.secret_test", "model"}


@pytest.mark.parametrize("case", CASES, ids=[f"{case.fault}-{case.words[:20]}" for case in CASES])
def test_each_fault_is_named_alone_with_its_mend(shop: Shop, case: Case) -> None:
    if case.breaks is not None:
        case.breaks(shop)
    bad = shop.bad(**case.settings)
    assert case.words in " ".join(found.what for found in bad)
    named = {key for found in bad for key in all_faults() if is_fault(found, key)}
    assert case.fault in named
    assert named <= {case.fault, *case.other}
    for found in bad:
        assert found.remedy
        assert "{" not in found.what + found.remedy
        for secret in (BOT_TOKEN, APP_TOKEN, TELEGRAM_TOKEN, SECRET):
            assert secret not in found.what + found.remedy


def is_fault(found: Finding, key: str) -> bool:
    """Whether the finding was made from this fault: its words with any figures."""
    words = re.sub(r"\\{\w+\\}", "(.*)", re.escape(all_faults()[key].what))
    return re.fullmatch(words, found.what) is not None


def test_every_fault_of_the_table_is_provoked_by_a_test() -> None:
    assert {case.fault for case in CASES} | ELSEWHERE == set(all_faults())
    assert len(all_faults()) >= 25


def test_the_page_for_owners_has_every_fault_and_its_mend() -> None:
    page = (Path(__file__).parents[2] / "docs" / "setup.md").read_text(encoding="utf-8")
    for key, (what, mend) in all_faults().items():
        row = re.sub(r"\{(\w+)\}", r"*\1*", f"| {what} | {mend} |")
        assert row in page, f"{key}: run quartermaster docs"


@pytest.mark.parametrize(("free", "words"), [(50, "is full: 50 MB"), (500, "nearly full: 500 MB")])
def test_a_full_disk_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch, free: int, words: str) -> None:
    usage = shutil.disk_usage(shop.folder.parent)._replace(free=free * 1024**2)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert words in " ".join(found.what for found in shop.bad())


def test_a_zone_that_nobody_set_is_named_where_the_machine_runs_on_another(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time as clocks

    monkeypatch.setenv("TZ", "Asia/Tokyo")
    clocks.tzset()
    try:
        given = shop.settings()
        given.model_fields_set.discard("time_zone")
        bad = [found.what for found in findings(given) if not found.ok]
    finally:
        monkeypatch.undo()
        clocks.tzset()
    assert bad == ["No time zone is set: days begin and end by UTC, this machine runs on Asia/Tokyo"]


def test_an_understanding_that_does_not_load_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise OSError("encoder.onnx is missing")

    monkeypatch.undo()
    monkeypatch.setattr(checks, "load_parser", missing)
    assert "encoder.onnx is missing" in " ".join(found.what for found in shop.bad())


def test_a_signing_secret_that_signs_nothing_is_named(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from slack_sdk.signature import SignatureVerifier

    monkeypatch.setattr(SignatureVerifier, "is_valid_request", lambda *_: False)
    assert "our own signature was refused" in " ".join(found.what for found in shop.bad(**HTTP))


def test_http_with_a_good_secret_has_no_fault(shop: Shop) -> None:
    shop.apis.scopes = ",".join(wanted_scopes(socket=False))
    assert shop.bad(**HTTP) == []


def test_the_books_that_differ_are_named_by_their_own_check(shop: Shop) -> None:
    with shop.store.database.writing() as connection:
        connection.execute(text("UPDATE stock_balance SET quantity = quantity + 1000"))
    assert any("rebuild" in found.remedy for found in shop.bad())


def test_messages_that_could_not_be_sent_or_wait_are_named(shop: Shop) -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    letters = [
        Letter(f"k{number}", "brief", "Anna Bell", long_ago, chat, "U1", "{}")
        for number, chat in enumerate(("slack", "telegram"))
    ]
    shop.store.outbox.post(letters, long_ago)
    with shop.store.database.writing() as connection:
        dead = update(OUTBOX).where(OUTBOX.c.channel == "slack")
        connection.execute(dead.values(state="dead", error="channel_not_found"))
    bad = {found.what: found.remedy for found in shop.bad()}
    assert any(
        "1 messages in Slack could not be sent" in what and "channel_not_found" in what for what in bad
    )
    assert any("1 messages wait for Telegram" in what for what in bad)
    assert all(bad.values())


def test_the_exit_status_tells_whether_all_is_well(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert checks.doctor(shop.settings()) == 0
    assert checks.doctor(shop.settings(slack_bot_token="")) == 1
    told = capsys.readouterr().out
    assert "BAD  Slack is set up in part: SLACK_BOT_TOKEN is missing\n     -> Copy the Bot" in told
    assert TELEGRAM_TOKEN not in told


def test_an_answer_that_is_no_json_or_never_ends_is_no_crash(shop: Shop) -> None:
    for status in (200, 404, 500):
        shop.apis.status["getMe"] = status
        shop.apis.answers["getMe"] = []  # type: ignore[assignment]
        assert not ask_telegram(shop.settings(), "getMe", TELEGRAM_TOKEN).ok


def test_an_old_webhook_error_is_forgotten(shop: Shop) -> None:
    long_ago = int((datetime.now(UTC) - timedelta(hours=5)).timestamp())
    webhook(**OURS, last_error_date=long_ago, last_error_message="SSL error")(shop)
    assert shop.bad(**PUSHED) == []

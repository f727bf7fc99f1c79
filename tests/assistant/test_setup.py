"""``quartermaster setup``: an owner is led through it, against stand-ins that speak Slack's and Telegram's protocols."""

from __future__ import annotations

import asyncio
import json
import re
import stat
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import web
from typer.testing import CliRunner

from assistant.cli import setup as cli
from assistant.cli.main import Trouble
from assistant.cli.setup import listen_in
from assistant.cli.setup_slack import create_link, set_up_slack
from assistant.cli.setup_steps import SetUp, write_secrets
from assistant.cli.setup_telegram import set_up_telegram
from assistant.settings import Settings
from tests.assistant.chat_apis import APP_TOKEN, BOT_TOKEN, TELEGRAM_TOKEN, ChatApis, chat_apis
from tests.chat.slack.people import Person as SlackPerson
from tests.chat.slack.people import Slack
from tests.chat.slack.server import SlackServer
from tests.chat.telegram.people import Person as TelegramPerson
from tests.chat.telegram.server import TOKEN as BOT_API_TOKEN
from tests.chat.telegram.server import BotApi
from tests.shop import NOW, tiny_shop
from tools.store import Store, open_store
from tools.store.tables import UserRow

CODE = re.compile(r"\b[2-9A-Y]{4}-[2-9A-Y]{4}\b")


@dataclass
class Owner:
    """Somebody who answers each question by its beginning, and says the code when it is shown."""

    answers: dict[str, list[str]]
    says: Callable[[str], object] = lambda _code: None
    heard: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)

    def step(self, title: str) -> None:
        self.steps.append(title)

    def say(self, text: str) -> None:
        self.heard.append(text)
        code = CODE.search(text)
        if code and "(for " in text:
            self.says(code[0])

    def ask(self, question: str, *, default: str = "", secret: bool = False) -> str:
        self.hidden |= {question} if secret else set()
        given = next(
            (given for start, given in self.answers.items() if question.startswith(start)), [default]
        )
        return given.pop(0) if len(given) > 1 else given[0]

    def confirm(self, question: str, *, default: bool) -> bool:
        return self.ask(question, default="y" if default else "n") == "y"

    @property
    def told(self) -> str:
        return "\n".join(self.heard)


@contextmanager
def loop_in_a_thread() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """Runs coroutines in an event loop of its own; the function waits for their results."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield lambda work: asyncio.run_coroutine_threadsafe(work, loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The tiny shop, nobody paired."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "TELEGRAM_BOT_TOKEN", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    with closing(open_store(sqlite_url, clock=lambda: NOW)) as opened:
        tiny_shop(opened)
        for user in opened.people.users():
            for chat in ("slack", "telegram"):
                opened.people.pairing.unpair(user.id or 0, chat)
        yield opened


@pytest.fixture(scope="module")
def apis() -> Iterator[ChatApis]:
    """Token checks only."""
    with chat_apis() as served:
        yield served


def settings_of(store: Store, folder: Path, **more: Any) -> Settings:
    return Settings(database_url=store.url, data=folder, time_zone="UTC", **more)


def nobody_listens(_settings: Settings, _store: Store, _over: Callable[[], bool]) -> bool:
    return False


def test_telegram_from_the_token_to_the_test_message(store: Store, tmp_path: Path) -> None:
    api = BotApi()

    async def start() -> web.AppRunner:
        runner = web.AppRunner(api.app(), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return runner

    with loop_in_a_thread() as run:
        runner = run(start())
        host, port = runner.addresses[0][:2]

        async def start_bot(code: str) -> None:
            TelegramPerson(api, 5101, "Anna").say(f"/start {code.replace('-', '')}")

        anna = Owner({"Bot token": ["nonsense", "7000001:some-other-bots-token", BOT_API_TOKEN]})
        anna.says = lambda code: run(start_bot(code))
        settings = settings_of(store, tmp_path, telegram_api_url=f"http://{host}:{port}")
        set_up_telegram(SetUp("telegram", anna, settings, store, listen_in("telegram")))
        run(runner.cleanup())
    assert "✗ TELEGRAM_BOT_TOKEN has not the form" in anna.told
    assert "✗ Telegram does not know the bot token: Unauthorized" in anna.told
    assert "✓ Telegram knows it: @quartermaster_bot." in anna.told
    assert re.search(r"https://t\.me/quartermaster_bot\?start=\w{8}\b", anna.told)
    assert "✓ You are Anna Bell in Telegram." in anna.told
    assert store.people.of_telegram("5101") == store.people.find("Anna")
    texts = [message["text"] for (chat, _), message in api.messages.items() if chat == 5101]
    assert any(text.startswith("Hello Anna, this is Quartermaster.") for text in texts)
    assert not list(tmp_path.glob("*.env"))
    assert api.wrong == []
    assert BOT_API_TOKEN not in anna.told


def test_slack_from_the_manifest_to_the_test_message(store: Store, tmp_path: Path) -> None:
    server = SlackServer()
    with loop_in_a_thread() as run:
        run(server.start())

        async def say(code: str) -> None:
            await server.connected(30)
            person = SlackPerson(Slack(server, None, None), "U0NEW")  # type: ignore[arg-type]
            await server.deliver("events_api", person.message(f"pair {code}"))

        later: list[threading.Thread] = []

        def says(code: str) -> None:  # the socket opens only after the code was shown
            later.append(threading.Thread(target=lambda: run(say(code))))
            later[-1].start()

        anna = Owner({"Bot token": ["xapp-1-not-this-one", "xoxb-home"], "App token": ["xapp-home"]}, says)
        settings = settings_of(store, tmp_path, slack_api_url=server.api)
        set_up_slack(SetUp("slack", anna, settings, store, listen_in("slack")))
        later[0].join(10)
        run(server.stop())
    assert "✗ SLACK_BOT_TOKEN is an app-level token." in anna.told
    assert "✓ You are Anna Bell in Slack." in anna.told
    assert store.people.of_slack("U0NEW") == store.people.find("Anna")
    assert "Hello Anna, this is Quartermaster." in server.of("chat.postMessage")[-1]["text"]
    assert server.problems == []
    assert "xoxb-home" not in anna.told


def test_the_secrets_are_written_only_when_told_and_for_their_owner_alone(
    store: Store, apis: ChatApis, tmp_path: Path
) -> None:
    answers = {"Bot token": [BOT_TOKEN], "App token": [APP_TOKEN], "Write them to": ["y"]}
    anna = Owner(answers)
    settings = settings_of(store, tmp_path, slack_api_url=f"{apis.url}/api")
    set_up_slack(SetUp("slack", anna, settings, store, nobody_listens))
    file = tmp_path / "quartermaster.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_text() == f"SLACK_BOT_TOKEN={BOT_TOKEN}\nSLACK_APP_TOKEN={APP_TOKEN}\n"
    assert "✗ Nobody said the code" in anna.told
    assert BOT_TOKEN not in anna.told
    again = Owner({**answers, "Bot token": [TELEGRAM_TOKEN]})
    telegram = settings_of(store, tmp_path, telegram_api_url=apis.url)
    set_up_telegram(SetUp("telegram", again, telegram, store, nobody_listens))
    assert file.read_text().splitlines()[-1] == f"TELEGRAM_BOT_TOKEN={TELEGRAM_TOKEN}"
    assert len(file.read_text().splitlines()) == 3


def test_what_stands_in_the_file_stays_and_a_new_value_takes_the_place_of_the_old(tmp_path: Path) -> None:
    file = tmp_path / "quartermaster.env"
    file.write_text("# ours\nOTHER=1\nexport SLACK_BOT_TOKEN=old\nQUARTERMASTER_SLACK_BOT_TOKEN=older\n")
    file.chmod(0o644)
    write_secrets(file, {"SLACK_BOT_TOKEN": "xoxb-new"})
    assert file.read_text() == "# ours\nOTHER=1\nSLACK_BOT_TOKEN=xoxb-new\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("value", ["a b", "x\ny=1", "$(rm)", "'", "`id`", "é"])
def test_a_value_that_a_shell_would_read_otherwise_is_not_written(tmp_path: Path, value: str) -> None:
    with pytest.raises(Trouble, match="characters that no token has"):
        write_secrets(tmp_path / "x.env", {"SLACK_BOT_TOKEN": value})
    assert not (tmp_path / "x.env").exists()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    with pytest.raises(Trouble, match="can't be written"):
        write_secrets(tmp_path / "in the way" / "x.env", {"SLACK_BOT_TOKEN": "xoxb-1"})


def test_five_wrong_tokens_end_it(store: Store, apis: ChatApis, tmp_path: Path) -> None:
    anna = Owner({"Bot token": ["xoxb-wrong"]})
    settings = settings_of(store, tmp_path, slack_api_url=f"{apis.url}/api")
    with pytest.raises(Trouble, match="run the command again"):
        set_up_slack(SetUp("slack", anna, settings, store, nobody_listens))
    assert anna.told.count("✗ Slack does not accept the bot token: invalid_auth.") == 5


def test_missing_rights_are_named_before_anything_is_kept(
    store: Store, apis: ChatApis, tmp_path: Path
) -> None:
    apis.scopes = "chat:write,commands"
    anna = Owner({"Bot token": [BOT_TOKEN]})
    settings = settings_of(store, tmp_path, slack_api_url=f"{apis.url}/api")
    try:
        with pytest.raises(Trouble):
            set_up_slack(SetUp("slack", anna, settings, store, nobody_listens))
    finally:
        apis.scopes = ""
    assert "✗ The Slack app lacks rights: app_mentions:read" in anna.told


def test_over_http_the_manifest_has_the_public_address(store: Store, apis: ChatApis, tmp_path: Path) -> None:
    answers = {
        "Socket Mode or HTTP": ["http"],
        "Public address": ["http://no", "https://shop.example/"],
        "Bot token": [BOT_TOKEN],
        "Signing secret": ["short", "0123456789abcdef" * 2],
    }
    anna = Owner(answers)
    settings = settings_of(store, tmp_path, slack_api_url=f"{apis.url}/api")
    set_up_slack(SetUp("slack", anna, settings, store, nobody_listens))
    assert "PUBLIC_URL is http://no" in anna.told
    assert "5 characters instead of 32" in anna.told
    manifest = manifest_in(next(line for line in anna.heard if line.startswith("https://api.slack.com")))
    assert manifest["settings"]["event_subscriptions"]["request_url"].startswith("https://shop.example/")
    assert "quartermaster.example" not in json.dumps(manifest)
    assert anna.hidden == {"Bot token", "Signing secret"}


def manifest_in(link: str) -> dict[str, Any]:
    return json.loads(parse_qs(urlsplit(link).query)["manifest_json"][0])


def test_the_link_holds_the_whole_manifest_and_fits_an_address_bar() -> None:
    link = create_link(socket=True)
    assert manifest_in(link)["settings"]["socket_mode_enabled"] is True
    assert len(link) < 8_000


def test_a_shop_without_an_owner_gets_one(store: Store, apis: ChatApis, tmp_path: Path) -> None:
    with store.database.writing() as connection:
        connection.execute(UserRow.__table__.update().values(role="staff"))  # type: ignore[attr-defined]
    zoe = Owner({"Bot token": [TELEGRAM_TOKEN], "The shop has no owner": ["Zoe Park"]})
    settings = settings_of(store, tmp_path, telegram_api_url=apis.url)
    set_up_telegram(SetUp("telegram", zoe, settings, store, nobody_listens))
    found = store.people.find("Zoe Park")
    assert found is not None
    assert found.role == "owner"


def test_one_of_several_owners_says_who(store: Store, apis: ChatApis, tmp_path: Path) -> None:
    store.people.add("Ola Berg", "owner")
    ola = Owner({"Bot token": [TELEGRAM_TOKEN], "Which owner are you": ["Ola"]})
    settings = settings_of(store, tmp_path, telegram_api_url=apis.url)
    set_up_telegram(SetUp("telegram", ola, settings, store, nobody_listens))
    assert "(for Ola Berg, 10 minutes, one use)" in ola.told
    tom = Owner({"Bot token": [TELEGRAM_TOKEN], "Which owner are you": ["Tom"]})
    with pytest.raises(Trouble, match="none of Anna Bell, Ola Berg"):
        set_up_telegram(SetUp("telegram", tom, settings, store, nobody_listens))


def test_it_is_a_command_of_the_terminal(
    store: Store, apis: ChatApis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "listen_in", lambda _chat: nobody_listens)
    monkeypatch.setenv("QUARTERMASTER_DATA", str(tmp_path))
    monkeypatch.setenv("TELEGRAM_API_URL", apis.url)
    typed = f"7000001\n{TELEGRAM_TOKEN}\ny\n"
    ran = CliRunner().invoke(cli.setup, ["telegram", "--shop-db", store.url], input=typed)
    assert ran.exit_code == 0, ran.output
    assert "1. The bot in Telegram" in ran.output
    assert "2. Where the secrets are kept" in ran.output
    assert TELEGRAM_TOKEN not in ran.output
    assert (tmp_path / "quartermaster.env").read_text() == f"TELEGRAM_BOT_TOKEN={TELEGRAM_TOKEN}\n"

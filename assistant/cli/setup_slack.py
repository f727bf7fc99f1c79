"""``quartermaster setup slack``, step by step."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from assistant.cli.asking import ask_slack
from assistant.cli.checks_slack import (
    SECRET,
    app_trouble,
    kind_of,
    signing_trouble,
    slack_trouble,
    wanted_scopes,
)
from assistant.cli.faults import fault
from assistant.cli.main import Trouble
from assistant.cli.setup_steps import SetUp, ask_until_right, identity, keep, pair, the_owner
from assistant.settings import Settings
from tools.store import Finding, User

CREATE = "https://api.slack.com/apps?new_app=1&manifest_json="
PLACEHOLDER = "https://quartermaster.example"
HELLO = "Hello {name}, this is Quartermaster. Ask me about the stock, for example: what is running low?"


def set_up_slack(setup: SetUp) -> None:
    """Make the app, take its tokens, pair the owner, say hello.

    Raises:
        Trouble: a step could not be done.
    """
    terminal = setup.terminal
    terminal.step("The way in")
    terminal.say(
        "Socket Mode needs no public address: the app opens a connection to Slack. Take it if unsure."
    )
    socket = terminal.ask("Socket Mode or HTTP?", default="socket").strip().lower() != "http"
    address = "" if socket else _address(setup)
    terminal.step("The app in Slack")
    terminal.say("Open this link, choose your workspace, and press Create; then Install to Workspace:")
    terminal.say(create_link(socket=socket, address=address))
    values = {"SLACK_BOT_TOKEN": _bot_token(setup, socket=socket)}
    values |= _socket(setup) if socket else {**_secret(setup), "PUBLIC_URL": address}
    keep(setup, values)
    ready = SetUp(setup.chat, terminal, with_values(setup.settings, values), setup.store, setup.listen)
    owner = pair(ready, the_owner(ready))
    if owner is not None:
        say_hello(ready, owner)
    terminal.say("Done. Start the app: quartermaster serve. Look after it: quartermaster doctor.")


def create_link(*, socket: bool, address: str = "") -> str:
    """The link that makes the app from our manifest; over HTTP with the address where Slack finds us."""
    name = "manifest.socket.json" if socket else "manifest.http.json"
    text = files("connectors.chat.slack").joinpath(name).read_text(encoding="utf-8")
    compact = json.dumps(json.loads(text.replace(PLACEHOLDER, address or PLACEHOLDER)), separators=(",", ":"))
    return CREATE + quote(compact, safe="")


def with_values(settings: Settings, values: dict[str, str]) -> Settings:
    """The settings as they will be once the environment has these."""
    fields: dict[str, Any] = {name.lower(): value for name, value in values.items()}
    known = type(settings).model_fields
    secret = {name: SecretStr(value) for name, value in fields.items() if known[name].annotation is SecretStr}
    return settings.model_copy(update={**fields, **secret})


def say_hello(setup: SetUp, owner: User) -> None:
    """Send the owner a message, as alerts will be."""
    setup.terminal.step("A test message")
    token = setup.settings.slack_bot_token.get_secret_value()
    member = identity(owner, "slack").rpartition(":")[2]
    text = HELLO.format(name=owner.name.split()[0])
    heard = ask_slack(setup.settings, "chat.postMessage", token, channel=member, text=text)
    wrong = slack_trouble(heard)
    told = f"✗ {wrong.what}. {wrong.remedy}" if wrong else "✓ A message is waiting for you in Slack."
    setup.terminal.say(told)


def _address(setup: SetUp) -> str:
    def wrong(given: str) -> Finding | None:
        return None if given.startswith("https://") and "." in given else fault("slack.public_url", url=given)

    given = setup.settings.public_url
    if given and wrong(given) is None:
        return given.rstrip("/")
    return ask_until_right(setup.terminal, "Public address (https://...)", wrong, secret=False).rstrip("/")


def _bot_token(setup: SetUp, *, socket: bool) -> str:
    def wrong(token: str) -> Finding | None:
        if not token.startswith("xoxb-"):
            return fault("slack.bot_kind", kind=kind_of(token))
        heard = ask_slack(setup.settings, "auth.test", token)
        missing = wanted_scopes(socket=socket) - heard.scopes
        if heard.ok and heard.scopes and missing:
            return fault("slack.scopes", missing=", ".join(sorted(missing)))
        return slack_trouble(heard)

    setup.terminal.step("The bot token")
    setup.terminal.say("In your app: OAuth & Permissions, Bot User OAuth Token. It begins with xoxb-.")
    token = ask_until_right(setup.terminal, "Bot token", wrong)
    setup.terminal.say("✓ Slack knows it.")
    return token


def _socket(setup: SetUp) -> dict[str, str]:
    def wrong(token: str) -> Finding | None:
        if not token.startswith("xapp-"):
            return fault("slack.app_kind", kind=kind_of(token))
        return app_trouble(ask_slack(setup.settings, "apps.connections.open", token))

    setup.terminal.step("The app token")
    setup.terminal.say(
        "In your app: Basic Information, App-Level Tokens, Generate, with the scope connections:write. "
        "It begins with xapp-."
    )
    token = ask_until_right(setup.terminal, "App token", wrong)
    setup.terminal.say("✓ Slack opens a connection for it.")
    return {"SLACK_APP_TOKEN": token}


def _secret(setup: SetUp) -> dict[str, str]:
    def wrong(secret: str) -> Finding | None:
        return None if SECRET.fullmatch(secret) else fault("slack.secret_form", length=len(secret))

    setup.terminal.step("The signing secret")
    setup.terminal.say("In your app: Basic Information, App Credentials, Signing Secret.")
    secret = ask_until_right(setup.terminal, "Signing secret", wrong)
    trouble = signing_trouble(secret)
    if trouble:
        raise Trouble(f"the signing secret does not work here: {trouble}")
    return {"SLACK_SIGNING_SECRET": secret}

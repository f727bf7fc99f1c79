"""Doctor's look at Slack: tokens, rights, the way in, the clock."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from importlib.resources import files

from assistant.cli.asking import Heard, ask_slack
from assistant.cli.checks_machine import check_clock
from assistant.cli.faults import fault
from assistant.settings import Settings
from tools.store import Finding

REVOKED = frozenset(
    {"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "no_permission"}
)
KINDS = {
    "xoxb-": "a bot token",
    "xoxp-": "a user token",
    "xapp-": "an app-level token",
    "xoxe": "a configuration token",
    "xoxa-": "an old workspace token",
}
SECRET = re.compile(r"[0-9a-f]{32}")
APP_IN_TOKEN = re.compile(r"xapp-\d+-([A-Z0-9]+)-")
SELF_TEST = b'{"type":"url_verification"}'


def check_slack(settings: Settings) -> Iterator[Finding]:
    """What is wrong with Slack, as far as it is set up."""
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    secret = settings.slack_signing_secret.get_secret_value()
    oauth = (settings.slack_client_id, settings.slack_client_secret.get_secret_value())
    if not any((bot, app, secret, *oauth)):
        yield Finding(True, "Slack is not set up (quartermaster setup slack)")
        return
    if bool(oauth[0]) != bool(oauth[1]):
        yield fault("slack.oauth_half")
    bot_app = yield from _bot(settings, bot, many=all(oauth))
    if app:
        yield from _socket(settings, app, bot_app)
    if secret:
        yield from _signing(settings, secret, socket=bool(app))
    if bot and not app and not secret:
        yield fault("slack.no_way_in")


def kind_of(token: str) -> str:
    """What sort of token it is, by how it begins."""
    return next((kind for start, kind in KINDS.items() if token.startswith(start)), "no token of Slack's")


def wanted_scopes(*, socket: bool) -> frozenset[str]:
    """The rights that our manifest asks for."""
    name = "manifest.socket.json" if socket else "manifest.http.json"
    manifest = json.loads(files("connectors.chat.slack").joinpath(name).read_text(encoding="utf-8"))
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])


def slack_trouble(heard: Heard) -> Finding | None:
    """Why a call with the bot token failed; None where it did not."""
    if heard.unreachable:
        return fault("slack.unreachable", why=heard.unreachable)
    if heard.error in REVOKED:
        return fault("slack.revoked", error=heard.error)
    return fault("slack.odd_answer", error=heard.error) if heard.error else None


def app_trouble(heard: Heard) -> Finding | None:
    """Why no Socket Mode connection was opened; None where one can be."""
    if heard.ok:
        return None
    if heard.unreachable:
        return fault("slack.unreachable", why=heard.unreachable)
    if heard.error == "not_allowed_token_type":
        return fault("slack.app_kind", kind="a token of another kind")
    if heard.error == "missing_scope":
        return fault("slack.app_scope", error=heard.error)
    if heard.error in REVOKED:
        return fault("slack.app_revoked", error=heard.error)
    return fault("slack.socket_off", error=heard.error)


def _bot(settings: Settings, token: str, *, many: bool) -> Generator[Finding, None, str]:
    """The bot token; returns the id of its app where Slack tells."""
    if not token:
        if not many:
            yield fault("slack.no_bot_token")
        return ""
    if not token.startswith("xoxb-"):
        yield fault("slack.bot_kind", kind=kind_of(token))
        return ""
    heard = ask_slack(settings, "auth.test", token)
    trouble = slack_trouble(heard)
    yield trouble or Finding(True, f"Slack knows the bot: {heard.data.get('team', 'one workspace')}")
    yield from check_clock(heard.ahead, "Slack")
    if trouble:
        return ""
    missing = wanted_scopes(socket=bool(settings.slack_app_token)) - heard.scopes
    if heard.scopes and missing:
        yield fault("slack.scopes", missing=", ".join(sorted(missing)))
    about = ask_slack(settings, "bots.info", token, bot=str(heard.data.get("bot_id", "")))
    return str((about.data.get("bot") or {}).get("app_id", "")) if about.ok else ""


def _socket(settings: Settings, token: str, bot_app: str) -> Iterator[Finding]:
    if not token.startswith("xapp-"):
        yield fault("slack.app_kind", kind=kind_of(token))
        return
    named = APP_IN_TOKEN.match(token)
    if named and bot_app and named[1] != bot_app:
        yield fault("slack.two_apps", bot=bot_app, app=named[1])
    trouble = app_trouble(ask_slack(settings, "apps.connections.open", token))
    yield trouble or Finding(True, "Slack opens Socket Mode connections")


def _signing(settings: Settings, secret: str, *, socket: bool) -> Iterator[Finding]:
    if socket:
        yield fault("slack.both_ways")
    elif not settings.public_url.startswith("https://"):
        yield fault("slack.public_url", url=settings.public_url or "not set")
    if not SECRET.fullmatch(secret):
        yield fault("slack.secret_form", length=len(secret))
        return
    why = signing_trouble(secret)
    yield fault("slack.secret_test", why=why) if why else Finding(True, "Signed requests are accepted")


def signing_trouble(secret: str) -> str:
    """Sign a request as Slack does and check it as this app does; "" where it is accepted."""
    from slack_sdk.signature import SignatureVerifier

    verifier = SignatureVerifier(secret)
    now = str(int(verifier.clock.now()))
    signature = verifier.generate_signature(timestamp=now, body=SELF_TEST)
    headers = {"x-slack-request-timestamp": now, "x-slack-signature": signature or ""}
    if not verifier.is_valid_request(SELF_TEST, headers):
        return "our own signature was refused"
    if verifier.is_valid_request(SELF_TEST + b" ", headers):
        return "a changed request was accepted"
    return ""

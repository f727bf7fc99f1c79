"""What the manifests ask of Slack is what the app uses, no more and no less."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from connectors.chat.slack.http import EVENTS
from connectors.chat.slack.install import REDIRECT, SCOPES

# Slack's limits on what stands in a manifest.
MOST = {
    "name": 35,
    "description": 140,
    "long_description": 4_000,
    "agent_description": 300,
    "display_name": 80,
}
LEAST_LONG = 175
MOST_SHORTCUT_NAME, MOST_SHORTCUT_WORDS = 24, 150
# The right that each event needs (Slack's reference of events).
NEEDS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "tokens_revoked": None,
}
# The right that each method needs which the app calls.
METHODS = {
    "chat.postMessage": "chat:write",
    "chat.startStream": "chat:write",
    "assistant.threads.setStatus": "assistant:write",
    "assistant.threads.setSuggestedPrompts": "assistant:write",
    "files.getUploadURLExternal": "files:write",
    "conversations.open": "im:write",
    "the contents of a file": "files:read",
    "/stock": "commands",
}


@pytest.fixture(params=["socket", "http"])
def manifest(request):
    text = files("connectors.chat.slack").joinpath(f"manifest.{request.param}.json").read_text("utf-8")
    return json.loads(text)


def test_every_right_is_used_and_none_is_missing(manifest):
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    needed = {NEEDS[event] for event in events} | set(METHODS.values())
    assert set(scopes) == needed - {None}
    assert scopes == sorted(scopes) == list(SCOPES)
    assert events == sorted(NEEDS)


def test_it_is_within_slacks_limits(manifest):
    shown = {
        **manifest["display_information"],
        **manifest["features"]["agent_view"],
        **manifest["features"]["bot_user"],
    }
    assert all(len(shown[name]) <= most for name, most in MOST.items())
    assert len(shown["long_description"]) >= LEAST_LONG
    assert len(shown["suggested_prompts"]) <= 4
    for shortcut in manifest["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= MOST_SHORTCUT_NAME
        assert len(shortcut["description"]) <= MOST_SHORTCUT_WORDS


def test_each_mode_has_its_addresses():
    read = {
        name: json.loads(files("connectors.chat.slack").joinpath(f"manifest.{name}.json").read_text("utf-8"))
        for name in ("socket", "http")
    }
    assert read["socket"]["settings"]["socket_mode_enabled"]
    assert not read["http"]["settings"]["socket_mode_enabled"]
    assert "url" not in json.dumps(read["socket"])
    addresses = [
        read["http"]["settings"]["event_subscriptions"]["request_url"],
        read["http"]["settings"]["interactivity"]["request_url"],
        read["http"]["features"]["slash_commands"][0]["url"],
    ]
    assert all(address.endswith(EVENTS) for address in addresses)
    assert read["http"]["oauth_config"]["redirect_urls"][0].endswith(REDIRECT)

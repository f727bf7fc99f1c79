"""What Slack's refusals mean for a message: try it later, never, or without its blocks."""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from connectors.chat.channel import Later, Never

# Whatever a call to Slack can end in, besides its answer.
TROUBLES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)
PAUSE, LONG_PAUSE = 15.0, 900.0

# Nobody there, or no right to write there: asking again changes nothing.
NOBODY = frozenset(
    {
        "account_inactive_user",
        "cannot_dm_bot",
        "cant_dm_bot",
        "channel_not_found",
        "is_archived",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
        "restricted_action",
        "restricted_action_non_threadable_channel",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_not_found",
        "is_inactive",
        "ekm_access_denied",
        "team_access_not_granted",
        "cannot_reply_to_message",
        "slack_connect_file_link_sharing_blocked",
    }
)
# The set-up is at fault: its mend lets the message through.
SET_UP = frozenset(
    {
        "access_denied",
        "account_inactive",
        "app_not_installed",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
        "enterprise_is_restricted",
        "accesslimited",
    }
)
# Slack itself is at fault.
SLACKS_OWN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
# The blocks are at fault: the words alone may pass.
FORM = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "msg_blocks_too_long",
        "only_one_table_allowed",
        "too_many_attachments",
        "block_mismatch",
    }
)
# Methods that a server or workspace does not have, or does not let this app use.
NOT_THERE = frozenset(
    {
        "unknown_method",
        "method_not_supported_for_channel_type",
        "feature_not_enabled",
        "not_allowed",
        "invalid_thread_ts",
        "missing_scope",
        "method_deprecated",
        "not_supported",
        "no_messages_tab",
        "unsupported",
    }
)


def code_of(error: BaseException) -> str:
    """Slack's own word for what is wrong, else the kind of fault."""
    if isinstance(error, SlackApiError):
        try:
            return str(error.response["error"])
        except (KeyError, TypeError, ValueError):
            return f"status {getattr(error.response, 'status_code', '?')}"
    return type(error).__name__


def status_of(error: BaseException) -> int:
    """The HTTP status, 0 where there was no answer."""
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", 0)
    return status if isinstance(status, int) else 0


def is_form(error: BaseException) -> bool:
    """Whether the same words without blocks may be taken."""
    return code_of(error) in FORM


def is_not_there(error: BaseException) -> bool:
    """Whether the server does not know or does not allow the method."""
    return code_of(error) in NOT_THERE or status_of(error) == 404


def delivery_of(error: BaseException) -> Later | Never:
    """What becomes of a message that Slack did not take."""
    code = code_of(error)
    if status_of(error) == 429 or code == "ratelimited":
        return Later(_retry_after(error), "Slack asked for a pause")
    if code in NOBODY:
        return Never(f"Slack says {code}")
    if code in SET_UP:
        return Later(LONG_PAUSE, f"Slack says {code}; quartermaster doctor tells how to mend that")
    if (
        status_of(error) >= 500
        or not isinstance(error, SlackApiError)
        or code in {"internal_error", "fatal_error"}
    ):
        return Later(PAUSE, f"Slack could not be reached ({code})")
    if code in {"service_unavailable", "request_timeout", "team_added_to_org", "upgrade_required"}:
        return Later(PAUSE, f"Slack says {code}")
    return Never(f"Slack says {code}")


def _retry_after(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    for name, value in dict(headers).items():
        if str(name).lower() == "retry-after":
            text = value[0] if isinstance(value, list) and value else value
            try:
                return max(1.0, min(float(str(text)), 3_600.0))
            except ValueError:
                break
    return PAUSE

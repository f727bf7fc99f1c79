"""The handlers on an Application of python-telegram-bot, built from any builder."""

from __future__ import annotations

import os
import secrets
from typing import Any

import structlog
from telegram import Update
from telegram.error import TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters

from connectors.chat.telegram.desk import DESK, Context, Desk
from connectors.chat.telegram.placing import on_move
from connectors.chat.telegram.pressing import on_press
from connectors.chat.telegram.talking import on_message

log = structlog.get_logger(__name__)

# Durations come as such from the library, which otherwise warns that they will.
os.environ.setdefault("PTB_TIMEDELTA", "true")
KINDS = ("message", "edited_message", "callback_query")
AnyApplication = Application[Any, Any, Any, Any, Any, Any]
AnyBuilder = ApplicationBuilder[Any, Any, Any, Any, Any, Any]


def build(builder: AnyBuilder, desk: Desk) -> AnyApplication:
    """The application that serves this desk; the builder brings token, addresses and transport."""
    application = builder.job_queue(None).build()
    application.bot_data[DESK] = desk
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, on_message))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE & filters.LOCATION, on_move))
    application.add_handler(CallbackQueryHandler(on_press))
    application.add_error_handler(_on_error)
    return application


async def _on_error(update: object, context: Context) -> None:
    """What a handler raised: written down; the next update is served as ever."""
    if isinstance(context.error, TelegramError):
        log.warning("telegram_not_shown", why=str(context.error))
        return
    fault = secrets.token_hex(4)
    number = update.update_id if isinstance(update, Update) else None
    log.error("telegram_update_failed", fault=fault, update=number, exc_info=context.error)

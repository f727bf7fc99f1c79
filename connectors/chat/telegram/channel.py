"""Telegram as a channel of the house: connected, listening, and able to speak up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

import structlog
from anyio.to_thread import run_sync
from fastapi import APIRouter
from telegram import Update
from telegram.error import ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import ApplicationBuilder

from connectors.chat.channel import Delivery, Later, Never, Sent
from connectors.chat.documents import Documents
from connectors.chat.links import remember_bot
from connectors.chat.message import Answer, House
from connectors.chat.telegram.application import KINDS, AnyBuilder, build
from connectors.chat.telegram.desk import CHANNEL, Desk
from connectors.chat.telegram.lanes import Lanes, Raw
from connectors.chat.telegram.menu import show_strangers_menu
from connectors.chat.telegram.polling import UNKNOWN_BOT, Poller
from connectors.chat.telegram.posting import Spot, passes, post, waits
from connectors.chat.telegram.soundness import fault_of
from connectors.chat.telegram.webhook import address_of, path_of, routes, secret_for

log = structlog.get_logger(__name__)
# It would write every address down, and the bot's token is in them.
logging.getLogger("httpx").setLevel(logging.WARNING)

TROUBLE_KEY = "telegram_trouble"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LAST_WORDS = 10.0
NO_NETWORK = 15.0
CONNECTIONS = 64


@dataclass(frozen=True, slots=True)
class Address:
    """How Telegram is reached, and how it reaches us."""

    token: str
    api: str = "https://api.telegram.org"
    webhook: str = ""
    secret: str = ""


class Telegram:
    """Implements :class:`connectors.chat.channel.Channel`."""

    name = CHANNEL

    def __init__(self, house: House, address: Address, files: Path) -> None:
        self._address = address
        self._desk = Desk(house, Documents(house, files / "telegram"))
        self._application = build(_builder(address), self._desk)
        self._lanes = Lanes(self._serve)
        self._poller = Poller(self._application.bot, self._put, self._hear)
        self._running: asyncio.Task[None] | None = None
        self._connected = False
        self._trouble: str | None = None
        self._notes: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect in the background, as often as it takes."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Serve what is under way, confirm it, and disconnect."""
        if self._running is None:
            return
        self._running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._running
        self._running = None
        await self._lanes.drain(LAST_WORDS)
        if self._connected and not self._address.webhook:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._poller.confirm(), 5)
        self._connected = False
        with contextlib.suppress(TelegramError):
            await self._application.shutdown()
            await self._application.bot.shutdown()  # where it never got as far as to be known

    def routes(self) -> APIRouter | None:
        """The webhook, where one is wanted."""
        if not self._address.webhook:
            return None
        return routes(path_of(self._address.webhook), self._secret, self._put_if_connected)

    async def send(self, to: str, answer: Answer) -> Delivery:
        """Speak up to one person or group.  Never raises."""
        if not to.lstrip("-").isdigit():
            return Never(f"{to!r} is no chat of Telegram's")
        if not self._connected:
            return Later(FIRST_PAUSE * 5, "Telegram is not connected yet")
        try:
            shown = await post(self._application.bot, Spot(int(to)), answer, tries=1)
        except TelegramError as error:
            return _undelivered(error)
        return Sent(f"{shown.chat.id}:{shown.message_id}")

    # -- inside ----------------------------------------------------------------------------------

    @property
    def _secret(self) -> str:
        return secret_for(self._address.token, self._address.secret)

    async def _run(self) -> None:
        pause = FIRST_PAUSE
        while not await self._connect():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._connected = True
        if not self._address.webhook:
            await self._poller.run()

    async def _connect(self) -> bool:
        bot = self._application.bot
        try:
            await self._application.initialize()
            await show_strangers_menu(bot)
            if self._address.webhook:
                await bot.set_webhook(
                    address_of(self._address.webhook), secret_token=self._secret, allowed_updates=KINDS
                )
            else:
                await bot.delete_webhook()
        except InvalidToken:
            self._hear(UNKNOWN_BOT)
            return False
        except TelegramError as error:
            self._hear(f"Telegram cannot be reached: {error}")
            return False
        self._hear("")
        await run_sync(remember_bot, self._desk.house.store, bot.username)
        log.info("telegram_connected", bot=bot.username, webhook=bool(self._address.webhook))
        return True

    def _put_if_connected(self, raw: Raw) -> asyncio.Task[None] | None:
        return self._put(raw) if self._connected else None

    def _put(self, raw: Raw) -> asyncio.Task[None]:
        query = raw.get("callback_query")
        number = query.get("id") if isinstance(query, dict) else None
        if isinstance(number, str) and raw.get("update_id") not in self._desk.seen:
            self._desk.bells.ring(self._application.bot, number)
        return self._lanes.put(raw)

    async def _serve(self, raw: Raw) -> None:
        number = raw.get("update_id")
        if number in self._desk.seen:
            return
        fault = fault_of(raw)
        if fault:
            log.error("telegram_update_odd", update=str(number)[:40], why=fault)
            return
        update = Update.de_json(dict(raw), self._application.bot)
        await self._application.process_update(update)
        self._desk.seen.add(update.update_id)

    def _hear(self, trouble: str) -> None:
        """Note what is wrong for the log, and in the books for ``doctor``."""
        if trouble == self._trouble:
            return
        if trouble:
            log.error("telegram_trouble", what=trouble)
        elif self._trouble:
            log.info("telegram_works_again")
        self._trouble = trouble
        note = asyncio.create_task(self._note(trouble))
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)

    async def _note(self, trouble: str) -> None:
        settings = self._desk.house.store.settings
        if await run_sync(settings.get, TROUBLE_KEY) != trouble:
            await run_sync(settings.set, TROUBLE_KEY, trouble)


def _builder(address: Address) -> AnyBuilder:
    base = address.api.rstrip("/")
    return (
        ApplicationBuilder()
        .token(address.token)
        .base_url(f"{base}/bot")
        .base_file_url(f"{base}/file/bot")
        .updater(None)
        .connection_pool_size(CONNECTIONS)
        .pool_timeout(30)
        .read_timeout(20)
        .connect_timeout(10)
    )


def _undelivered(error: TelegramError) -> Delivery:
    if isinstance(error, RetryAfter):
        return Later(waits(error), "Telegram asked to wait")
    if isinstance(error, ChatMigrated):
        return Never(f"the group has moved to {error.new_chat_id}")
    if passes(error):
        return Later(NO_NETWORK, str(error))
    if isinstance(error, Forbidden):
        return Never(f"may not write there: {error}")
    return Never(str(error))

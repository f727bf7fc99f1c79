"""The house behind every door: who speaks, one turn at a time, every fault caught in one place."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import anyio.to_thread
import structlog

from assistant import access, pairing, phrases, suggestions
from assistant.alerts import FILES, IMPORT_BROKEN, acted_on, faults_told, import_told
from assistant.codec import answer_from_json, answer_to_json
from assistant.dialogue import Dialogue
from connectors.chat.message import Answer, Hear, Message, PastTurn
from connectors.feeds import load, undo_import
from intents.parser import Parser
from tools.kit import Ask, Reply, Right
from tools.kit.roads import Roads, no_roads
from tools.kit.rounds_where import van_at
from tools.store import Actor, BooksError, Store, User
from tools.store.signal_facts import MinedText, Said

log = structlog.get_logger(__name__)


class AssistantHouse:
    """Implements ``connectors.chat.message.House`` over one shop's books."""

    def __init__(
        self, store: Store, parser: Parser, clock: Callable[[], datetime], roads: Roads = no_roads
    ) -> None:
        self._store = store
        self.parser = parser
        self._clock = clock
        self._roads = roads
        self._dialogue = Dialogue(store, parser, roads)
        self.after_import: Callable[[], object] = lambda: None
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def read_by(self, reads: Callable[[Said], MinedText | None]) -> None:
        """Whom to ask what a customer's text says."""
        self._dialogue.reads = reads

    @property
    def store(self) -> Store:
        """The books."""
        return self._store

    def now(self) -> datetime:
        """The shop's time, aware."""
        return self._clock()

    async def answer(self, message: Message, *, hear: Hear | None = None) -> Answer:
        """One turn; turns of one conversation wait for each other."""
        turn = self._turns.setdefault(message.conversation, asyncio.Lock())
        async with turn:
            return await anyio.to_thread.run_sync(self.answer_now, message, hear and _across(hear))

    def answer_now(self, message: Message, hear: Hear | None = None) -> Answer:
        """One turn, from a thread; ``hear`` is told its replies in that thread.  Never raises."""
        started = time.perf_counter()
        event = message.event_id or secrets.token_hex(12)
        message = dataclasses.replace(message, event_id=event)
        try:
            return self._once(message, started, hear)
        except Exception:
            fault = secrets.token_hex(4)
            log.exception("turn_failed", fault=fault, conversation=message.conversation)
            text = phrases.BROKEN.format(fault=fault)
            with contextlib.suppress(Exception):  # the books themselves may be what failed
                self._store.talk.give_up(message.conversation, message.event_id)
                text += self._dialogue.done_so_far(message, self.now())
            return Answer(message.conversation, (Reply(text, {"fault": fault}),))

    def _once(self, message: Message, started: float, hear: Hear | None) -> Answer:
        now = self.now()
        stored = self._store.talk.begin(
            message.conversation,
            message.event_id,
            user=message.user.name,
            channel=message.channel,
            text=message.said,
            at=now,
        )
        if isinstance(stored, str):
            return answer_from_json(stored)
        answer = self._dialogue.answer(message, now, hear)
        if message.action is not None:
            self._mended(message, now)
        took = round((time.perf_counter() - started) * 1000)
        self._store.talk.end(message.conversation, message.event_id, answer_to_json(answer), took)
        log.info("turn", conversation=message.conversation, channel=message.channel, milliseconds=took)
        return answer

    def _mended(self, message: Message, now: datetime) -> None:
        """What somebody mended by a button of an alert is taken care of."""
        user = message.user
        actor = Actor(user.name, message.channel, user.id, message.conversation)
        try:
            acted_on(self._store, message.action or "", actor, now)
        except Exception:  # the answer itself stands
            log.exception("acted_on_failed", conversation=message.conversation)

    def user_named(self, name: str) -> User:
        """Who speaks where names are trusted: a person of the shop, else whoever runs this machine.

        A name that fits several people, or one who has left, is nobody's: it opens nothing.
        """
        known = self._store.people.find(name)
        if known:
            return known
        called = name.strip()[:120]
        fits_somebody = called and self._store.people.like(called)
        return User(id=None, name=called or "owner", role="owner", active=not fits_somebody)

    def person(self, channel: str, identity: str) -> User | None:
        """The active person behind an identity in a chat; None for everybody whom no code made known."""
        return self._store.people.of_chat(channel, identity)

    def pair(self, channel: str, identity: str, code: str) -> User | str:
        """Tie an identity to the person whose code it says; else why not, as one sentence."""
        return pairing.pair(self._store, channel, identity, code, self.now())

    def van_at(self, user: User, channel: str, place: tuple[float, float], event_id: str) -> str:
        """Move the arrivals of a driver's own round; the place itself is kept nowhere.  Never raises."""
        now = self.now()
        rights = partial(access.may, user)
        ask = Ask(self._store, user, now, channel=channel, may=rights, roads=self._roads)
        try:
            moved = van_at(ask, place)
            if moved.change is not None:
                actor = Actor(user.name, channel, user.id)
                self._store.apply(moved.change, actor, request_id=event_id, at=now)
        except BooksError as error:  # the round ended in between
            return f"I left the arrivals as they were: {error}."
        except Exception:
            fault = secrets.token_hex(4)
            log.exception("place_failed", fault=fault)
            return phrases.BROKEN.format(fault=fault)
        return moved.text

    def may(self, user: User, right: str) -> bool:
        """Whether the person's role has this right."""
        return access.may(user, Right(right))

    def suggestions(self, user: User) -> Sequence[str]:
        """What this person could ask first."""
        return suggestions.for_user(Ask(self._store, user, self.now()))

    def past(self, conversation: str, user: User, limit: int = 30) -> Sequence[PastTurn]:
        """The latest turns of a conversation, oldest first."""
        return [
            PastTurn(turn.text, answer_from_json(turn.answer) if turn.answer else None, turn.at)
            for turn in self._store.talk.history(conversation, user.name, limit)
        ]

    def search(self, words: str, limit: int = 50) -> Sequence[str]:
        """SKUs that the words may denote, best first."""
        return self._dialogue.parser.nearest(words, self._store.catalogue(), limit=limit)

    async def import_file(  # noqa: PLR0913 - the one door; everything after the path is by name
        self,
        path: str,
        *,
        actor: User,
        dry_run: bool,
        mapping: Mapping[str, Any] | None = None,
        keep_good: bool = False,
        report_path: str | None = None,
        channel: str = "web",
    ) -> Mapping[str, Any]:
        """Check or load an export; the report as JSON."""
        work = partial(
            load,
            self._store,
            Path(path),
            mapping=mapping,
            keep_good=keep_good,
            dry_run=dry_run,
            actor=Actor(actor.name, channel, actor.id),
            at=self.now(),
            report_path=Path(report_path) if report_path else None,
        )
        name = Path(path).name
        told = faults_told(self._store, IMPORT_BROKEN, FILES, f"The import of {name} failed", work)
        report = await anyio.to_thread.run_sync(told)
        if not dry_run:
            tell = partial(import_told, self._store, name, refused=report.state == "refused")
            await anyio.to_thread.run_sync(tell)
        if report.state == "applied":
            self.after_import()
        return report.to_json()

    async def undo_import(self, import_id: int, *, actor: User, channel: str = "web") -> Mapping[str, Any]:
        """Take a whole import back."""
        work = partial(undo_import, self._store, import_id, Actor(actor.name, channel, actor.id), self.now())
        report = await anyio.to_thread.run_sync(work)
        self.after_import()
        return report.to_json()


def _across(hear: Hear) -> Hear:
    """``hear`` for a worker thread: what it tells is heard in the event loop, in order."""
    loop = asyncio.get_running_loop()
    return lambda reply: loop.call_soon_threadsafe(hear, reply)

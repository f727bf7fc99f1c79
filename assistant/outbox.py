"""The sender of the outbox: claim, send, mark; one message at a time in each channel.

A message may come twice only where the process dies between sending it and marking it, and then at
most one in each channel.  One process speaks in a channel at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from anyio.to_thread import run_sync

from assistant.alerts import fault_over, report_fault
from assistant.codec import answer_from_json
from assistant.outbox_pace import LIMITS, Limits, Pace
from connectors.chat.channel import Channel, Delivery, Later, Never, Sent
from tools.store import Finding, Store
from tools.store.incidents_facts import Posted

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 25
LONGEST_PAUSE = 3600.0
LATE = timedelta(minutes=10)
RULE = "connector.failing"
REMEDY = "Look at them on the page Needs you (/needs), where each can be tried again."


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds: how long a process speaks alone, how long a claim and a sending last, how often to look."""

    lead: float = 30.0
    claim: float = 180.0
    send: float = 90.0
    look: float = 1.0
    # How long a message under way may still take when the app stops.
    last: float = 10.0
    # A chat that took nothing for so long is told of as a fault.
    fault: float = 600.0


class Sender:
    """Sends what is in the outbox; started and stopped with the app, in its event loop."""

    def __init__(self, store: Store, channels: Sequence[Channel], times: Times | None = None) -> None:
        self._store = store
        self._channels = tuple(channels)
        self._times = times or Times()
        self._worker = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    async def start(self) -> None:
        """Begin to send, each channel by itself."""
        self._stopping.clear()
        self._tasks = [asyncio.create_task(self._serve(channel)) for channel in self._channels]

    async def stop(self) -> None:
        """Finish the message under way, and let another process go on at once."""
        self._stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._times.last)
            for task in late:
                task.cancel()
        for channel in self._channels:
            with contextlib.suppress(Exception):
                await run_sync(self._store.outbox.step_down, channel.name, self._worker)

    async def _serve(self, channel: Channel) -> None:
        line = Line(self._store, channel, self._worker, self._times)
        while not self._stopping.is_set():
            try:
                pause = await line.step()
            except Exception:
                log.exception("outbox_failed", channel=channel.name)
                pause = self._times.look
            if pause:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)


class Line:
    """The messages of one channel, one after the other."""

    def __init__(self, store: Store, channel: Channel, worker: str, times: Times) -> None:
        self._store = store
        self._channel = channel
        self._worker = worker
        self._times = times
        self._pace = Pace(LIMITS.get(channel.name, Limits()))
        self._leads_until = float("-inf")
        self._failing_since: float | None = None
        self._may_be_told = True

    async def step(self) -> float:
        """Send at most one message; seconds to wait before the next step."""
        wait = self._pace.wait(time.monotonic())
        if wait:
            return wait
        message = await run_sync(self._next)
        if message is None:
            return self._times.look
        delivery = await self._send(message)
        self._pace.sent(message.conversation, message.recipient, time.monotonic())
        await run_sync(self._mark, message, delivery)
        return 0.0

    def _next(self) -> Posted | None:
        if not self._leads():
            return None
        now = _now()
        return self._store.outbox.claim(
            self._channel.name,
            self._worker,
            at=self._store.clock(),
            now=now,
            until=now + timedelta(seconds=self._times.claim),
            busy=self._pace.busy(time.monotonic()),
        )

    def _leads(self) -> bool:
        """Whether this process is the one that speaks here; asked for in good time before it runs out."""
        ticks = time.monotonic()
        if ticks < self._leads_until - self._times.lead / 2:
            return True
        now = _now()
        until = now + timedelta(seconds=self._times.lead)
        if self._store.outbox.lead(self._channel.name, self._worker, now=now, until=until):
            self._leads_until = ticks + self._times.lead
            return True
        self._leads_until = float("-inf")
        return False

    async def _send(self, message: Posted) -> Delivery:
        try:
            answer = answer_from_json(message.answer)
            sending = self._channel.send(message.recipient, answer)
            return await asyncio.wait_for(sending, self._times.send)
        except TimeoutError:
            return Later(0, "no answer in time")
        except Exception as error:
            log.exception("send_failed", channel=self._channel.name, message=message.id)
            return Later(0, f"{type(error).__name__}: {error}")

    def _mark(self, message: Posted, delivery: Delivery) -> None:
        outbox, worker = self._store.outbox, self._worker
        match delivery:
            case Sent(reference):
                if not outbox.sent(message.id, worker, reference, self._store.clock()):
                    log.warning("outbox_claim_lost", message=message.id)
                self._works()
            case Later(seconds, reason):
                self._fails(reason)
                if message.attempts >= MOST_ATTEMPTS:
                    outbox.dead(message.id, worker, f"given up after {message.attempts} tries: {reason}")
                else:
                    pause = timedelta(seconds=max(seconds, backoff(message.attempts)))
                    outbox.later(message.id, worker, _now() + pause, reason)
            case Never(reason):
                outbox.dead(message.id, worker, reason)
                log.warning("outbox_dead", channel=self._channel.name, message=message.id, why=reason)

    def _works(self) -> None:
        self._failing_since = None
        if self._may_be_told:
            self._may_be_told = False
            fault_over(self._store, RULE, self._channel.name)

    def _fails(self, reason: str) -> None:
        """A chat that took nothing for a while is a fault that the other chats tell of."""
        ticks = time.monotonic()
        self._failing_since = ticks if self._failing_since is None else self._failing_since
        if ticks - self._failing_since >= self._times.fault:
            self._may_be_told = True
            words = f"{self._channel.name.capitalize()} takes no messages from me: {reason}"
            report_fault(self._store, RULE, self._channel.name, words)


def backoff(attempts: int) -> float:
    """Seconds before the next try: 1, 2, 4 ... up to an hour; all tries together take about 14 hours."""
    return min(2.0 ** max(attempts - 1, 0), LONGEST_PAUSE)


def _now() -> datetime:
    """Real time, whatever the shop's clock says: it tells whether a claim has run out."""
    return datetime.now(UTC)


def findings(store: Store) -> list[Finding]:
    """What of the outbox is stuck, for ``quartermaster doctor``."""
    found = []
    for queue in store.outbox.queues():
        where = queue.channel.capitalize()
        if queue.dead:
            last = next((one for one in store.outbox.dead_letters() if one.channel == queue.channel), None)
            why = f" (the latest, to {last.person}: {last.error})" if last else ""
            found.append(Finding(False, f"{queue.dead} messages in {where} could not be sent{why}", REMEDY))
        if queue.oldest is not None and store.clock() - queue.oldest > LATE:
            told = f"{queue.waiting} messages wait for {where} since {queue.oldest:%d %b %H:%M} UTC"
            found.append(Finding(False, told, f"Is the app running, and {where} set up here?"))
    return found or [Finding(True, "Every message that was due has been sent")]

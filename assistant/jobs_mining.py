"""Reading what customers said: what is new, and all of it again where the reader or the catalogue changed.

A few texts are read in the scheduler's own thread; many in a process of its own with low priority.  Each
text carries the version that read it, so work that was cut off goes on where it was, and of two processes
that read the same text the second changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from shutil import which
from typing import Protocol

import structlog

from tools.store import Catalogue, Store
from tools.store.signal_facts import MinedText, Remark, Said

log = structlog.get_logger(__name__)

# As many at once as are read before anybody else may write.
BATCH = 32
# From so many on a process of its own reads them.
MANY = 200
LEASE = timedelta(seconds=120)
JOB = "words"
# Which trained state is in use, what came of the last training, and the day that was looked at last.
STATE, LEARNED, NIGHT = "words_state", "words_learned", "words_night"
FIRST_HOUR, LEAST_CORRECTED = 3, 10
PATIENCE_SECONDS = 3.0

Cluster = tuple[str, tuple[str, ...]]
Told = Callable[[int, int], object]


class Reader(Protocol):
    """What understands customers' words; ``version`` changes when it would read a text differently."""

    @property
    def version(self) -> str:
        """The name of this way of reading."""
        ...

    def read(self, texts: Sequence[Said], catalogue: Catalogue) -> list[MinedText]:
        """What each text says."""
        ...

    def clusters(self, mentions: Sequence[str]) -> list[Cluster]:
        """Words for things that are not carried, those for one thing together under its name."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a look: texts read, requests that moved to another wish."""

    read: int = 0
    linked: int = 0
    busy: bool = False


class Mining:
    """Reads what is new, in a thread that nobody waits for."""

    def __init__(self, store: Store, load: Callable[[], Reader]) -> None:
        self._store = store
        self._load = load
        self._reader: Reader | None = None
        self._state = ""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def reader(self) -> Reader:
        """The reader, loaded when it is first wanted, and again when it has learned."""
        state = self._store.settings.get(STATE)
        with self._lock:
            if self._reader is None or self._state != state:
                self._reader, self._state = self._load(), state
            return self._reader

    def check(self) -> Outcome:
        """Read what is new, or have it read; the reader is loaded only where there is something."""
        if self._process is not None and self._process.poll() is None:
            return Outcome(busy=True)
        if not self._store.said.figures().remarks:
            return Outcome()
        waiting = self._store.said.figures(version_of(self.reader, self._store.catalogue())).unread
        if waiting > MANY or learning_is_due(self._store):
            self._process = launch(self._store, learn=waiting <= MANY)
            return Outcome(busy=True)
        return read_new(self._store, self.reader)

    def read_now(self, said: Said) -> MinedText | None:
        """What one text says, at once; None where the reader is not loaded yet."""
        reader = self._reader
        if reader is None:
            return None
        try:
            return reader.read([said], self._store.catalogue())[0]
        except Exception:
            log.exception("reading_failed")
            return None

    def stop(self) -> None:
        """A process under way stops; the next start takes its work up."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


def read_new(store: Store, reader: Reader, told: Told = lambda _done, _total: None) -> Outcome:
    """Read every text that this version has not read, and link what is wished for.

    Another process that is at it is left to it.
    """
    worker = f"{os.getpid()}-{secrets.token_hex(4)}"
    if not _lead(store, worker):
        return Outcome(busy=True)
    try:
        while store.said.tidy():
            _lead(store, worker)
        return _read_all(store, reader, worker, told)
    finally:
        store.outbox.step_down(JOB, worker)


def _read_all(store: Store, reader: Reader, worker: str, told: Told) -> Outcome:
    catalogue = store.catalogue()
    version = version_of(reader, catalogue)
    total, done = store.said.figures(version).unread, 0
    while batch := store.said.unread(version, BATCH):
        store.said.keep(_read(reader, batch, catalogue), version)
        done += len(batch)
        told(done, max(total, done))
        if not _lead(store, worker):
            return Outcome(done, busy=True)
    mentions = store.said.mentions() if done or store.said.unlinked() else []
    linked = store.said.link(reader.clusters(mentions), store.clock()) if mentions else 0
    if done:
        log.info("words_read", texts=done, linked=linked, version=version)
    return Outcome(done, linked)


def _read(reader: Reader, batch: Sequence[Remark], catalogue: Catalogue) -> list[tuple[int, MinedText]]:
    """Each remark's number with what it says; one that cannot be read is told apart, and the rest goes on."""
    said = [said_of(remark) for remark in batch]
    try:
        found = reader.read(said, catalogue)
    except Exception:
        log.exception("reading_failed", texts=len(batch))
        if len(batch) == 1:
            return [(batch[0].id, MinedText(language="", readable=False))]
        return [one for remark in batch for one in _read(reader, [remark], catalogue)]
    return [(remark.id, one) for remark, one in zip(batch, found, strict=True)]


def said_of(remark: Remark) -> Said:
    """A remark as its reader takes it: without who said it, but for a key."""
    return Said(remark.text, remark.channel, remark.rating, remark.at, remark.person)


def version_of(reader: Reader, catalogue: Catalogue) -> str:
    """The reader's version with a mark of the names that it links to."""
    names = sorted(
        (product.sku, product.name, product.category, *product.aliases)
        for product in catalogue.products.values()
    )
    mark = hashlib.sha256(json.dumps(names).encode()).hexdigest()[:8]
    return f"{reader.version[:70]}+{mark}"


def learning_is_due(store: Store) -> bool:
    """Whether people have put enough right since the last training; at night, once, by one process."""
    now = store.clock()
    today = now.date().isoformat()
    if now.hour < FIRST_HOUR or store.settings.get(NIGHT) == today:
        return False
    texts = len({one.remark for one in store.said.judged()})
    last = json.loads(store.settings.get(LEARNED) or "{}").get("texts", 0)
    return texts >= LEAST_CORRECTED and texts != last and store.settings.claim(NIGHT, today)


def launch(store: Store, *, learn: bool = False) -> subprocess.Popen[bytes]:
    """The reading (or the training) in a process of its own, of low priority."""
    gently = ["nice", "-n", "15"] if which("nice") else []
    words = [sys.executable, "-m", "assistant", "words", "--now", store.clock().isoformat()]
    words += ["--retrain"] if learn else []
    environment = {**os.environ, "QUARTERMASTER_DATABASE_URL": store.url, "OMP_NUM_THREADS": "1"}
    nothing = subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*gently, *words], env=environment, stdin=nothing, stdout=nothing, stderr=nothing
    )


def _lead(store: Store, worker: str) -> bool:
    """Of several processes one reads; real time, whatever the shop's clock says."""
    now = datetime.now(UTC)
    return store.outbox.lead(JOB, worker, now=now, until=now + LEASE)

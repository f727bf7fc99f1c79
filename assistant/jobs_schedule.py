"""What runs by itself: the forecast after an import and at night, the training at night; one clock for all.

Each is a process of its own with low priority; the app's threads only look whether one is due, so that
nobody who asks has to wait. With several app processes one of them gets each night and each import.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from shutil import which
from typing import Literal

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from assistant.alerts import Alerts, faults_told
from assistant.jobs import FULL, SEEN, what_is_known
from assistant.jobs_calendar import last_full_day
from assistant.jobs_mining import Mining
from assistant.learning_night import Nightly
from tools.store import Store
from tools.store.forecasts import ASKED, SILENT
from tools.store.planning_facts import ForecastRun

log = structlog.get_logger(__name__)

Wanted = Literal["full", "quick"]
NIGHT, ANSWERED = "forecast_night", "forecast_answered"
FIRST_HOUR = 3
FORECAST_SECONDS, TRAINING_SECONDS, ALERT_SECONDS, WORDS_SECONDS = 20, 600, 30, 20
RUNS_LOOKED_AT = 30
PATIENCE_SECONDS = 3.0


class Schedule:
    """Watches the clock and the books, and starts what is due."""

    def __init__(
        self, store: Store, nightly: Nightly, alerts: Alerts | None = None, mining: Mining | None = None
    ) -> None:
        self._store = store
        self._nightly = nightly
        self._alerts = alerts
        self._mining = mining
        self._scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin to watch; the first look is now."""
        watched: tuple[tuple[str, Callable[[], object], int], ...] = (
            ("forecast", self.forecast_if_due, FORECAST_SECONDS),
            ("training", self._nightly.check, TRAINING_SECONDS),
        )
        if self._alerts is not None:
            watched += (("alerts", self._alerts.check, ALERT_SECONDS),)
        if self._mining is not None:
            watched += (("words", self._mining.check, WORDS_SECONDS),)
        for name, look, seconds in watched:
            self._scheduler.add_job(_guarded(self._store, name, look), "interval", seconds=seconds, id=name)
        self._scheduler.start()
        self.soon()

    def soon(self) -> None:
        """Look at once whether a forecast is due and what needs a person: something may have come in."""
        if self._alerts is not None:
            self._alerts.hurry()
        if self._scheduler.running:
            for job in self._scheduler.get_jobs():
                if job.id != "training":
                    job.modify(next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Watch no longer; a forecast under way stops, and the next start takes it up."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._alerts is not None:
            self._alerts.stop()
        if self._mining is not None:
            self._mining.stop()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def forecast_if_due(self) -> bool:
        """Start the forecast where it is due and none is under way; whether it did."""
        if self._process is not None and self._process.poll() is None:
            return False
        wanted = due(self._store)
        if wanted is None:
            return False
        self._process = launch(self._store, quick=wanted == "quick")
        log.info("forecast_started", kind=wanted)
        return True


def due(store: Store) -> Wanted | None:
    """Which forecast is due; a night and a person's wish are claimed by asking."""
    now = store.clock()
    cut_off = last_full_day(store, now.date())
    if cut_off is None:
        return None
    asked = store.settings.get(ASKED)
    if asked and store.settings.claim(ANSWERED, asked):
        return "full"
    runs = store.forecasts.runs(RUNS_LOOKED_AT)
    if runs and runs[0].state == "running":
        return _resumed(runs[0])
    changed = store.settings.get(SEEN) != what_is_known(store)
    failed = bool(runs) and runs[0].state == "failed"
    done = [one for one in runs if one.state == "done"]
    if changed or not (done or failed):
        return "quick"
    whole = next((one for one in done if one.version == FULL), None)
    if whole is None and not failed:
        return "full"
    stale = failed or whole is None or whole is not done[0] or whole.cut_off < cut_off
    night = now.hour >= FIRST_HOUR and store.settings.get(NIGHT) != now.date().isoformat()
    return "full" if stale and night and store.settings.claim(NIGHT, now.date().isoformat()) else None


def _resumed(run: ForecastRun) -> Wanted | None:
    """A run under way is left alone; one that has died is taken up."""
    alive = run.seen_at is not None and datetime.now(UTC) - run.seen_at < SILENT
    if alive:
        return None
    return "full" if run.version == FULL else "quick"


def launch(store: Store, *, quick: bool = False, apart: bool = False) -> subprocess.Popen[bytes]:
    """A forecast in a process of its own; ``apart`` lets it outlive this one."""
    # Of low priority from the start: loading its libraries alone takes seconds.
    gently = ["nice", "-n", "15"] if which("nice") else []
    words = [sys.executable, "-m", "assistant", "replan", "--wait", "--now", store.clock().isoformat()]
    environment = {**os.environ, "QUARTERMASTER_DATABASE_URL": store.url, "OMP_NUM_THREADS": "1"}
    nothing = subprocess.DEVNULL
    return subprocess.Popen(  # noqa: S603 - our own program, no shell
        [*gently, *words, *(["--quick"] if quick else [])],
        env=environment,
        stdin=nothing,
        stdout=nothing,
        stderr=nothing,
        start_new_session=apart,
    )


def _guarded(store: Store, name: str, look: Callable[[], object]) -> Callable[[], None]:
    told = faults_told(store, "job.failed", name, f"What runs by itself ({name}) failed", look)

    def guarded() -> None:
        try:
            told()
        except Exception:
            log.exception("job_failed", job=name)

    return guarded

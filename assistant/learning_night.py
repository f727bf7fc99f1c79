"""Once a day, from three in the morning on: train with what the shop confirmed, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import structlog

from assistant.learning_head import worth_training
from intents.parser import Parser
from intents.shop_head import missing_for_training
from tools.store import Store
from tools.store.among import plain_text

log = structlog.get_logger(__name__)

NIGHT = "learned_night"
FIRST_HOUR = 3
MOST_SECONDS = 1800.0


class Nightly:
    """Starts the training, in a thread that nobody waits for (see ``assistant.jobs_schedule``)."""

    def __init__(self, store: Store, general: Parser) -> None:
        self._store = store
        self._general = general
        missing = missing_for_training()
        if missing:
            log.warning("nightly_training_off", missing=missing)
        self._possible = not missing

    def check(self) -> bool:
        """Train where today's has not been and there is something new; whether it did."""
        now = self._store.clock()
        today = now.date().isoformat()
        if not self._possible or now.hour < FIRST_HOUR or self._store.settings.get(NIGHT) == today:
            return False
        if not worth_training(self._store, self._general) or not self._store.settings.claim(NIGHT, today):
            return False
        self._train()
        return True

    def _train(self) -> None:
        words = [sys.executable, "-m", "assistant", "learn", "--retrain"]
        environment = {**os.environ, "QUARTERMASTER_DATABASE_URL": self._store.url, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(  # noqa: S603 - our own program, no shell
            words, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
        said = plain_text((done.stdout + done.stderr).strip()[-500:])
        log.info("nightly_training", status=done.returncode, said=said)

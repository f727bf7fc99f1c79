"""Who holds a demand class, and how the schedule starts what is due."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.jobs import run
from assistant.jobs_schedule import Schedule, due
from assistant.jobs_scores import CLEARLY, NAIVE, crowns, held_method
from assistant.learning_night import Nightly
from tests.assistant.test_jobs import NOW, books
from tools.store import Store, open_store
from tools.store.forecasts import ASKED

USUAL, RIVAL = "combination", "combination without covariates"


def methods(ours: float, rival: float, series: int = 80) -> dict[str, dict[str, dict[str, float | int]]]:
    names = {USUAL: ours, RIVAL: rival, NAIVE: 0.1}
    return {
        name: {"all": {"wape": wape}, "smooth": {"wape": wape, "series": series}}
        for name, wape in names.items()
    }


def finished(store: Store, scores: dict[str, object]) -> None:
    day = NOW.date() - timedelta(days=1)
    run_id = store.forecasts.start(day, "full", 0, datetime.now(UTC))
    assert run_id is not None
    store.forecasts.finish(run_id, scores, datetime.now(UTC))


def test_a_rival_takes_a_class_after_two_clear_nights_not_after_one(store: Store) -> None:
    better = methods(0.40, 0.40 * CLEARLY - 0.01)
    first = crowns(store, better, USUAL)
    assert (first["champions"], first["challengers"]) == ({}, {"smooth": RIVAL})
    finished(store, first)
    second = crowns(store, better, USUAL)
    assert (second["champions"], second["challengers"]) == ({"smooth": RIVAL}, {})
    finished(store, second)
    assert list(held_method(store).by_class) == ["smooth"]
    back = crowns(store, methods(0.30, 0.40), USUAL)
    assert back["challengers"] == {"smooth": USUAL}


def test_a_little_better_or_few_series_change_nothing(store: Store) -> None:
    assert crowns(store, methods(0.40, 0.395), USUAL)["challengers"] == {}
    assert crowns(store, methods(0.40, 0.20, series=5), USUAL)["challengers"] == {}


class NoTraining(Nightly):
    """A night in which nothing is trained."""

    def __init__(self) -> None:
        """Needs no books."""

    def check(self) -> bool:
        return False


def test_the_app_starts_a_forecast_in_a_process_of_its_own(sqlite_url: str, tmp_path: Path) -> None:
    shop = books(open_store(sqlite_url), tmp_path / "shop", weeks=6)
    schedule = Schedule(shop, NoTraining())
    schedule.start()
    try:
        until = time.monotonic() + 120
        while shop.forecasts.latest() is None and time.monotonic() < until:
            time.sleep(0.2)
    finally:
        schedule.stop()
    latest = shop.forecasts.latest()
    assert latest is not None
    assert latest.done == 3
    assert sys.executable
    shop.close()


def test_a_person_asks_once_and_is_answered_once(store: Store, tmp_path: Path) -> None:
    shop = books(store, tmp_path / "shop", weeks=6)
    run(shop)
    assert due(shop) is None
    shop.settings.set(ASKED, "after run 1")
    assert due(shop) == "full"
    assert due(shop) is None


@pytest.mark.parametrize("hour", [2, 4])
def test_the_night_forecasts_where_a_day_of_sales_came_in(store: Store, tmp_path: Path, hour: int) -> None:
    shop = books(store, tmp_path / "shop", weeks=6)
    shop.clock = lambda: NOW - timedelta(days=3)
    run(shop)
    shop.clock = lambda: NOW.replace(hour=hour)
    assert due(shop) == ("full" if hour >= 3 else None)
    assert due(shop) is None

"""What of the assistant itself fails is an incident like any other: told to the owner, over when it works."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.alerts import Alerts, faults_told
from assistant.cli.data import import_data
from assistant.cli.main import Trouble
from assistant.jobs_schedule import Schedule
from assistant.learning_night import Nightly
from assistant.settings import Settings
from tests.assistant.conftest import Conversation
from tests.assistant.speaking import EVERY, sighting, speaking_shop
from tests.shop import RED
from tools.kit import Right
from tools.kit.watch import Watch
from tools.store import Store, open_store

GOOD = "sku,name\nPOT-1,Pot\n"
BAD = "sku,name,price\nPOT-1,Pot,cheap\n"


def rules(store: Store) -> list[str]:
    return [incident.rule for incident in store.incidents.open()]


async def test_an_import_that_was_refused_stands_until_one_goes_through(
    talk: Callable[..., Conversation], tmp_path: Path
):
    anna = talk("Anna")
    house, file = anna.house, tmp_path / "products.csv"
    for dry_run, wrong in ((True, []), (False, ["import.failed"])):
        file.write_text(BAD)
        await house.import_file(str(file), actor=anna.user, dry_run=dry_run)
        assert rules(house.store) == wrong
    (incident,) = house.store.incidents.open()
    assert "The import of products.csv was refused." in incident.reply
    assert incident.needs == Right.MANAGE.value
    file.write_text(GOOD)
    await house.import_file(str(file), actor=anna.user, dry_run=False)
    assert rules(house.store) == []


def test_an_import_by_a_timetable_that_fails_is_told_of(sqlite_url: str, tmp_path: Path):
    settings, file = Settings(database_url=sqlite_url), tmp_path / "products.csv"
    file.write_text(BAD)
    with pytest.raises(Trouble):
        import_data(settings, file, {}, as_json=True)
    store = open_store(sqlite_url)
    assert rules(store) == ["import.failed"]
    file.write_text(GOOD)
    import_data(settings, file, {}, as_json=True)
    assert rules(store) == []
    store.close()


def test_work_that_breaks_is_told_of_and_still_breaks(store: Store):
    def broken() -> None:
        raise RuntimeError("no disk")

    with pytest.raises(RuntimeError, match="no disk"):
        faults_told(store, "job.failed", "training", "The training failed", broken)()
    (incident,) = store.incidents.open()
    assert "The training failed: no disk" in incident.reply
    assert faults_told(store, "job.failed", "training", "The training failed", lambda: 7)() == 7
    assert rules(store) == []


class NoTraining(Nightly):
    """A night in which nothing is trained."""

    def __init__(self) -> None:
        """Needs no books."""

    def check(self) -> bool:
        return False


def test_the_app_looks_by_itself(sqlite_url: str):
    shop = speaking_shop(open_store(sqlite_url))
    store = shop.store
    seen = [sighting()]
    watch = Watch("stock.low", "A rule of a test.", Right.SEE_STOCK, EVERY, lambda _a: iter(seen))
    schedule = Schedule(store, NoTraining(), Alerts(store, ["slack"], {"stock.low": watch}))
    schedule.start()
    try:
        until = time.monotonic() + 60
        while not shop.subjects() and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        schedule.stop()
    assert shop.subjects() == [RED]

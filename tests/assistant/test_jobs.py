"""The forecast job: what it makes of the books, that it can be killed, and when it starts by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from assistant import jobs
from assistant.jobs import FULL, QUICK, findings, run
from assistant.jobs_calendar import last_full_day, shop_days
from assistant.jobs_histories import lines_of
from assistant.jobs_schedule import due
from connectors.feeds import load
from tools.store import Actor, Store

TODAY = date(2026, 3, 16)
NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
ANNA = Actor("Anna", "test")
WEEKS = 20
CLOSED = date(2026, 2, 10)


def books(store: Store, folder: Path, *, weeks: int = WEEKS, extra: str = "") -> Store:
    """A shop of two places, closed on Sundays: mugs sell 3 and 1 a day, milk 10 at one place."""
    store.clock = lambda: NOW
    folder.mkdir(exist_ok=True)
    (folder / "locations.csv").write_text("code,name,kind\nHIGH,High Street,shop\nHARB,Harbour,shop\n")
    (folder / "products.csv").write_text(
        "sku,name,category,price,shelf_life_days\nMUG,Red Mug,Mugs,9.50,\nMLK,Milk,Dairy,1.30,7\nNEW,New Mug,Mugs,9.00,\n"
    )
    rows = ["sold_at,sku,location,quantity,unit_price,customer"]
    for number in range(weeks * 7):
        day = TODAY - timedelta(days=number + 1)
        if day.weekday() == 6 or day == CLOSED:
            continue
        rows += [f"{day}T10:00,MUG,HIGH,{3 + number % 2},9.50,", f"{day}T11:00,MUG,HARB,1,9.50,"]
        rows.append(f"{day}T09:00,MLK,HIGH,{10 + number % 3},1.30,")
    (folder / "sales.csv").write_text("\n".join(rows) + "\n" + extra)
    report = load(store, folder, actor=ANNA, at=NOW)
    assert report.state == "applied", report
    return store


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Store:
    return books(store, tmp_path / "shop")


def test_every_product_gets_a_forecast_whose_places_sum_to_the_whole(shop: Store) -> None:
    assert run(shop, quick=True).state == "done"
    everywhere = {one.sku: one for one in shop.forecasts.of()}
    assert set(everywhere) == {"MUG", "MLK", "NEW"}
    places = [shop.forecasts.of(["MUG"], location=code)[0] for code in ("HIGH", "HARB")]
    total = np.sum([place.weekly for place in places], axis=0)
    np.testing.assert_allclose(total, everywhere["MUG"].weekly, rtol=1e-4)
    assert everywhere["MUG"].weekly[0] == pytest.approx(27, rel=0.1)
    assert everywhere["MUG"].profile[6] == 0
    assert sum(everywhere["MUG"].profile) == pytest.approx(1, abs=1e-4)
    assert everywhere["NEW"].note == "never sold yet"


def test_a_perishable_is_planned_by_the_day_and_agrees_with_its_weeks(shop: Store) -> None:
    assert run(shop).state == "done"
    milk = shop.forecasts.of(["MLK"])[0]
    assert milk.weekly[0] == pytest.approx(66, rel=0.1)
    assert milk.profile[6] == 0
    latest = shop.forecasts.latest()
    assert latest is not None
    assert latest.scores["methods"]


def test_closed_and_empty_days_are_unknown_not_zero(shop: Store) -> None:
    cut_off = last_full_day(shop, TODAY)
    assert cut_off == date(2026, 3, 14)
    days = shop_days(shop, cut_off, ahead=28)
    assert days.closing_of("").weekdays.tolist() == [False] * 6 + [True]
    assert bool(days.closing_of("").days[days.number(CLOSED)])
    mug = next(
        line
        for line in lines_of(shop, days, [shop.catalogue().products["MUG"]], horizon=4)
        if line.place is None
    )
    assert np.nanmin(mug.history.values[1:]) >= 24


def test_what_the_same_customer_took_back_was_no_demand(store: Store, tmp_path: Path) -> None:
    extra = "2026-03-12T10:00,MUG,HIGH,500,9.50,C9\n2026-03-13T10:00,MUG,HIGH,-500,9.50,C9\n"
    shop = books(store, tmp_path / "shop", extra=extra)
    rows = list(shop.demand.days(first=date(2026, 3, 9), last=TODAY, skus=["MUG"], netted=True))
    assert sum(row.sold for row in rows) < 40
    assert sum(row.returned for row in rows) == 0
    plain = list(shop.demand.days(first=date(2026, 3, 9), last=TODAY, skus=["MUG"]))
    assert sum(row.returned for row in plain) == Decimal(500)


def test_a_killed_run_is_taken_up_where_it_was(shop: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 1)
    made: list[str] = []
    real = shop.forecasts.save

    def save(run_id: int, forecasts, at: datetime) -> None:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(forecasts[0].sku)
        real(run_id, forecasts, at)

    monkeypatch.setattr(shop.forecasts, "save", save)
    with pytest.raises(KeyboardInterrupt):
        run(shop, quick=True)
    assert shop.forecasts.runs(1)[0].state == "running"
    assert run(shop, quick=True).state == "busy"
    monkeypatch.setattr(jobs, "_now", lambda: datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr(shop.forecasts, "save", lambda *rest: (made.append(rest[1][0].sku), real(*rest)))
    assert run(shop, quick=True).state == "done"
    assert sorted(made) == ["MLK", "MUG", "NEW"]


def test_a_failure_is_kept_told_and_leaves_the_run_before(
    shop: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(shop, quick=True).state == "done"
    monkeypatch.setattr(jobs, "lines_of", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(shop, quick=True)
    latest = shop.forecasts.latest()
    assert latest is not None
    assert latest.state == "done"
    assert any("ZeroDivisionError" in finding.what for finding in findings(shop) if not finding.ok)


def test_it_is_due_first_quickly_then_whole_after_an_import_and_once_a_night(
    shop: Store, tmp_path: Path
) -> None:
    assert due(shop) == "quick"
    run(shop, quick=True)
    assert due(shop) == "full"
    run(shop)
    assert due(shop) is None
    more = tmp_path / "sales.csv"
    more.write_text("sold_at,sku,location,quantity,unit_price\n2026-03-15T10:00,MUG,HIGH,2,9.50\n")
    assert load(shop, more, actor=ANNA, at=NOW).state == "applied"
    assert due(shop) == "quick"
    run(shop, quick=True)
    assert [one.version for one in shop.forecasts.runs(3)] == [QUICK, FULL, QUICK]
    assert due(shop) == "full"
    assert due(shop) is None


def test_books_without_sales_ask_for_nothing(store: Store) -> None:
    store.clock = lambda: NOW
    assert due(store) is None
    assert run(store).state == "nothing"
    assert all(finding.ok for finding in findings(store))

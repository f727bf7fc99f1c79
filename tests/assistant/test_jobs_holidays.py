"""Holidays of the shop's country are tried where its own sales ever felt them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from assistant.jobs_calendar import HOLIDAY, shop_days
from assistant.jobs_forecasting import horizon_for
from assistant.jobs_histories import lines_of
from assistant.jobs_holidays import COUNTRY, country_of, holidays_between
from connectors.feeds import load
from tools.store import Actor, Store

pytest.importorskip("holidays")

CUT_OFF = date(2026, 3, 15)
WEEKS = 56
LONDON = datetime(2026, 3, 16, 9, 0, tzinfo=ZoneInfo("Europe/London"))


def shop(store: Store, folder: Path, *, busier: int) -> Store:
    """A shop that is always open and sells ``busier`` times as much on holidays."""
    store.clock = lambda: LONDON
    (folder / "products.csv").write_text("sku,name,price\nICE,Ice Cream,2.50\n")
    bank = set(holidays_between("GB", date(2025, 1, 1), CUT_OFF))
    rows = ["sold_at,sku,quantity,unit_price,order_ref"]
    for back in range(WEEKS * 7):
        day = CUT_OFF - timedelta(days=back)
        rows += [f"{day}T10:{n:02},ICE,1,2.50,{day}-{n}" for n in range(3 * (busier if day in bank else 1))]
    (folder / "sales.csv").write_text("\n".join(rows) + "\n")
    assert load(store, folder, actor=Actor("Anna", "test"), at=LONDON).state == "applied"
    return store


def test_the_country_is_that_of_the_time_zone_unless_the_shop_says_otherwise(store: Store) -> None:
    store.clock = lambda: LONDON
    assert country_of(store) == "GB"
    store.settings.set(COUNTRY, "de-by")
    assert country_of(store) == "DE-BY"
    assert date(2026, 1, 6) in holidays_between("DE-BY", date(2026, 1, 1), date(2026, 1, 31))
    assert holidays_between("XX", CUT_OFF, CUT_OFF) == []


def test_without_a_country_there_are_no_holidays(store: Store) -> None:
    store.clock = lambda: datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    assert country_of(store) == ""
    assert holidays_between("", date(2026, 1, 1), date(2026, 12, 31)) == []


def test_holidays_that_move_sales_are_known_for_the_weeks_to_come(store: Store, tmp_path: Path) -> None:
    found = shop(store, tmp_path, busier=4)
    days = shop_days(found, CUT_OFF, ahead=13 * 7)
    (line,) = lines_of(found, days, list(found.catalogue().products.values()), horizon=horizon_for(days))
    flags = line.history.covariates[HOLIDAY]
    assert len(flags) == len(line.history.values) + horizon_for(days)
    coming = flags[len(line.history.values) :]
    # Good Friday on 3 April, the bank holidays of 4 and 25 May.
    assert np.flatnonzero(coming).tolist() == [2, 7, 10]


def test_holidays_that_change_nothing_are_not_tried(store: Store, tmp_path: Path) -> None:
    found = shop(store, tmp_path, busier=1)
    assert HOLIDAY not in shop_days(found, CUT_OFF, ahead=13 * 7).outside

"""What was counted lately, and what a sensor read over time."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.shop import ANNA, NOW, RED, tiny_shop
from tools.store import Count, Store, Undo


def test_counts_tell_what_was_expected_the_newest_first(store: Store) -> None:
    tiny_shop(store)
    for number, (place, counted) in enumerate((("HIGH", 10), ("WH", 44))):
        change = Count(RED, place, Decimal(counted), store.stock.position())
        at = NOW + timedelta(minutes=number)
        done = store.apply(change, ANNA, request_id=f"count {place}", at=at)
    found = store.stock.counts(NOW - timedelta(days=1))
    assert [(one.location, one.expected, one.difference) for one in found] == [
        ("WH", Decimal(40), Decimal(4)),
        ("HIGH", Decimal(12), Decimal(-2)),
    ]
    store.apply(Undo(done.group_id), ANNA, request_id="undo", at=NOW)
    assert [one.location for one in store.stock.counts(NOW - timedelta(days=1))] == ["HIGH"]
    assert store.stock.counts(NOW + timedelta(hours=1)) == []


def test_a_sensors_readings_come_oldest_first(store: Store) -> None:
    tiny_shop(store)
    since = NOW.replace(tzinfo=None) - timedelta(hours=3)
    assert [value for _, value in store.stock.sensor_history(since)["FRG-T1"]] == [4.1, 5.6]
    assert store.stock.sensor_history(since + timedelta(hours=3)) == {}

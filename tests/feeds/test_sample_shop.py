"""The demo shop: the same every time, free of faults, and with something to ask about."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from connectors.feeds.sample_shop import make_sample_shop
from tests.feeds.folders import TODAY, bring
from tools.store import Store, open_store


def test_the_same_date_and_seed_make_the_same_shop(tmp_path: Path):
    for name in ("one", "two"):
        make_sample_shop(tmp_path / name, TODAY)
    first, second = (
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")
    )
    assert first == second


def test_the_demo_shop_loads_without_a_fault(sqlite_url: str, tmp_path: Path):
    store = open_store(sqlite_url)
    make_sample_shop(tmp_path / "shop", TODAY)
    report = bring(store, tmp_path / "shop")
    assert report.state == "applied" and not report.refused_total, report.summary()
    _check_there_is_something_to_ask_about(store)
    store.close()


def _check_there_is_something_to_ask_about(store: Store) -> None:
    catalogue = store.catalogue()
    reds = [sku for sku, product in catalogue.products.items() if "Red Mug" in product.name]
    assert len(reds) == 2 and len(catalogue.products) > 100 and len(catalogue.categories) >= 12
    assert all(level.on_hand > 0 for level in store.stock.levels(reds, today=TODAY) if level.location)
    coverage = store.sales.coverage()
    assert coverage is not None
    assert (coverage[1], (coverage[1] - coverage[0]).days > 390) == (TODAY - timedelta(days=1), True)
    expiring = store.stock.lots(expires_to=TODAY + timedelta(days=3), today=TODAY)
    assert any(lot.expires_on < TODAY for lot in expiring if lot.expires_on) and len(expiring) > 3
    late = [
        line
        for line in store.purchasing.lines()
        if line.status == "ordered" and line.expected_on and line.expected_on < TODAY
    ]
    assert late
    statuses = {line.status for line in store.purchasing.lines(statuses=None)}
    assert statuses >= {"ordered", "in_transit", "partial"}

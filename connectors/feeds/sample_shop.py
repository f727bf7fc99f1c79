"""A demo shop of our own, made up but consistent: the same date and seed always give the same shop."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from connectors.feeds import sample_trade as trade
from connectors.feeds import sample_upkeep as upkeep
from connectors.feeds.sample_goods import (
    CUSTOMERS,
    LOCATIONS,
    REMARKS,
    STREETS,
    SUPPLIERS,
    USERS,
    VEHICLES,
    Good,
    goods,
)

MONTHS = 14
SHOPS = {"MARKET": 0.6, "STATION": 0.4}
PROMOTIONS = 10
PROMOTION_DAYS = 9
_WEEK = (0.80, 0.85, 0.90, 1.00, 1.25, 1.65, 0.95)
_WEEKEND = (0.55, 0.60, 0.70, 0.85, 1.20, 2.10, 1.60)
_YEARS_PEAK = {
    "winter": (12, 0.45),
    "summer": (195, 0.45),
    "gift": (350, 0.20),
    "flat": (0, 0.0),
    "weekend": (195, 0.08),
}


def make_sample_shop(folder: Path, today: date, seed: int = 7) -> None:
    """Write the demo shop's folder: sales end the day before ``today``, orders and stock stand as of it."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    stocked = goods()
    sales = _sales(stocked, today, chance)
    _write(folder, "locations", "code name kind latitude longitude", LOCATIONS)
    _write(
        folder, "suppliers", "code name email lead_time_days min_order_value", (row[:5] for row in SUPPLIERS)
    )
    _write(folder, "products", _PRODUCT_COLUMNS, (_product(good) for good in stocked))
    _write(folder, "customers", "code name address latitude longitude", _customers(chance))
    _write(folder, "users", "name role slack_id telegram_id", USERS)
    _write(
        folder, "vehicles", "code name capacity_kg capacity_l home shift_from shift_to odometer_km", VEHICLES
    )
    _write(folder, "stock", "sku location quantity lot expires_on", trade.stock(stocked, today, chance))
    _write(folder, "sales", "sold_at sku location quantity unit_price channel order_ref", sales)
    _write(folder, "orders", trade.ORDER_COLUMNS, trade.orders(stocked, today, chance))
    _write(folder, "purchase_orders", trade.PURCHASE_COLUMNS, trade.purchase_orders(stocked, today, chance))
    _write(folder, "feedback", "received_at channel customer sku rating text", _feedback(today, chance))
    _write(folder, "sensors", "code name kind location low high", _SENSORS)
    _write(folder, "sensor_readings", "read_at sensor value", _readings(today, chance))
    _write(folder, "vehicle_services", upkeep.SERVICE_COLUMNS, upkeep.services(today))
    _write(folder, "vehicle_readings", upkeep.READING_COLUMNS, upkeep.readings(today, seed))
    _write(folder, "vehicle_faults", upkeep.FAULT_COLUMNS, upkeep.faults(today))


_PRODUCT_COLUMNS = (
    "sku name category unit barcode aliases price cost supplier pack_size moq lead_time_days shelf_life_days"
    " weight_kg volume_l"
)
_SENSORS = (
    ("FR-1", "Walk-in fridge temperature", "temperature", "COLD", 1.0, 5.0),
    ("CB-1", "Market Place deli counter temperature", "temperature", "MARKET", 1.0, 6.0),
    ("HU-1", "Warehouse humidity", "humidity", "STORE", 35.0, 60.0),
)


def _write(folder: Path, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(rows)


def _product(good: Good) -> tuple[Any, ...]:
    return (
        good.sku, good.name, good.category, good.unit, _barcode(good.sku), good.aliases,
        f"{good.price:.2f}", f"{good.cost:.2f}", good.supplier, good.pack, good.pack, "",
        good.shelf or "", good.kilograms, good.litres,
    )  # fmt: skip


def _barcode(sku: str) -> str:
    """A GS1 number of the range for use inside a shop (it starts with 2), with its check digit."""
    body = f"2{ord(sku[0]):03d}{ord(sku[1]):03d}{sku[3:]:0>5}"
    total = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return f"{body}{-total % 10}"


def _customers(chance: np.random.Generator) -> list[tuple[Any, ...]]:
    rows = []
    for number, name in enumerate(CUSTOMERS, 1):
        street = STREETS[number % len(STREETS)]
        latitude, longitude = 52.629 + chance.normal(0, 0.012), 1.291 + chance.normal(0, 0.02)
        address = f"{chance.integers(2, 190)} {street}, Norwich"
        rows.append((f"K{number:03d}", name, address, f"{latitude:.5f}", f"{longitude:.5f}"))
    return rows


def _sales(stocked: Sequence[Good], today: date, chance: np.random.Generator) -> list[tuple[Any, ...]]:
    """Daily till lines of both shops: Poisson around rate × weekday × season × trend, with promotions."""
    first = (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    rows: list[tuple[Any, ...]] = []
    for good in stocked:
        prices, lift = _promotions(good, len(days), chance)
        expected = np.array([_level(good, day) for day in days]) * lift * np.linspace(0.92, 1.08, len(days))
        for shop, share in SHOPS.items():
            rows += _till_lines(good, shop, days, chance.poisson(expected * share), prices)
    rows.sort(key=lambda row: (row[0], row[2], row[1]))
    return rows


def _promotions(
    good: Good, days: int, chance: np.random.Generator
) -> tuple[list[float], np.ndarray[Any, Any]]:
    prices, lift = [good.price] * days, np.ones(days)
    if chance.random() < PROMOTIONS / 40:
        start = int(chance.integers(30, days - 30))
        for day in range(start, start + PROMOTION_DAYS):
            prices[day] = round(good.price * 0.8, 2)
            lift[day] = 1.8
    return prices, lift


def _level(good: Good, day: date) -> float:
    if (day.month, day.day) in ((12, 25), (12, 26), (1, 1)):
        return 0.0
    peak, height = _YEARS_PEAK[good.season]
    around = math.cos((day.timetuple().tm_yday - peak) / 365.25 * 2 * math.pi)
    level = (
        good.rate * (1 + height * around) * (_WEEKEND if good.season == "weekend" else _WEEK)[day.weekday()]
    )
    if good.season == "gift" and (day.month, day.day) >= (11, 20) and day.month >= 11:
        level *= 2.2
    return level


def _till_lines(
    good: Good, shop: str, days: list[date], sold: np.ndarray[Any, Any], prices: list[float]
) -> list[tuple[Any, ...]]:
    closed = 6 if shop == "STATION" else None
    return [
        (
            day.isoformat(),
            good.sku,
            shop,
            _amount(good, int(count), index),
            f"{prices[index]:.2f}",
            "till",
            "",
        )
        for index, (day, count) in enumerate(zip(days, sold, strict=True))
        if count and day.weekday() != closed
    ]


def _amount(good: Good, count: int, salt: int) -> str:
    """Loose goods are weighed, so their figures are not round."""
    return f"{count * (0.85 + 0.05 * (salt % 7)):.2f}" if good.unit == "kg" else str(count)


def _feedback(today: date, chance: np.random.Generator) -> list[tuple[Any, ...]]:
    rows = []
    for ago, channel, sku, rating, text in REMARKS:
        minute = int(chance.integers(9 * 60, 18 * 60))
        at = datetime.combine(today - timedelta(days=ago), time(minute // 60, minute % 60))
        customer = f"K{chance.integers(1, len(CUSTOMERS) + 1):03d}" if channel in ("email", "phone") else ""
        rows.append((at.isoformat(timespec="minutes"), channel, customer, sku, rating or "", text))
    return sorted(rows)


def _readings(today: date, chance: np.random.Generator) -> list[tuple[Any, ...]]:
    """Every half hour of a week; the walk-in fridge has been too warm since yesterday evening."""
    midnight = datetime.combine(today, time())
    rows = []
    for step in range(7 * 48, -1, -1):
        at = midnight - timedelta(minutes=30 * step)
        warm = max(0.0, 4.6 - 0.35 * step) if step < 13 else 0.0
        figures = (
            3.2 + chance.normal(0, 0.25) + warm,
            3.9 + chance.normal(0, 0.3),
            47 + chance.normal(0, 1.5),
        )
        rows += [
            (at.isoformat(timespec="minutes"), sensor[0], f"{value:.1f}")
            for sensor, value in zip(_SENSORS, figures, strict=True)
        ]
    return rows

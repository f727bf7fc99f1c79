"""Numbers, money, days and names as people say them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tools.kit import Period, words
from tools.kit.spans import comparable
from tools.store import Product

TODAY = date(2026, 3, 16)


def _period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("value", "said"),
    [("42", "42"), ("42.000", "42"), ("2.800", "2.8"), ("1250", "1,250"), ("0.000", "0"), ("-3", "-3")],
)
def test_amounts_have_no_trailing_zeros(value: str, said: str) -> None:
    assert words.amount(Decimal(value)) == said


@pytest.mark.parametrize(
    ("value", "currency", "said"),
    [
        ("9.5", "GBP", "£9.50"),
        ("1234.5", "GBP", "£1,234.50"),
        ("-3", "EUR", "-€3.00"),
        ("0.005", "USD", "$0.005"),
        ("2.345", "GBP", "£2.35"),
        ("12", "CHF", "12.00 CHF"),
        ("0", "GBP", "£0.00"),
    ],
)
def test_money_goes_to_the_penny(value: str, currency: str, said: str) -> None:
    assert words.money(Decimal(value), currency) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-03-16", "2026-03-16", "today"),
        ("2026-03-15", "2026-03-15", "yesterday"),
        ("2026-03-10", "2026-03-10", "on Tue 10 Mar"),
        ("2026-03-09", "2026-03-15", "last week (Mon 9 – Sun 15 Mar)"),
        ("2026-02-01", "2026-02-28", "in February"),
        ("2011-11-01", "2011-11-30", "in November 2011"),
        ("2026-02-23", "2026-03-10", "from Mon 23 Feb to Tue 10 Mar"),
        ("2025-12-20", "2026-01-05", "from Sat 20 Dec 2025 to Mon 5 Jan"),
    ],
)
def test_periods_end_a_sentence(first: str, last: str, said: str) -> None:
    assert words.during(_period(first, last), TODAY) == said


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("Red Mug 350ml", "Red Mug 500ml"), "red mugs"),
        (("Whole Milk 1L", "Oat Milk 1L"), "milk"),
        (("Birthday Card", "Thank You Card"), "cards"),
        (("Wine Glass", "Beer Glass"), "glasses"),
        (("Red Mug", "Red Teapot"), ""),
    ],
)
def test_several_products_are_called_by_what_they_share(names: tuple[str, ...], said: str) -> None:
    goods = [Product(number, str(number), name) for number, name in enumerate(names)]
    assert words.group_name(goods) == said


def test_singular_and_plural_fit_the_count() -> None:
    assert words.plural(1, "box") == "1 box"
    assert words.plural(2, "box") == "2 boxes"
    assert words.plural(0, "product") == "0 products"
    assert words.plural(2, "category") == "2 categories"
    tea = Product(1, "T", "Earl Grey", unit="pack")
    assert words.quantity(tea, Decimal(1)) == "1 pack"
    assert words.quantity_of(tea, Decimal(3)) == "3 packs of Earl Grey"


def test_a_period_is_held_against_the_fitting_days_before() -> None:
    assert comparable(_period("2026-03-15", "2026-03-15"), 1) == _period("2026-03-08", "2026-03-08")
    assert comparable(_period("2026-03-16", "2026-03-22"), 3) == _period("2026-03-09", "2026-03-11")
    assert comparable(_period("2026-03-01", "2026-03-31"), 15) == _period("2026-02-01", "2026-02-15")
    assert comparable(_period("2026-02-01", "2026-02-28"), 28) == _period("2026-01-01", "2026-01-31")

"""Numbers, units, money, percentages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.quantities import find_amounts
from intents.words import clean, words_of


def amounts(text: str) -> list[tuple[str, str, str]]:
    return [
        (str(amount.value.normalize()), amount.kind, amount.unit)
        for amount in find_amounts(words_of(clean(text)))
    ]


@pytest.mark.parametrize(("said", "value", "kind", "unit"), [
    ("12 lamps", "12", "count", ""),
    ("x20 lamps", "20", "count", ""),
    ("lamps x 36", "36", "count", ""),
    ("lamps 20x", "20", "count", ""),
    ("two cases of jam", "2", "count", "case"),
    ("half a case", "0.5", "count", "case"),
    ("a dozen eggs", "12", "count", ""),
    ("half a dozen eggs", "6", "count", ""),
    ("three dozen eggs", "36", "count", ""),
    ("a couple of lamps", "2", "count", ""),
    ("a hundred and twenty five lamps", "125", "count", ""),
    ("twenty-one lamps", "21", "count", ""),
    ("two thousand lamps", "2000", "count", ""),
    ("1,250 lamps", "1250", "count", ""),
    ("2.5kg", "2.5", "count", "kg"),
    ("two and a half kilos", "2.5", "count", "kg"),
    ("1 1/2 kg", "1.5", "count", "kg"),
    ("100 nos", "100", "count", "each"),
    ("5 pcs", "5", "count", "each"),
    ("3 singles", "3", "count", "each"),
    ("a box of tiles", "1", "count", "box"),
    ("minus 4", "-4", "count", ""),
    ("-4", "-4", "count", ""),
    ("+4", "4", "count", ""),
    ("£9.50", "9.5", "money", ""),
    ("80p", "0.8", "money", ""),
    ("12 quid", "12", "money", ""),
    ("30%", "30", "percent", ""),
    ("30 per cent", "30", "percent", ""),
    ("two weeks", "14", "days", ""),
    ("3 days", "3", "days", ""),
    ("a million lamps", "1000000", "count", ""),
    ("1e9 lamps", "1000000000", "count", ""),
])  # fmt: skip
def test_one_amount(said: str, value: str, kind: str, unit: str) -> None:
    found = find_amounts(words_of(clean(said)))
    assert [(amount.value, amount.kind, amount.unit) for amount in found] == [(Decimal(value), kind, unit)]


def test_a_pack_in_a_pack_is_told() -> None:
    (amount,) = find_amounts(words_of("2 boxes of 12 candles"))
    assert (amount.value, amount.unit, amount.pack) == (2, "box", 12)


@pytest.mark.parametrize(
    "said", ["the big one", "this one", "no one answered", "which one is it", "the first one"]
)
def test_one_is_not_always_a_number(said: str) -> None:
    assert amounts(said) == []


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_every_figure_is_read_exactly(number: Decimal) -> None:
    (amount,) = find_amounts(words_of(f"{number:,} lamps"))
    assert amount.value == number


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    find_amounts(words_of(clean(text)))

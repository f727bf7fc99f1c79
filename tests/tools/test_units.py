"""Units: exact or refused, and both are told."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tools.kit import Refused
from tools.kit.units import both_units, from_base, to_base
from tools.store import Product

MUG = Product(1, "MUG", "Red Mug", pack_size=Decimal(6))
APPLES = Product(2, "APP", "Gala Apples", unit="kg", pack_size=Decimal("12.5"))
TEA = Product(3, "TEA", "Earl Grey", unit="pack", pack_size=Decimal(10))
CORDIAL = Product(4, "COR", "Cordial", unit="l")
PLAIN = Product(5, "PLA", "Plate")
SOCKS = Product(6, "SOC", "Wool Socks", unit="pair")
EGGS = Product(7, "EGG", "Hen Eggs", unit="dozen")


@pytest.mark.parametrize(
    ("product", "said", "unit", "base"),
    [
        (MUG, "3", None, "3"),
        (MUG, "3", "each", "3"),
        (MUG, "4", "pack", "24"),
        (MUG, "2", "cases", "12"),
        (MUG, "0.5", "box", "3"),
        (MUG, "2", "dozen", "24"),
        (MUG, "7", "pcs", "7"),
        (APPLES, "2.5", "kilos", "2.5"),
        (APPLES, "300", "g", "0.3"),
        (APPLES, "2", "crates", "25"),
        (TEA, "3", "packs", "3"),
        (TEA, "2", "case", "20"),
        (TEA, "5", "each", "5"),
        (CORDIAL, "750", "ml", "0.75"),
        (SOCKS, "3", "pairs", "3"),
        (SOCKS, "4", "each", "2"),
        (SOCKS, "1", "dozen", "6"),
        (EGGS, "24", "pcs", "2"),
    ],
)
def test_an_amount_becomes_the_base_unit(product: Product, said: str, unit: str | None, base: str) -> None:
    assert to_base(product, Decimal(said), unit) == Decimal(base)


@pytest.mark.parametrize(
    ("product", "said", "unit", "because"),
    [
        (MUG, "2", "kg", "kept by the piece"),
        (APPLES, "3", "each", "kept by the kg"),
        (MUG, "0.5", None, "no whole number"),
        (MUG, "1", "carton", "could be one or a case of 6"),
        (PLAIN, "1", "case", "don't know how many"),
        (APPLES, "0.5", "g", "more than three decimal places"),
        (MUG, "1", "furlong", "can't take it in furlong"),
        (SOCKS, "3", "pieces", "no whole number"),
        (EGGS, "3", "each", "no whole number"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_reason(
    product: Product, said: str, unit: str | None, because: str
) -> None:
    result = to_base(product, Decimal(said), unit)
    assert isinstance(result, Refused)
    assert because in result.reason


@given(
    product=some.sampled_from([MUG, APPLES, TEA, CORDIAL]),
    unit=some.sampled_from([None, "each", "pack", "case", "dozen", "pair", "kg", "g", "l", "ml"]),
    said=some.decimals(min_value="0.001", max_value=100_000, places=3),
)
def test_there_and_back_is_the_same_amount(product: Product, unit: str | None, said: Decimal) -> None:
    base = to_base(product, said, unit)
    if not isinstance(base, Refused):
        assert from_base(product, base, unit) == Fraction(said)


@given(pack=some.decimals(min_value="0.001", max_value=1_000, places=3), base=some.integers(1, 10**9))
def test_the_base_comes_back_through_any_pack_size(pack: Decimal, base: int) -> None:
    product = Product(1, "X", "X", unit="kg", pack_size=pack)
    amount = Decimal(base) / 1000
    packs = from_base(product, amount, "case")
    assert not isinstance(packs, Refused)
    assert packs * Fraction(pack) == Fraction(amount)


def test_both_units_are_told_where_they_differ() -> None:
    assert both_units(MUG, Decimal(4), "pack", Decimal(24)) == "4 packs = 24 pcs"
    assert both_units(MUG, Decimal(1), "dozen", Decimal(12)) == "1 dozen = 12 pcs"
    assert both_units(APPLES, Decimal(300), "g", Decimal("0.3")) == "300 g = 0.3 kg"
    assert both_units(TEA, Decimal(2), "case", Decimal(20)) == "2 cases = 20 packs"
    assert both_units(MUG, Decimal(3), "each", Decimal(3)) == ""
    assert both_units(MUG, Decimal(3), None, Decimal(3)) == ""

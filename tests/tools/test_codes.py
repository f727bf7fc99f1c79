"""Which product a scanned code is, and what it tells beyond that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.shop import BIG_RED, BLUE, MILK, RED, TEA
from tools.kit.codes import Scanned, is_gtin, known_to, numbers_of, understood


@pytest.fixture
def numbered(shop):
    """The catalogue with its products' numbers as given."""

    def give(**barcodes):
        catalogue = shop.catalogue()
        skus = {"red": RED, "big": BIG_RED, "blue": BLUE, "milk": MILK, "tea": TEA}
        given = {skus[name]: barcode for name, barcode in barcodes.items()}
        products = {
            sku: replace(product, barcode=given.get(sku, "")) for sku, product in catalogue.products.items()
        }
        return replace(catalogue, products=products)

    return give


def found(catalogue, code):
    return understood(code, numbers_of(catalogue)).products


@pytest.mark.parametrize(
    "written",
    [
        "036000291452",
        "0036000291452",
        "36000291452",
        "0 36000 29145 2",
        "00036000291452",
        "03600029145",
        "0-36000-29145-2",
    ],
)
def test_a_number_is_the_same_however_the_shop_wrote_it(numbered, written):
    assert found(numbered(blue=written), "]E00036000291452") == (BLUE,)


def test_old_book_numbers_and_short_upcs_are_the_long_ones(numbered):
    catalogue = numbered(red="0-306-40615-2", blue="01234565")
    assert found(catalogue, "]E09780306406157") == (RED,)
    assert found(catalogue, "]E00012345000065") == (BLUE,)


def test_our_own_sku_is_read_from_a_label_or_an_address_on_it(numbered):
    catalogue = numbered()
    assert found(catalogue, "]C0mug-red-350") == (RED,)
    assert found(catalogue, "]Q1https://shop.example/products/MUG-RED-350") == (RED,)
    assert found(catalogue, "]Q1https://[") == ()


def test_a_gs1_label_tells_lot_and_date(numbered):
    scanned = understood("]C101095060001343521017AB\x1d17260401", numbers_of(numbered(milk="9506000134352")))
    assert scanned.products == (MILK,)
    assert (scanned.lot, scanned.expiry) == ("17AB", date(2026, 4, 1))


def test_a_digital_link_tells_lot_and_date(numbered):
    link = "]Q1https://id.gs1.org/01/09506000134352/10/AB?17=260400"
    scanned = understood(link, numbers_of(numbered(milk="9506000134352")))
    assert scanned.products == (MILK,)
    assert (scanned.lot, scanned.expiry) == ("AB", date(2026, 4, 30))


@pytest.mark.parametrize(
    "code",
    [
        "]d2010950600013435217261231",
        "(01)09506000134352(17)261231",
        "]Q3010950600013435217261231",
        "010950600013435217261231",
    ],
)
def test_other_carriers_of_the_same_fields_are_understood(numbered, code):
    scanned = understood(code, numbers_of(numbered(milk="9506000134352")))
    assert (scanned.products, scanned.expiry) == ((MILK,), date(2026, 12, 31))


def test_the_number_of_a_case_leads_to_what_is_in_it(numbered):
    scanned = understood("]C10119506000134359", numbers_of(numbered(milk="9506000134352")))
    assert scanned.products == (MILK,)
    assert scanned.outer


def test_a_weight_or_a_count_on_the_label_is_taken(numbered):
    numbers = numbers_of(numbered(milk="9506000134352"))
    assert understood("]C101095060001343523103001250", numbers).kilograms == Decimal("1.250")
    assert understood("]C102095060001343523724", numbers).quantity == 24


def test_two_products_with_one_number_are_both_meant(numbered):
    assert found(numbered(red="5012345678900", big="5012345678900"), "]E05012345678900") == (RED, BIG_RED)


def test_unknown_codes_are_no_product(numbered):
    known = known_to(numbered(red="5012345678900"))
    assert known("]E05012345678900")
    for other in (
        "]E04006381333931",
        "]Q1https://example.org/offer",
        "]C0",
        "",
        "]C1",
        "]C1999",
        "0",
        "]Q1\x1d\x1d",
    ):
        assert not known(other)


def test_what_a_button_carries_comes_back_whole():
    scanned = Scanned(
        "5012345678900", lot="A/1", expiry=date(2026, 5, 1), kilograms=Decimal("1.25"), outer=True
    )
    assert Scanned.from_detail(scanned.to_detail()) == scanned


def test_check_digits_are_checked():
    assert is_gtin("5012345678900")
    assert not is_gtin("5012345678901")
    assert not is_gtin("50123456789")

"""All names of the shop in memory, and the shop's own choices."""

from __future__ import annotations

import threading
import time
from decimal import Decimal

import pytest
from sqlalchemy import update

from tests.shop import ANNA, APPLES, BIG_RED, BLUE, NOW, RED, tiny_shop
from tools.store import Store, open_store
from tools.store.catalogue import RECHECK_SECONDS, bump
from tools.store.tables import ProductRow


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def rename(store: Store, name: str) -> None:
    with store.database.writing() as connection:
        connection.execute(update(ProductRow).where(ProductRow.sku == RED).values(name=name))
        bump(connection)


def test_the_catalogue_holds_every_name(shop: Store) -> None:
    names = shop.catalogue()
    red = names.products[RED]
    assert (red.name, red.unit, red.price, red.cost, red.supplier) == (
        "Red Mug 350ml",
        "each",
        Decimal("9.5"),
        Decimal("3.8"),
        "ACME",
    )
    assert (red.aliases, red.barcode, red.pack_size) == (("small red mug",), "5060417007202", 6)
    assert names.products[BIG_RED].aliases == ("big red mug", "large red mug")
    assert names.products[APPLES].supplier is None
    assert [place.code for place in names.locations] == ["HIGH", "HARB", "WH", "FRIDGE"]
    assert names.categories["Mugs"] == (RED, BIG_RED, BLUE)
    assert names.supplier("ACME").name == "Acme Ceramics"
    assert [one.code for one in (*names.customers, *names.vehicles)] == ["C001", "VAN1"]
    assert (names.sensors[0].location, names.sensors[0].high) == ("FRIDGE", 5)
    assert names.orders == {"5530", "5531"}


def test_the_same_object_answers_until_a_name_changes(shop: Store) -> None:
    first = shop.catalogue()
    assert shop.catalogue() is first
    rename(shop, "Scarlet Mug")
    second = shop.catalogue()
    assert (second.products[RED].name, second.version) == ("Scarlet Mug", first.version + 1)
    assert shop.catalogue() is second


def test_a_change_that_was_taken_back_changes_nothing(shop: Store) -> None:
    first = shop.catalogue()
    with pytest.raises(ZeroDivisionError), shop.database.writing() as connection:
        bump(connection)
        raise ZeroDivisionError
    assert shop.catalogue() is first
    rename(shop, "Scarlet Mug")
    assert shop.catalogue().products[RED].name == "Scarlet Mug"


def test_a_change_is_not_seen_before_it_is_committed(shop: Store) -> None:
    first = shop.catalogue()
    with shop.database.writing() as connection:
        connection.execute(update(ProductRow).values(name="Everything"))
        bump(connection)
        assert shop.catalogue() is first
    assert shop.catalogue().products[RED].name == "Everything"


def test_another_process_sees_a_change_within_a_moment(shop: Store, url: str) -> None:
    other = open_store(url)
    assert other.catalogue().products[RED].name == "Red Mug 350ml"
    rename(shop, "Scarlet Mug")
    time.sleep(RECHECK_SECONDS + 0.05)
    assert other.catalogue().products[RED].name == "Scarlet Mug"
    other.close()


def test_many_threads_at_once_get_one_catalogue(shop: Store) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(shop.catalogue())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1


def test_hidden_products_are_in_no_catalogue_but_keep_their_stock(shop: Store) -> None:
    with shop.database.writing() as connection:
        connection.execute(update(ProductRow).where(ProductRow.sku == RED).values(active=False))
        bump(connection)
    assert RED not in shop.catalogue().products
    assert RED not in shop.catalogue().categories["Mugs"]
    assert shop.stock.totals([RED], today=NOW.date())[0].on_hand == 57


def test_a_setting_is_kept_and_told_at_once(store: Store) -> None:
    assert store.settings.get("allow_negative", "0") == "0"
    store.settings.set("allow_negative", "1")
    assert store.settings.get("allow_negative", "0") == "1"
    store.settings.set("allow_negative", "0")
    assert store.settings.all()["allow_negative"] == "0"
    assert "catalogue_version" not in store.settings.all()


def test_a_new_currency_is_in_the_catalogue_at_once(store: Store) -> None:
    before = store.catalogue()
    assert before.currency == "GBP"
    store.settings.set("currency", "EUR")
    assert store.catalogue().currency == "EUR"


def test_who_changed_a_setting_stands_in_the_audit(store: Store) -> None:
    store.settings.set("shop_name", "Harbour", actor=ANNA, at=NOW)
    (event,) = store.audit.rows(subject="shop_name")
    assert (event.actor, event.action, event.detail, event.at) == ("Anna Bell", "setting", "Harbour", NOW)


def test_a_setting_can_be_read_while_another_thread_writes(store: Store) -> None:
    done = threading.Event()
    store.settings.get("x")

    def write() -> None:
        store.settings.set("x", "1")
        done.set()

    with store.database.writing():
        thread = threading.Thread(target=write)
        thread.start()
        time.sleep(RECHECK_SECONDS + 0.05)
        assert store.settings.get("x", "0") == "0"
    thread.join()
    assert done.is_set()
    assert store.settings.get("x") == "1"

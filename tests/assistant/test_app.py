"""The books know the shop's time zone, so that a sale near midnight is one of its own day."""

from datetime import date
from pathlib import Path

from assistant.app import open_books
from assistant.settings import Settings
from connectors.feeds import load
from tools.store import Actor


def test_a_sale_near_midnight_is_one_of_the_shops_own_day(sqlite_url: str, tmp_path: Path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "products.csv").write_text("sku,name\nA,Apple\n")
    (shop / "sales.csv").write_text("sold_at,sku,quantity,unit_price\n2026-03-10T20:30:00+00:00,A,1,2.00\n")
    books = open_books(Settings(time_zone="Asia/Kolkata", database_url=sqlite_url))
    assert load(books, shop, actor=Actor("Anna", "test"), at=books.clock()).state == "applied"
    assert books.sales.coverage() == (date(2026, 3, 11), date(2026, 3, 11))
    books.close()


def test_a_zone_that_was_not_set_here_leaves_the_books_theirs(sqlite_url: str, monkeypatch):
    monkeypatch.delenv("QUARTERMASTER_TIME_ZONE", raising=False)
    for settings in (
        Settings(time_zone="Asia/Kolkata", database_url=sqlite_url),
        Settings(database_url=sqlite_url),
    ):
        books = open_books(settings)
        assert books.settings.get("time_zone") == "Asia/Kolkata"
        books.close()

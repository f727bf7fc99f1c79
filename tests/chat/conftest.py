"""The served shop of the web's tests, for what several channels share."""

from tests.web.conftest import app, client, house, shop_books

__all__ = ["app", "client", "house", "shop_books"]

"""What a customer said is noted once, taken back whole, and the books stay sound."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.shop import NOW, tiny_shop
from tools.store import Actor, BooksError, Store, Undo
from tools.store.changes import NoteRemark
from tools.store.remarks import LONGEST
from tools.store.tables import FeedbackRow

ANNA = Actor("Anna Bell", "test")


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def texts(shop: Store) -> list[str]:
    with shop.database.reading() as connection:
        return list(connection.execute(select(FeedbackRow.text)).scalars())


def test_a_remark_is_noted_once_for_its_request(shop: Store) -> None:
    before = texts(shop)
    for _ in range(2):
        shop.apply(NoteRemark("do you sell oat milk?", "slack"), ANNA, request_id="r", at=NOW)
    assert texts(shop) == [*before, "do you sell oat milk?"]
    assert all(finding.ok for finding in shop.doctor())


def test_a_remark_can_be_taken_back_once(shop: Store) -> None:
    before = texts(shop)
    noted = shop.apply(NoteRemark("lid leaks"), ANNA, request_id="r", at=NOW)
    shop.apply(Undo(noted.group_id), ANNA, request_id="u", at=NOW)
    assert texts(shop) == before
    with pytest.raises(BooksError):
        shop.apply(Undo(noted.group_id), ANNA, request_id="u2", at=NOW)
    assert all(finding.ok for finding in shop.doctor())


@pytest.mark.parametrize("text", ["", "  \0 ", "x" * (LONGEST + 1)])
def test_nothing_and_a_book_are_no_remarks(shop: Store, text: str) -> None:
    with pytest.raises(BooksError):
        shop.apply(NoteRemark(text), ANNA, request_id="r", at=NOW)

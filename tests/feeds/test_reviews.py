"""Exports of reviews come in by their headers, each review once, without names."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.feeds import load
from connectors.feeds.reviews import stars, whole_text
from tests.feeds.folders import ACTOR, AT, bring, folder
from tools.store import Store
from tools.store.signal_facts import Remark

EXPORTS = {
    "judge.me": (
        "title,body,rating,review_date,source,curated,reviewer_name,reviewer_email,product_id,product_handle\n"
        "Lovely,Best mug ever,5,2026-03-01 10:00:00 UTC,web,ok,Jane Smith,jane@example.org,77,red-mug\n"
    ),
    "shopify product reviews": (
        "product_handle,state,rating,title,author,email,location,body,reply,created_at,replied_at\n"
        "red-mug,published,5,Lovely,Jane Smith,jane@example.org,Leeds,Best mug ever,,2026-03-01 10:00:00 +0000,\n"
    ),
    "yotpo": (
        "Review Title,Review Content,Review Score,Review Date,Reviewer Display Name,Reviewer Email,Product Title\n"
        "Lovely,Best mug ever,5,2026-03-01,Jane Smith,jane@example.org,Red Mug\n"
    ),
    "trustpilot": (
        "Review ID,Review Created Date (UTC),Consumer name,Review Title,Review Content,Review Stars\n"
        "a1,2026-03-01,Jane Smith,Lovely,Best mug ever,5\n"
    ),
    "google": "reviewer,starRating,comment,createTime\nJane Smith,FIVE,Lovely. Best mug ever,2026-03-01T10:00:00Z\n",
    "survey, semicolons": "Submitted at;Comment;Score;Name\n31.01.2026;Lovely. Best mug ever;5/5;Jane Smith\n",
}


@pytest.fixture
def shop(store: Store, tmp_path: Path) -> Store:
    bring(store, folder(tmp_path / "shop"))
    return store


def brought(store: Store, path: Path) -> list[Remark]:
    before = {one.id for one in store.said.remarks()}
    report = load(store, path, actor=ACTOR, at=AT)
    assert report.state == "applied", report.to_json()
    return [one for one in store.said.remarks() if one.id not in before]


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_common_export_is_recognised_by_its_headers(shop: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(EXPORTS[kind], encoding="utf-8")
    (review,) = brought(shop, path)
    assert review.text == "Lovely. Best mug ever"
    assert (review.rating, review.channel, review.source, review.customer) == (5, "review", "reviews", "")
    assert review.person
    assert load(shop, path, actor=ACTOR, at=AT).state == "unchanged"


def test_a_review_with_its_own_number_counts_once_in_overlapping_exports(shop: Store, tmp_path: Path) -> None:
    head, row = EXPORTS["trustpilot"].splitlines()
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(f"{head}\n{row}\n", encoding="utf-8")
    other = row.replace("a1", "a2").replace("Jane", "John")
    second.write_text(f"{head}\n{row}\n{other}\n", encoding="utf-8")
    assert len(brought(shop, first)) == 1
    assert len(brought(shop, second)) == 1


def test_stars_without_words_are_left_out_and_an_unknown_product_stays_open(
    shop: Store, tmp_path: Path
) -> None:
    path = tmp_path / "reviews.csv"
    path.write_text(
        "body,rating,created_at,author,product_handle\n,5,2026-03-01,A,red-mug\nLeaks,1,2026-03-02,B,no-such\n",
        encoding="utf-8",
    )
    report = load(shop, path, actor=ACTOR, at=AT)
    assert "rows left out because they have no words: 1" in str(report.to_json())
    (newest,) = (one for one in shop.said.remarks() if one.source == "reviews")
    assert (newest.text, newest.sku) == ("Leaks", None)


def test_names_and_numbers_do_not_reach_the_books_and_an_export_comes_back_as_known(
    shop: Store, tmp_path: Path
) -> None:
    path = tmp_path / "feedback.csv"
    path.write_text(
        "received_at,channel,customer,sku,rating,text\n2026-03-01,email,,,,Ring me on 07700 900123\n",
        encoding="utf-8",
    )
    (kept,) = brought(shop, path)
    assert kept.text == "Ring me on [phone]"
    path.write_text(
        "received_at,channel,customer,sku,rating,text\n2026-03-01,email,,,,Ring me on [phone]\n",
        encoding="utf-8",
    )
    assert load(shop, path, actor=ACTOR, at=AT).state == "unchanged"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *(
            ("5", "5"),
            ("4.5", "5"),
            ("4,4", "4"),
            ("8/10", "4"),
            ("3 stars", "3"),
            ("★★★★☆", "4"),
            ("FIVE", "5"),
        ),
        *(("90/100", "5"), ("1 out of 5", "1"), ("", ""), ("six", ""), ("7", ""), ("0", ""), ("5/0", "")),
    ],
)
def test_stars_are_read_in_many_spellings(said: str, meant: str) -> None:
    assert stars(said) == meant


def test_a_title_that_the_text_begins_with_is_not_said_twice() -> None:
    assert whole_text("Best mug", "Best mug ever!") == "Best mug ever!"
    assert whole_text("Late!", "Came Friday") == "Late! Came Friday"
    assert whole_text("", "x") == "x"
    assert whole_text("Only a title", "") == "Only a title."

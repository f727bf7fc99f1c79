"""Whatever a file holds, the answer is a report: never a traceback, never half an import."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.feeds.folders import SHOP, bring, counts, folder
from tools.store import Store, open_store

QUIET = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELL = st.one_of(
    st.sampled_from(["", "MUG-R", "HIGH", "1", "-1", "9.50", "1,5", "1e309", "NaN", "2026-03-01", "99999999999999999999", "=1+1", '"', "\n", ";"]),
    st.text(max_size=12),
)  # fmt: skip


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    where = tmp_path_factory.mktemp("hostile")
    store = open_store(f"sqlite:///{where / 'books.db'}")
    assert bring(store, folder(where / "shop")).state == "applied"
    yield store
    store.close()


def _harmless(books: Store, path: Path) -> None:
    before = counts(books)
    report = bring(books, path, dry_run=True, keep_good=True)
    assert report.state in ("dry_run", "refused", "unchanged")
    assert report.summary() and report.to_json()
    assert counts(books) == before


@QUIET
@given(content=st.binary(max_size=400), name=st.sampled_from(sorted(SHOP)))
def test_any_bytes_as_a_shop_file(books: Store, tmp_path: Path, content: bytes, name: str):
    path = tmp_path / f"{name}.csv"
    path.write_bytes(content)
    _harmless(books, path)


@QUIET
@given(rows=st.lists(st.lists(CELL, max_size=14), max_size=5), name=st.sampled_from(sorted(SHOP)))
def test_any_cells_under_the_right_header(books: Store, tmp_path: Path, rows: list[list[str]], name: str):
    path = tmp_path / f"{name}.csv"
    header = SHOP[name].splitlines()[0]
    path.write_text("\n".join([header, *(",".join(row) for row in rows)]), encoding="utf-8", errors="replace")
    _harmless(books, path)


@QUIET
@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=4), max_size=6))
def test_any_cells_in_a_strangers_table(books: Store, tmp_path: Path, rows: list[list[str]]):
    path = tmp_path / "till.csv"
    path.write_text(
        "\n".join(["Date,SKU,Qty,Price", *(",".join(row) for row in rows)]),
        encoding="utf-8",
        errors="replace",
    )
    _harmless(books, path)


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Date", "SKU", "Qty"], ["2026-03-01", "MUG-R", 2], ["2026-03-02", "MUG-B", 1]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WORKBOOK = _workbook()


@QUIET
@given(at=st.integers(0, len(WORKBOOK) - 1), junk=st.binary(min_size=1, max_size=30), cut=st.booleans())
def test_any_damage_to_a_workbook(books: Store, tmp_path: Path, at: int, junk: bytes, cut: bool):
    damaged = WORKBOOK[:at] + junk + (b"" if cut else WORKBOOK[at + len(junk) :])
    path = tmp_path / "till.xlsx"
    path.write_bytes(damaged)
    _harmless(books, path)


def test_a_file_that_may_not_be_read_is_told(books: Store, tmp_path: Path):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert bring(books, tmp_path / "loop.csv").state == "refused"

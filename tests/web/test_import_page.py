"""Data in: check first, load then, take back; and files that mean no good."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import httpx
import openpyxl
import pytest

from connectors.chat.web.columns import headers_of
from tests.web.shop import SmallHouse, write_shop
from tests.web.test_who_speaks import token_on

GOOD = "sku,name,category,price\nPOT-1,Small Pot,Pots,4.50\nPOT-2,Large Pot,Pots,7.50\n"
BAD = "sku,name,category,price\nPOT-1,Small Pot,Pots,4.50\nPOT-2,=Large Pot,Pots,cheap\n"


async def hand_in(
    client: httpx.AsyncClient, content: bytes | str, name: str = "products.csv"
) -> httpx.Response:
    data = content.encode() if isinstance(content, str) else content
    token = token_on(await client.get("/import"))
    return await client.post("/import", data={"form_token": token}, files={"file": (name, data)})


async def go_on(client: httpx.AsyncClient, path: str, do: str, **form: str) -> str:
    token = token_on(await client.get(path))
    done = await client.post(path, data={"form_token": token, "do": do, **form})
    assert done.status_code == 303, done.text
    return (await client.get(done.headers["location"])).text


async def test_a_file_is_checked_loaded_and_taken_back(client: httpx.AsyncClient, house: SmallHouse) -> None:
    report = (await hand_in(client, GOOD)).headers["location"]
    checked = (await client.get(report)).text
    assert "This can be loaded. Nothing has been changed yet." in checked
    assert "POT-1" not in house.store.catalogue().products
    loaded = await go_on(client, report, "load")
    assert "Loaded as import" in loaded
    assert house.store.catalogue().products["POT-1"].name == "Small Pot"
    number = house.store.imports.past(1)[0].id
    token = token_on(await client.get("/import"))
    undone = await client.post(f"/imports/{number}/undo", data={"form_token": token})
    assert f"Import {number} is undone." in undone.text
    assert "POT-1" not in house.store.catalogue().products


async def test_refused_rows_are_told_with_their_reasons(client: httpx.AsyncClient, house: SmallHouse) -> None:
    report = (await hand_in(client, BAD)).headers["location"]
    page = (await client.get(report)).text
    assert "1 row cannot be taken" in page
    assert "cheap" in page
    assert "Load it" not in page
    rows = await client.get(f"{report}/refused.csv")
    assert "cheap" in rows.text
    assert rows.headers["content-type"].startswith("text/csv")
    await go_on(client, report, "load-good")
    assert "POT-1" in house.store.catalogue().products
    assert "POT-2" not in house.store.catalogue().products


async def test_a_strangers_columns_are_named_by_hand(client: httpx.AsyncClient, house: SmallHouse) -> None:
    table = "What it is,Costs you\nSmall Pot,4.50\nLarge Pot,7.50\n"
    report = (await hand_in(client, table, "pots.csv")).headers["location"]
    page = (await client.get(report)).text
    assert "How the columns are read" in page
    assert "<option>Costs you</option>" in page
    named = {"kind": "products", "column:name": "What it is", "column:price": "Costs you"}
    checked = await go_on(client, report, "check", **named)
    assert "This can be loaded" in checked
    assert "<option selected>Costs you</option>" in checked
    await go_on(client, report, "load", **named)
    prices = {product.name: product.price for product in house.store.catalogue().products.values()}
    assert str(prices["Small Pot"].normalize()) == "4.5"  # type: ignore[union-attr]


async def test_a_form_cannot_name_columns_that_are_not_there(client: httpx.AsyncClient) -> None:
    table = "What it is,Costs you\nSmall Pot,4.50\n"
    report = (await hand_in(client, table, "pots.csv")).headers["location"]
    page = await go_on(client, report, "check", **{"kind": "products", "column:name": "<b>", "decimal": "x"})
    assert "cannot be taken" in page
    assert "<b>" not in page


@pytest.mark.parametrize(
    "content",
    [
        b"Was;Preis\nTopf;4,50\n",
        "\ufeffWas\tPreis\n".encode(),
        "Was|Preis\n".encode("utf-16"),
        b'\n\n"Was","Preis"\n\xff\xfe',
    ],
)
def test_headers_are_seen_in_every_kind_of_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "table.csv").write_bytes(content)
    assert headers_of(tmp_path / "table.csv") == ["Was", "Preis"]


def test_headers_are_seen_in_workbooks(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Was", None, "Preis"])
    book.save(tmp_path / "table.xlsx")
    assert headers_of(tmp_path / "table.xlsx") == ["Was", "Preis"]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    assert headers_of(tmp_path / "broken.xlsx") == []
    assert headers_of(tmp_path) == []


async def test_a_zip_of_a_shop_folder_is_taken(client: httpx.AsyncClient, tmp_path: Path) -> None:
    write_shop(tmp_path / "shop", products=8)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("products.csv", "locations.csv", "suppliers.csv", "sales.csv", "purchase_orders.csv"):
            archive.write(tmp_path / "shop" / name, f"my shop/{name}")
    report = (await hand_in(client, packed.getvalue(), "shop.zip")).headers["location"]
    page = (await client.get(report)).text
    assert "sales.csv" in page
    assert "purchase_orders.csv" in page


async def test_files_that_mean_no_good_are_refused(client: httpx.AsyncClient, tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sales.csv", b"0" * 30_000_000)
    climbing = io.BytesIO()
    with zipfile.ZipFile(climbing, "w") as archive:
        archive.writestr("../../outside.csv", "sku,name\n")
    empty = io.BytesIO()
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme.txt", "hello")
    for name, content in {
        "bomb.zip": bomb.getvalue(),
        "empty.zip": empty.getvalue(),
        "broken.zip": b"PK\x03\x04 not a zip",
        "page.html": b"<script>alert(1)</script>",
        "shop": b"x",
    }.items():
        refused = await hand_in(client, content, name)
        assert refused.status_code == 400, name
        assert 'role="alert"' in refused.text
    await hand_in(client, climbing.getvalue(), "climbing.zip")
    assert not list(tmp_path.parent.glob("**/outside.csv")) or all(
        "uploads" in str(path) for path in tmp_path.parent.glob("**/outside.csv")
    )


def evil_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("**/*.csv") if "evil" in path.name and "refused" not in path.name]


async def test_file_names_cannot_leave_their_folder(client: httpx.AsyncClient, tmp_path: Path) -> None:
    for name in ("../../evil.csv", "..\\..\\evil.csv", "/etc/evil.csv", "evil\x00.csv", "é" * 300 + ".csv"):
        found = await hand_in(client, GOOD, name)
        assert found.status_code in (303, 400, 422), name
    assert {path.parent.parent.name for path in evil_files(tmp_path)} == {"uploads"}


async def test_uploads_belong_to_whoever_handed_them_in(client: httpx.AsyncClient) -> None:
    report = (await hand_in(client, GOOD)).headers["location"]
    client.cookies.set("quartermaster_name", "somebody else")
    assert (await client.get(report)).status_code == 404
    assert (await client.get("/import/..%2f..%2fweb.key")).status_code == 404


async def test_an_upload_without_a_file_is_refused(client: httpx.AsyncClient) -> None:
    token = token_on(await client.get("/import"))
    assert (await client.post("/import", data={"form_token": token})).status_code == 422
    broken = await client.post(
        "/import", content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert 400 <= broken.status_code < 500

"""All pages in a real browser: accessible in both colour schemes, fit for a phone, working."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import PHONE, large_targets, no_sideways_scroll, nothing_to_complain, open_page
from tests.web.conftest import Served
from tests.web.test_import_page import BAD, GOOD
from tests.web.test_who_speaks import PASSWORD, add_owner
from tools.store import Actor, Adjust

pytestmark = pytest.mark.browser
PAGES = (
    *("/", "/today", "/stock", "/stock/MUG-RED", "/orders", "/orders/PO-1042", "/policy", "/forecast"),
    *("/forecast/MUG-RED", "/import", "/people", "/people/1", "/docs", "/nothing"),
)


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_fits(
    served: Served, browser: Browser, scheme: Literal["light", "dark"], size: str
) -> None:
    served.house.store.people.add("Olga", "owner", locations=["HIGH"])
    options = PHONE if size == "phone" else {}
    for path in PAGES:
        with open_page(
            browser,
            served.address + path,
            faults=("404",),
            color_scheme=scheme,
            reduced_motion="reduce",
            **options,
        ) as page:
            nothing_to_complain(page)
            no_sideways_scroll(page)
            if size == "phone":
                large_targets(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_conversation_and_a_report_are_accessible(
    served: Served, browser: Browser, scheme: Literal["light", "dark"], tmp_path: Path
) -> None:
    with open_page(browser, served.address, color_scheme=scheme, reduced_motion="reduce", **PHONE) as page:
        for words in ("both please", "we broke 3 red mugs"):
            page.get_by_label("Your message").fill(words)
            page.keyboard.press("Enter")
            expect(page.locator(".thinking")).to_have_count(0)
        nothing_to_complain(page)
        page.get_by_role("button", name="No", exact=True).click()
        expect(page.locator(".ended.done")).to_be_visible()
        nothing_to_complain(page)
        page.goto(f"{served.address}/import")
        (tmp_path / "products.csv").write_text(BAD, encoding="utf-8")
        page.get_by_label("A CSV or Excel file").set_input_files(tmp_path / "products.csv")
        page.get_by_role("button", name="Check the file").click()
        expect(page.get_by_role("heading", name="Refused rows")).to_be_visible()
        nothing_to_complain(page)
        no_sideways_scroll(page)
        large_targets(page)


def test_the_login_page_is_accessible_and_lets_in(served: Served, browser: Browser) -> None:
    add_owner(served.house)
    with open_page(browser, f"{served.address}/today", faults=("401",), **PHONE) as page:
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        nothing_to_complain(page)
        large_targets(page)
        page.get_by_label("Name").fill("Olga")
        page.get_by_label("Password").fill("wrong password")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_contain_text("do not fit together")
        page.get_by_label("Name").fill("Olga")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Mon 16 Mar 2026")).to_be_visible()
        page.locator(".who summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_file_with_faults_is_explained_and_its_good_rows_are_loaded(
    served: Served, browser: Browser, tmp_path: Path
) -> None:
    with open_page(browser, f"{served.address}/import") as page:
        (tmp_path / "products.csv").write_text(BAD, encoding="utf-8")
        page.get_by_label("A CSV or Excel file").set_input_files(tmp_path / "products.csv")
        page.get_by_role("button", name="Check the file").click()
        expect(page.get_by_role("alert")).to_contain_text("1 row cannot be taken")
        expect(page.get_by_role("cell", name="cheap")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("link", name="Download all refused rows").click()
        assert "cheap" in download.value.path().read_text(encoding="utf-8")
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Load the good rows only").click()
        expect(page.get_by_role("status").first).to_contain_text("Loaded as import")
    assert "POT-1" in served.house.store.catalogue().products


def test_an_import_is_previewed_loaded_and_undone(served: Served, browser: Browser, tmp_path: Path) -> None:
    with open_page(browser, f"{served.address}/import") as page:
        (tmp_path / "products.csv").write_text(GOOD, encoding="utf-8")
        page.get_by_label("A CSV or Excel file").set_input_files(tmp_path / "products.csv")
        page.get_by_role("button", name="Check the file").click()
        expect(page.get_by_role("status").first).to_contain_text("This can be loaded")
        page.get_by_role("button", name="Load it").click()
        expect(page.get_by_role("status").first).to_contain_text("Loaded as import")
        page.get_by_role("link", name="Done").click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Undo").first.click()
        expect(page.get_by_role("status").first).to_contain_text("is undone")
    assert "POT-1" not in served.house.store.catalogue().products


def test_the_stock_list_narrows_while_typing(served: Served, browser: Browser) -> None:
    with open_page(browser, f"{served.address}/stock") as page:
        page.get_by_label("Search").fill("red mug")
        expect(page.get_by_role("rowheader")).to_have_count(1)
        assert "search=red" in page.url
        page.get_by_role("link", name="Red Mug 350ml").click()
        expect(page.get_by_role("heading", name="Red Mug 350ml", exact=True)).to_be_visible()
        expect(page.locator(".chart canvas")).to_have_count(1)
        page.get_by_role("link", name="who supplies").click()
        expect(page.get_by_label("Your message")).to_have_value("who supplies Red Mug 350ml?")


def test_the_day_follows_the_books(served: Served, browser: Browser) -> None:
    with open_page(browser, f"{served.address}/today") as page:
        expect(page.get_by_text("£9.50")).to_be_visible()
        expect(page.locator(".chart canvas")).to_have_count(1)
        store, position = served.house.store, served.house.store.stock.position()
        page.wait_for_timeout(500)
        lost = Adjust(
            "MUG-RED", "HIGH", -store.stock.levels(["MUG-RED"], today=served.house.now().date())[0].on_hand
        )
        store.apply(lost, Actor("test", "test"), request_id="flood", at=served.house.now())
        expect(page.get_by_text(f"ledger position {position + 1}")).to_be_visible(timeout=8_000)
        expect(page.locator(".chart canvas")).to_have_count(1)


def test_pages_can_be_read_without_scripts(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address, java_script_enabled=False) as page:
        page.get_by_label("Your message").fill("the chart")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".reply").last).to_contain_text("56 red mugs sold")
        expect(page.locator(".chart img").first).to_be_visible()
        page.goto(f"{served.address}/stock?search=milk")
        expect(page.get_by_role("rowheader")).to_have_count(1)

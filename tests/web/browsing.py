"""What the browser tests share: a page that fails on script errors, and checks of size and access."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
PHONE: dict[str, Any] = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
LEAST_TARGET = 44
# Links in running text may be smaller (WCAG 2.2, 2.5.8).
TARGETS = """() => [...document.querySelectorAll(
        'a[href], button, select, textarea, summary, input:not([type=hidden], [type=checkbox])')]
    .filter(one => one.checkVisibility() && !one.closest('p, td, th, li') && !one.classList.contains('skip'))
    .map(one => [one.outerHTML.slice(0, 120), one.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
    .map(([html, box]) => `${html} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@contextmanager
def open_page(
    browser: Browser, address: str, *, faults: tuple[str, ...] = (), **options: Any
) -> Iterator[Page]:
    """A page in a fresh profile; errors of scripts or of the content policy fail the test at the end."""
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.goto(address)
    yield page
    context.close()
    lost = ("ERR_FAILED", "ERR_INTERNET_DISCONNECTED", *faults)
    assert not [error for error in errors if not any(one in error for one in lost)], errors


def no_sideways_scroll(page: Page) -> None:
    """Nothing is wider than the window."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]


def large_targets(page: Page) -> None:
    """Whatever is to be pressed is large enough for a thumb."""
    assert page.evaluate(TARGETS) == []


def nothing_to_complain(page: Page) -> None:
    """Axe finds no fault with the page."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    assert not found, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]

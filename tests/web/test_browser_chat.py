"""The chat in a real browser: asking, buttons, charts, failures, keyboard, phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web.browsing import PHONE, no_sideways_scroll, open_page
from tests.web.conftest import Served

pytestmark = pytest.mark.browser
NOTE_WHAT_IS_READ_OUT = """() => {
    globalThis.readOut = [];
    new MutationObserver((changes) => {
        for (const node of changes.flatMap((change) => [...change.addedNodes]))
            if (node.matches?.(".reply")) readOut.push(node.querySelector(".said").textContent);
    }).observe(document.getElementById("log"), { childList: true, subtree: true });
}"""


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.keyboard.press("Enter")


def test_a_question_appears_at_once_and_is_answered(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        page.route("**/chat/say", lambda route: (page.wait_for_timeout(400), route.continue_()))
        ask(page, "how many <b>red mugs</b> are left?")
        expect(page.locator(".mine").last).to_have_text("how many <b>red mugs</b> are left?")
        expect(page.locator(".thinking")).to_be_visible()
        expect(page.get_by_label("Your message")).to_be_focused()
        expect(page.locator(".reply").last).to_contain_text("42 Red Mug 350ml left.")
        expect(page.locator(".thinking")).to_have_count(0)
        expect(page.get_by_role("table").last).to_contain_text("HIGH")
        page.get_by_text("Where this comes from").click()
        expect(page.get_by_text("High Street: 12")).to_be_visible()


def test_several_answers_and_their_charts_are_shown(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        ask(page, "both please")
        expect(page.locator(".reply")).to_have_count(2)
        expect(page.locator(".chart canvas")).to_have_count(2)
        page.get_by_text("Figures of “Red mugs sold”").click()
        expect(page.get_by_role("rowheader", name="2026-02-16")).to_be_visible()


def test_each_reply_appears_as_soon_as_it_is_known(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        page.evaluate(NOTE_WHAT_IS_READ_OUT)
        served.house.second_reply.clear()
        ask(page, "both please")
        expect(page.locator(".reply")).to_have_count(1)
        expect(page.locator(".reply")).to_contain_text("42 Red Mug 350ml left.")
        expect(page.locator(".thinking")).to_be_visible()
        served.house.second_reply.set()
        expect(page.locator(".reply").last).to_contain_text("56 red mugs sold")
        expect(page.locator(".thinking")).to_have_count(0)
        assert page.evaluate("readOut") == ["42 Red Mug 350ml left.", "56 red mugs sold in four weeks."]


def test_an_answer_cut_off_is_fetched_again_and_not_doubled(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        sent = []

        def cut_off(route: Route) -> None:
            sent.append(route.request.post_data)
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().partition("event: answer")[0])

        page.evaluate(NOTE_WHAT_IS_READ_OUT)
        page.route("**/chat/say", cut_off, times=1)
        page.on("request", lambda request: sent.append(request.post_data))
        ask(page, "both please")
        expect(page.locator(".thinking")).to_have_count(0)
        assert page.evaluate("readOut") == ["42 Red Mug 350ml left.", "56 red mugs sold in four weeks."]
        expect(page.locator(".reply")).to_have_count(2)
        assert len(sent) == 3
        assert len(set(sent)) == 1
        assert len(served.house.turns) == 1


def test_a_button_takes_effect_once_and_keeps_its_final_state(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        ask(page, "we broke 3 red mugs")
        before = served.house.store.stock.position()
        page.get_by_role("button", name="Yes, take 3 off").dblclick()
        expect(page.locator(".reply").last).to_contain_text("12 → 9")
        expect(page.locator(".ended.done")).to_contain_text("Yes, take 3 off")
        expect(page.locator(".actions button")).to_have_count(0)
        assert served.house.store.stock.position() == before + 1
        page.reload()
        expect(page.locator(".ended.done")).to_contain_text("Yes, take 3 off")
        expect(page.locator(".mine").last).to_contain_text("Yes, take 3 off")


def test_what_did_not_get_through_is_sent_again_under_the_same_id(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        lost = []

        def lose_the_answer(route) -> None:
            lost.append(route.request.post_data)
            route.fetch()
            route.abort()

        page.route("**/chat/say", lose_the_answer, times=1)
        ask(page, "we broke 3 red mugs")
        expect(page.get_by_role("alert")).to_contain_text("did not get through")
        page.get_by_role("button", name="Send again").click()
        expect(page.locator(".reply").last).to_contain_text("Take 3 Red Mug off")
        assert len(lost) == 1
        assert len(served.house.turns) == 1


def test_a_fault_of_the_server_can_be_tried_again(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address, faults=("ERR_INCOMPLETE_CHUNKED_ENCODING",)) as page:
        served.house.failures = 2
        ask(page, "hello")
        page.get_by_role("button", name="Send again").click()
        expect(page.locator(".reply").last).to_contain_text("I heard: hello")


def test_being_offline_is_said(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        notice = page.get_by_text("No connection.")
        expect(notice).to_be_hidden()
        page.context.set_offline(offline=True)
        expect(notice).to_be_visible()
        page.context.set_offline(offline=False)
        expect(notice).to_be_hidden()


def test_suggestions_ask_for_you(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        page.get_by_role("button", name="how many red mugs are left?").click()
        expect(page.locator(".reply").last).to_contain_text("42 Red Mug 350ml left.")


def test_everything_can_be_done_with_the_keyboard(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address) as page:
        expect(page.get_by_label("Your message")).to_be_focused()
        page.keyboard.type("we broke 3 red mugs")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("sorry")
        page.keyboard.press("Enter")
        expect(page.locator(".mine p")).to_have_text("we broke 3 red mugs\nsorry")
        yes = page.get_by_role("button", name="Yes, take 3 off")
        expect(yes).to_be_visible()
        for _ in range(12):
            page.keyboard.press("Shift+Tab")
            if yes.evaluate("button => button === document.activeElement"):
                break
        expect(yes).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".reply").last).to_contain_text("12 → 9")
        expect(page.get_by_label("Your message")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(page.get_by_label("Your message")).to_have_value(re.compile("we broke 3 red mugs"))


def test_the_first_tab_leads_past_the_navigation(served: Served, browser: Browser) -> None:
    with open_page(browser, f"{served.address}/stock") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_text("Skip to the content")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()


def test_the_chat_fits_a_small_phone(served: Served, browser: Browser) -> None:
    with open_page(browser, served.address, **PHONE) as page:
        for words in ("both please", "we broke 3 red mugs", "w" * 200):
            ask(page, words)
            expect(page.locator(".thinking")).to_have_count(0)
        no_sideways_scroll(page)
        page.get_by_role("button", name="Yes, take 3 off").tap()
        expect(page.locator(".reply").last).to_contain_text("12 → 9")
        assert page.get_by_label("Your message").bounding_box()["y"] < 568  # type: ignore[index]

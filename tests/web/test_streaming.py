"""An answer comes reply by reply, over one request that may be cut off and sent again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.web.conftest import Served
from tests.web.test_who_speaks import token_on

SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def caller(served: Served) -> Iterator[httpx.Client]:
    """What the script on the page is: a client over a real connection."""
    with httpx.Client(base_url=served.address, headers=SCRIPT) as client:
        client.headers["X-Form-Token"] = token_on(client.get("/"))
        yield client


def pieces(response: httpx.Response) -> Iterator[str]:
    """The HTML of each piece, as it arrives."""
    for line in response.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def said(html: str) -> list[str]:
    """The words of the replies in a piece."""
    return re.findall(r'<p class="said">(.*?)</p>', html)


FIRST, SECOND = "42 Red Mug 350ml left.", "56 red mugs sold in four weeks."


def test_the_first_reply_arrives_before_the_second_is_computed(served: Served, caller: httpx.Client) -> None:
    served.house.second_reply.clear()
    form = {"text": "both please", "event_id": "e1"}
    with caller.stream("POST", "/chat/say", data=form) as response:
        came = pieces(response)
        assert said(next(came)) == [FIRST]
        assert not served.house.second_reply.is_set()
        served.house.second_reply.set()
        assert [said(piece) for piece in came] == [[FIRST, SECOND], [FIRST, SECOND]]


def test_a_connection_lost_on_the_way_costs_nothing(served: Served, caller: httpx.Client) -> None:
    served.house.second_reply.clear()
    form = {"text": "both please", "event_id": "e1"}
    with caller.stream("POST", "/chat/say", data=form) as response:
        assert said(next(pieces(response))) == [FIRST]
    served.house.second_reply.set()
    with caller.stream("POST", "/chat/say", data=form) as response:
        assert [said(piece) for piece in pieces(response)] == [[FIRST, SECOND]]
    assert len(served.house.turns) == 1


def test_buttons_come_with_the_whole_answer_only(caller: httpx.Client) -> None:
    with caller.stream(
        "POST", "/chat/say", data={"text": "we broke 3 red mugs", "event_id": "e1"}
    ) as response:
        *before, whole = pieces(response)
    assert "Yes, take 3 off" in whole
    assert not any("<button" in piece for piece in before)


def test_what_is_refused_is_refused_before_anything_is_streamed(served: Served, caller: httpx.Client) -> None:
    caller.post("/chat/say", data={"text": "hello", "event_id": "e1"})
    other = caller.post("/chat/say", data={"text": "goodbye", "event_id": "e1"})
    assert other.status_code == 409
    assert "used before" in other.text
    assert len(served.house.turns) == 1

"""Each night's judgement: whether what customers say has told of sales in this shop's own past."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from assistant.jobs_signals import gates_by_class
from tools.kit.demand_signals import WANTED, Heard, Talk
from tools.maths.signals.simulator import BUSY, Setting, World, weekly, world
from tools.maths.signals.voices import Voice

FIRST = date(2025, 9, 1)
WEEKS = 36


def shop(*, placebo: bool = False) -> World:
    """An invented shop in which every product has one event in its 32 weeks after the first four."""
    setting = Setting(voices=BUSY, lead=10, affected=1.0, placebo=placebo, history=28, days=WEEKS * 7 - 28)
    return world(setting, np.random.default_rng(5))


def talk_of(drawn: World) -> Talk:
    """The voices of the invented shop as they are read from the books."""
    last = FIRST + timedelta(days=WEEKS * 7 - 1)
    heard = {}
    for row, said in enumerate(drawn.said):
        days = np.repeat(np.arange(len(said)), said.astype(int))
        voices = tuple(
            Voice(datetime.combine(FIRST + timedelta(days=int(day)), time(9)), (number,))
            for number, day in enumerate(days)
        )
        heard[f"P{row}"] = Heard(f"P{row}", WANTED, FIRST, last, (), voices)
    return Talk(WANTED, FIRST, last, heard, dict.fromkeys(heard, "Mugs"))


def judged(drawn: World, classes: dict[str, str]) -> dict[str, str]:
    skus = [f"P{row}" for row in range(len(drawn.wanted))]
    found = gates_by_class(talk_of(drawn), skus, weekly(drawn.wanted), classes)
    return {name: gate.state for name, gate in found.items()}


def test_where_talk_came_before_sales_the_gate_opens_for_that_class() -> None:
    drawn = shop()
    classes = {f"P{row}": "smooth" for row in range(len(drawn.wanted))}
    assert judged(drawn, classes) == {"smooth": "open"}


def test_where_talk_was_of_other_products_it_stays_shut() -> None:
    drawn = shop(placebo=True)
    classes = {f"P{row}": "smooth" for row in range(len(drawn.wanted))}
    assert judged(drawn, classes) == {"smooth": "shut"}


def test_a_class_with_few_bursts_is_unproven_whatever_the_others_show() -> None:
    drawn = shop()
    classes = {f"P{row}": "smooth" if row > 1 else "lumpy" for row in range(len(drawn.wanted))}
    assert judged(drawn, classes)["lumpy"] == "unproven"


def test_weeks_that_nobody_knows_do_no_harm() -> None:
    drawn = shop()
    skus = [f"P{row}" for row in range(len(drawn.wanted))]
    came = weekly(drawn.wanted)
    came[:, 10] = np.nan
    found = gates_by_class(talk_of(drawn), skus, came, dict.fromkeys(skus, "smooth"))
    assert np.isfinite(found["smooth"].gain)

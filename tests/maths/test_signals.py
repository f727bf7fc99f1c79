"""What customers say over time: voices, bursts, fading, and the laws that they keep."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from tools.maths.signals.bursts import (
    PAST_DAYS,
    Rate,
    alarms,
    past_rates,
    shrunk_rate,
    surprises,
    tail,
    threshold_for,
)
from tools.maths.signals.crowd import START, TRICKS, Crowd, Trick, crowd, trick_day
from tools.maths.signals.strength import strength
from tools.maths.signals.voices import ALIKE, Utterance, alike, pieces, resemblance, voices

MONDAY = datetime(2026, 3, 2, 9)
LONG = "I was so looking forward to the green mugs and now they are gone once again"
TEXTS = (
    "sold out again",
    LONG,
    LONG + "!!",
    "where are the green mugs?",
    "do you have green mugs",
    "lid leaks",
)

utterances = st.lists(
    st.builds(
        Utterance,
        at=st.integers(0, 60 * 24).map(lambda hours: MONDAY + timedelta(hours=hours)),
        text=st.sampled_from(TEXTS),
        person=st.sampled_from(("", "", "p1", "p2", "p3")),
        channel=st.sampled_from(("review", "chat", "till_note")),
    ),
    max_size=14,
)


def said(text: str, day: float = 0, person: str = "", channel: str = "review") -> Utterance:
    return Utterance(MONDAY + timedelta(days=day), text, person, channel)


def count(*texts: Utterance) -> int:
    return len(voices(texts))


# -- voices ------------------------------------------------------------------------------------------


def test_five_copies_of_one_review_are_one_voice() -> None:
    assert count(*(said(LONG, day) for day in range(5))) == 1


def test_a_copy_with_a_word_changed_is_still_a_copy() -> None:
    assert count(said(LONG), said(LONG.replace("green", "blue"), 1), said(LONG.upper() + " :)", 2)) == 1


def test_one_person_counts_once_a_week_whatever_the_words() -> None:
    assert count(*(said(f"{text} please", day, "p1") for day, text in enumerate(TEXTS))) == 1
    assert count(said("where are they?", 0, "p1"), said("still none", 7, "p1")) == 2


def test_different_people_who_ask_the_same_short_question_are_different_voices() -> None:
    assert count(*(said("do you have oat milk?", day, f"p{day}", "chat") for day in range(9))) == 9


def test_each_note_of_the_staff_is_a_customer_unless_it_was_pressed_twice() -> None:
    notes = [said("customer asked for oat milk", day, "", "till_note") for day in (0, 0.01, 1, 2)]
    assert count(*notes) == 3


def test_the_same_long_text_by_many_names_is_a_campaign() -> None:
    (one,) = voices([said(LONG, number / 10, f"bot{number}") for number in range(6)])
    assert one.campaign and len(one.members) == 6


def test_a_flood_of_nameless_posts_within_hours_is_one_voice() -> None:
    words = ("tea", "soap", "jam", "rope", "wax", "ink", "hay", "oil", "nuts", "glue")
    flood = [said(f"why is the {word} never there", number / 50) for number, word in enumerate(words)]
    (one,) = voices(flood)
    assert one.campaign and len(one.members) == 10


@given(utterances, st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(texts: list[Utterance], random: object) -> None:
    other = list(texts)
    random.shuffle(other)  # type: ignore[attr-defined]
    ours = [(one.at, one.campaign, sorted(map(repr, _texts(texts, one.members)))) for one in voices(texts)]
    theirs = [(one.at, one.campaign, sorted(map(repr, _texts(other, one.members)))) for one in voices(other)]
    assert ours == theirs


def _texts(texts: Sequence[Utterance], members: Sequence[int]) -> list[Utterance]:
    return [texts[place] for place in members]


@given(utterances, st.data())
def test_a_copy_of_what_was_said_never_adds_a_voice(texts: list[Utterance], data: st.DataObject) -> None:
    if texts:
        copy = data.draw(st.sampled_from(texts))
        assert count(*texts, copy) <= count(*texts)


@given(st.sets(st.text("abc de", min_size=1, max_size=14), max_size=12))
def test_all_pairs_that_resemble_one_another_are_found(texts: set[str]) -> None:
    known = {text: pieces(text) for text in texts}
    ours = {frozenset(pair) for pair in alike(known)}
    theirs = {
        frozenset((one, other))
        for one in texts
        for other in texts
        if one < other and resemblance(known[one], known[other]) >= ALIKE
    }
    assert ours == theirs


@given(utterances)
def test_every_text_belongs_to_exactly_one_voice(texts: list[Utterance]) -> None:
    members = [place for one in voices(texts) for place in one.members]
    assert sorted(members) == list(range(len(texts)))


# -- bursts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "shape", "odds"), [(1, 1.0, 0.5), (3, 2.5, 0.2), (7, 4.0, 1.5), (12, 0.5, 3.0)]
)
def test_the_tail_is_that_of_the_negative_binomial_law(k: int, shape: float, odds: float) -> None:
    """Against another implementation: scipy counts failures before ``shape`` successes of 1 / (1 + odds)."""
    found = tail(np.array([float(k)]), np.array([shape]), np.array([odds]))[0]
    assert found == pytest.approx(stats.nbinom.sf(k - 1, shape, 1 / (1 + odds)), rel=1e-9)


def test_the_tail_of_a_textbook_example() -> None:
    """Oil wells (Pennsylvania State University, STAT 414, lesson 11): each strikes with a chance of 0.2.

    The third strike comes on the seventh well, after four dry ones, with a chance of 0.049.
    """
    four, five = (tail(np.array([k]), np.array([3.0]), np.array([4.0]))[0] for k in (4.0, 5.0))
    assert four - five == pytest.approx(0.049, abs=2e-4)


def test_nothing_said_is_no_surprise_and_more_said_is_more_of_one() -> None:
    series = np.zeros((4, PAST_DAYS))
    series[1:, ::20] = 1
    series[2, -3:] += 1
    series[3, -3:] += 2
    found = surprises(series, Rate(2.0, 40.0))[:, -1]
    assert found[0] == 0
    assert found[1] < found[2] < found[3]


def test_the_same_days_surprise_less_where_much_is_always_said() -> None:
    quiet, loud = np.zeros((1, PAST_DAYS)), np.zeros((1, PAST_DAYS))
    quiet[0, ::40], loud[0, ::3] = 1, 1
    quiet[0, -7:], loud[0, -7:] = 1, 1
    rate = Rate(2.0, 40.0)
    assert surprises(quiet, rate)[0, -1] > surprises(loud, rate)[0, -1] + 1


def test_an_alarm_is_followed_by_three_weeks_of_quiet() -> None:
    surprise = np.full((1, 80), 9.0)
    assert np.flatnonzero(alarms(surprise, 2.0)[0]).tolist() == [28, 49, 70]


def test_rates_are_drawn_towards_like_things() -> None:
    series = np.zeros((10, 100))
    series[:, ::10] = 1
    series[0] = 0
    rate = shrunk_rate(series.sum(axis=1), 100.0)
    found = past_rates(series, rate)
    assert 0 < found[0] < found[1] <= 0.11


def test_with_no_voice_ever_the_first_few_still_surprise() -> None:
    series = np.zeros((3, 60))
    series[0, -2:] = 2
    found = surprises(series, shrunk_rate(np.zeros(3), 60.0))
    assert found[0, -1] > threshold_for(0.02)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_one_more_voice_today_never_lowers_the_surprise_of_today(seed: int) -> None:
    rng = np.random.default_rng(seed)
    series = rng.poisson(0.2, (3, 90)).astype(float)
    more = series.copy()
    more[:, -1] += 1
    rate = Rate(2.0, 10.0)
    assert (surprises(more, rate)[:, -1] >= surprises(series, rate)[:, -1]).all()


def test_a_strong_burst_of_a_quiet_thing_is_caught_and_a_usual_year_gives_about_one_alarm() -> None:
    rng = np.random.default_rng(4)
    series = rng.poisson(0.2, (400, PAST_DAYS + 365)).astype(float)
    rate = shrunk_rate(series[:, :PAST_DAYS].sum(axis=1), float(PAST_DAYS))
    assert alarms(surprises(series, rate), threshold_for(0.2), start=PAST_DAYS).sum() / 400 <= 1.0
    burst = series[:, : PAST_DAYS + 7].copy()
    burst[:, -7:] += rng.poisson(1.4, (400, 7))
    caught = alarms(surprises(burst, rate), threshold_for(0.2), start=PAST_DAYS).any(axis=1)
    assert caught.mean() >= 0.95


@pytest.mark.parametrize("trick", [one for one in TRICKS if one != "one person"])
def test_copies_campaigns_and_floods_add_no_voice_that_could_sound_the_alarm(trick: Trick) -> None:
    for seed in range(8):
        assert (_by_day(trick, seed) <= _by_day(None, seed)).all()


def test_one_loud_person_adds_no_more_than_one_voice() -> None:
    for seed in range(8):
        added = _by_day("one person", seed) - _by_day(None, seed)
        assert added[trick_day(Crowd(days=200)) :].sum() <= 1


def _by_day(trick: Trick | None, seed: int) -> NDArray[np.int64]:
    texts = crowd(Crowd(days=200, trick=trick), np.random.default_rng(seed))
    heard = [(voice.at - START).days for voice in voices(texts) if not voice.campaign]
    return np.bincount([day for day in heard if day < 200], minlength=200)


# -- fading ------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 90), min_size=1, max_size=10), st.integers(0, 60), st.integers(1, 30))
def test_a_signal_only_fades_while_nobody_speaks(days: list[int], start: int, later: int) -> None:
    heard = [date(2026, 1, 1) + timedelta(days=day) for day in days]
    now = max(heard) + timedelta(days=start)
    first, second = strength(heard, now), strength(heard, now + timedelta(days=later))
    assert first is not None and second is not None
    assert second.value < first.value and second.age == first.age + later


def test_voices_of_today_count_whole_and_old_ones_are_over() -> None:
    today = date(2026, 3, 2)
    fresh = strength([today, today], today)
    old = strength([today - timedelta(days=40)], today)
    assert fresh is not None and fresh.value == 2 and not fresh.over
    assert old is not None and old.over
    assert strength([today], today - timedelta(days=1)) is None

"""When a delivery comes, for the shop and for its customer."""

from __future__ import annotations

from datetime import datetime

from tools.kit.ask import Ask
from tools.kit.rounds import wall_now
from tools.kit.rounds_eta import span_of
from tools.kit.trip_pictures import clock_words
from tools.kit.words import near_day
from tools.store.trip_facts import TripStop


def span_words(ask: Ask, eta: datetime) -> str:
    """The span in which it comes: "13:30–13:50"."""
    first, last = span_of(eta, wall_now(ask))
    return f"{clock_words(first)}–{clock_words(last)}"


def eta_text(ask: Ask, stop: TripStop, *, changed: bool = False) -> str:
    """A text to a customer, to copy: the day, the span, the order; no excuses that are not known."""
    eta = stop.expected
    if eta is None:
        return ""
    day = near_day(eta.date(), ask.today)
    when = f"{day} between {' and '.join(span_words(ask, eta).split('–'))}"
    start = "a new time for" if changed else "about"
    hello = f"Hello {stop.name}, " if stop.name else "Hello, "
    return f"{hello}{start} your order {stop.order_no}: we expect to be with you {when}."

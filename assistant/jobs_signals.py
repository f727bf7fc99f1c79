"""Each night: whether customers' words earn their place in the forecasts, and what they suggest.

The past is cut into stretches.  In each, forecasts by simple smoothing are held against what came, once as
they are and once raised after every burst of voices; each stretch is judged by what the ones before taught,
over all products of a class (see ``tools.maths.signals.lift``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

import numpy as np

from assistant.jobs_calendar import ShopDays
from assistant.jobs_histories import lines_of
from tools.kit.demand_signals import OTHERWISE, WANTED, Talk, talk
from tools.kit.demand_signals_forecast import Gates, keep_gates, proposals
from tools.maths.signals.lift import WEEK, Gate, Numbers, Stretch, gate, one_step
from tools.store import Product, Store

# The past that is looked at, in stretches of at least so many weeks.
MOST_WEEKS, STRETCH_WEEKS, MOST_STRETCHES = 52, 8, 4
# Before the first stretch an own rate of voices and a level of sales have to settle.
WARM_WEEKS = 4


def suggest(store: Store, shop: ShopDays, products: Sequence[Product], at: datetime) -> int:
    """Judge the past, let go of what is over and propose anew; how many proposals stand."""
    today = store.clock().date()
    keep_gates(store, gates(store, shop, products), at)
    store.adjustments.expire(today, at)
    return store.adjustments.propose(proposals(store, today), at)


def gates(store: Store, shop: ShopDays, products: Sequence[Product]) -> Gates:
    """By kind of talk and class of demand: whether it may speak, and what it does."""
    heard = {kind: _talk(store, shop, kind) for kind in (WANTED, OTHERWISE)}
    weeks = min((talk.days // WEEK for talk in heard.values()), default=0)
    if weeks < WARM_WEEKS + STRETCH_WEEKS or not any(talk.heard for talk in heard.values()):
        return {}
    skus, came = _sales(store, shop, products, weeks)
    classes = _classes(store)
    return {kind: gates_by_class(talk, skus, came, classes) for kind, talk in heard.items()}


def _talk(store: Store, shop: ShopDays, kind: str) -> Talk:
    """What was said up to the last day whose sales are known."""
    return talk(store, shop.cut_off, kind, days=MOST_WEEKS * WEEK)


def _sales(
    store: Store, shop: ShopDays, products: Sequence[Product], weeks: int
) -> tuple[list[str], Numbers]:
    """What was wanted of each product in the last ``weeks``, NaN where nobody knows; those that ever sold."""
    lines = lines_of(store, shop, products, horizon=1, by_day=False, planned=False)
    known = [line for line in lines if line.place is None and line.periods]
    rows = np.full((len(known), weeks), np.nan)
    for row, line in zip(rows, known, strict=True):
        values = line.history.values[-weeks:]
        row[weeks - len(values) :] = values
    return [line.product.sku for line in known], rows


def _classes(store: Store) -> Mapping[str, str]:
    return {one.sku: one.demand_class for one in store.forecasts.of()}


def gates_by_class(
    talk: Talk, skus: Sequence[str], came: Numbers, classes: Mapping[str, str]
) -> dict[str, Gate]:
    """One gate for each class of demand.

    Args:
        talk: What was said, its last day being that of the last week of sales.
        skus: The products.
        came: What was wanted of each, products x weeks; NaN where nobody knows.
        classes: The class of each product's demand.
    """
    by_class: dict[str, list[int]] = defaultdict(list)
    for row, sku in enumerate(skus):
        by_class[classes.get(sku, "new")].append(row)
    surprise = talk.surprise_of(skus)[:, -came.shape[1] * WEEK :] if skus else np.zeros((0, 0))
    return {
        name: gate(_stretches(came[rows], surprise[rows])) for name, rows in sorted(by_class.items()) if name
    }


def _stretches(came: Numbers, surprise: Numbers) -> list[Stretch]:
    """The past in equal stretches, each with all that was before it to warm up."""
    weeks = came.shape[1]
    count = min(MOST_STRETCHES, (weeks - WARM_WEEKS) // STRETCH_WEEKS)
    said = one_step(came)
    ends = np.linspace(WARM_WEEKS, weeks, count + 1).round().astype(int)
    return [
        Stretch(said[:, :end], came[:, :end], surprise[:, : end * WEEK], int(start))
        for start, end in pairwise(ends)
    ]

"""Sales that do not fit their pattern."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import sqrt
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Place,
    Refused,
    Reply,
    Result,
    Right,
    Source,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.foretalk import no_forecast
from tools.kit.hindsight import known_until
from tools.kit.holdings import Scope, in_scope, scope_of
from tools.kit.outlook import DAY
from tools.kit.slots import Period
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.watching import gathered, money_of, open_subjects, urgency, usual_takings
from tools.maths.demand.laws import Law
from tools.maths.later import special
from tools.maths.weeks import PRIOR_DAYS
from tools.store import Product
from tools.store.planning_facts import StoredForecast

USUAL_WEEKS = 12
FEWEST_WEEKS = 2
# Beyond this many standard deviations of a normal law a day is odd; a week, being surer, a little sooner.
ODD_DAY, ODD_WEEK = 3.1, 2.6
FEWEST_UNITS = 3.0
MOST_ROWS = 12
MOST_SAID = 3
WEEK = 7
FURTHEST = 8.0
BIG_ORDER = 0.5
PRICE_MOVED = 0.1
# A watch looks at many products every day: so many false alarms a week are borne, in a shop of any size.
FALSE_ALARMS = 0.2
# Missed money beyond the first share of a usual day's takings is told by a message of its own (more sold
# than usual is good to know, no more); less than the second is not told at all.
MUCH, LITTLE = Decimal("0.1"), Decimal("0.01")
# What is at stake is not what was sold, but what may be learned of it.
LEARNED = Decimal("0.1")
MOST_WATCHED = 8
OUT = "it was out of stock"


@dataclass(frozen=True, slots=True)
class _Odd:
    """A day or week of one product that does not fit."""

    product: Product
    first: date
    days: int
    came: float
    usual: float
    z: float
    why: str = ""

    @property
    def row(self) -> dict[str, Any]:
        """The row of ``data``."""
        return {
            **words.facts(sku=self.product.sku, name=self.product.name, first=self.first, days=self.days),
            **words.facts(sold=self.came, usual=round(self.usual, 1), z=round(self.z, 1), why=self.why),
        }


@tool(
    right=Right.SEE_SALES,
)
def anomalies(
    ask: Ask,
    period: Span | None = None,
    category: Category | None = None,
    location: Place | None = None,
) -> Result:
    """Find odd jumps and drops in sales."""
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, None, category)
    if isinstance(chosen, Refused):
        return chosen
    last = known_until(ask)
    missing = no_forecast(ask)
    if missing is not None or last is None:
        return missing or Refused("No sales are on record yet.")
    asked = period or Period(last - 6 * DAY, last)
    days = Period(asked.first, min(asked.last, last)) if asked.first <= last else None
    if days is None:
        return Refused(f"No sales are known of {words.span(asked, ask.today)} yet.")
    odd = _found(ask, chosen, scope, days)
    shown = [_with_reason(ask, scope, one) for one in odd[:MOST_ROWS]]
    return _told(ask, scope, days, shown, len(odd))


def _found(ask: Ask, chosen: Sequence[Product], scope: Scope, days: Period) -> list[_Odd]:
    """Odd days and weeks, the oddest first; a product once."""
    before = Period(days.first - timedelta(weeks=USUAL_WEEKS), days.first - DAY)
    sold = _by_day(ask, chosen, scope, Period(before.first, days.last))
    stored = {one.sku: one for one in ask.store.forecasts.of([product.sku for product in chosen])}
    found = []
    for product in chosen:
        series = sold.get(product.sku)
        if series is None or not any(day < days.first for day in series):
            continue
        worst = _worst(_Usual.of(product, series, before, stored.get(product.sku)), series, days)
        if worst is not None:
            found.append(worst)
    found.sort(key=lambda one: -abs(one.z))
    return found


def _by_day(ask: Ask, chosen: Sequence[Product], scope: Scope, days: Period) -> dict[str, dict[date, float]]:
    skus = [product.sku for product in chosen]
    found: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for one in ask.store.demand.days(first=days.first, last=days.last, skus=skus, netted=True):
        if scope.whole or one.location in scope.places:
            found[one.sku][one.day] += float(one.sold)
    return found


@dataclass(frozen=True, slots=True)
class _Usual:
    """What is usual of one product: mean and variance of a week, and the share of each weekday."""

    product: Product
    mean: float
    spread: float
    profile: Sequence[float]
    weeks: int

    @classmethod
    def of(
        cls, product: Product, series: dict[date, float], before: Period, stored: StoredForecast | None
    ) -> _Usual:
        """From the weeks before, at least as varied as its forecast says of a week."""
        began = max(before.first, min(series))
        weeks = ((before.last - began).days + 1) // WEEK
        past = [series.get(before.last - number * DAY, 0.0) for number in range(weeks * WEEK)]
        sums = [sum(past[start : start + WEEK]) for start in range(0, len(past), WEEK)]
        mean = sum(sums) / weeks if weeks else 0.0
        spread = sum((one - mean) ** 2 for one in sums) / max(weeks - 1, 1)
        profile: Sequence[float] = (1 / WEEK,) * WEEK
        if stored is not None:
            profile = stored.profile
            likely = stored.sum_variance[0] * (mean / stored.weekly[0]) ** 2 if stored.weekly[0] > 0 else 0.0
            spread = max(spread, likely)
        return cls(product, mean, max(spread, mean), profile, weeks)

    def day(self, day: date) -> Law:
        """The law of a day: the dispersion of the weeks at its level, with a floor for the weekday's own."""
        level = self.mean * self.profile[day.weekday()]
        phi = max(self.spread - self.mean, 0.0) / self.mean**2 if self.mean > 0 else 1.0
        return Law(level, level + (phi + WEEK / PRIOR_DAYS) * level**2 * WEEK)

    def span(self, days: int) -> Law:
        """The law of several days together."""
        weeks = days / WEEK
        return Law(self.mean * weeks, self.spread * weeks * (1 + weeks / self.weeks))


def _worst(usual: _Usual, series: dict[date, float], days: Period) -> _Odd | None:
    """The oddest day, or the whole of the days where that is odder."""
    if usual.weeks < FEWEST_WEEKS:
        return None
    each = [days.first + number * DAY for number in range(days.days)]
    odd = [_odd(usual.product, day, 1, series.get(day, 0.0), usual.day(day), ODD_DAY) for day in each]
    if days.days >= WEEK:
        came = sum(series.get(day, 0.0) for day in each)
        odd.append(_odd(usual.product, days.first, days.days, came, usual.span(days.days), ODD_WEEK))
    return max((one for one in odd if one is not None), key=lambda one: abs(one.z), default=None)


def _odd(product: Product, first: date, days: int, came: float, law: Law, limit: float) -> _Odd | None:
    """Odd where the chance of so much (or so little) is as small as beyond ``limit`` deviations."""
    if abs(came - law.mean) < FEWEST_UNITS or law.mean <= 0:
        return None
    up = 1 - law.cdf(came - 1)
    down = law.cdf(came)
    tail = min(up, down)
    z = min(float(-special.ndtri(max(tail, 1e-15))), FURTHEST) * (1 if up < down else -1)
    return _Odd(product, first, days, came, law.mean, z) if abs(z) >= limit else None


def _with_reason(ask: Ask, scope: Scope, odd: _Odd) -> _Odd:
    before = Period(odd.first - timedelta(weeks=USUAL_WEEKS), odd.first - DAY)
    last = odd.first + (odd.days - 1) * DAY
    return _Odd(
        odd.product,
        odd.first,
        odd.days,
        odd.came,
        odd.usual,
        odd.z,
        "; ".join(_reasons(ask, scope, odd, Period(odd.first, last), before)),
    )


def _reasons(ask: Ask, scope: Scope, odd: _Odd, days: Period, before: Period) -> list[str]:
    """What may stand behind it, from the books; nothing where they say nothing."""
    sku, found = odd.product.sku, []
    empty = ask.store.demand.empty_days(first=days.first, last=days.last, skus=[sku])
    if odd.z < 0 and any(scope.whole or place in scope.places for (_sku, place) in empty):
        found.append(OUT)
    lines = ask.store.sales.lines([sku], days.first, days.last, 200)
    biggest = max(lines, key=lambda line: line.quantity, default=None)
    if odd.z > 0 and biggest is not None and float(biggest.quantity) >= BIG_ORDER * odd.came > 1:
        found.append(f"one sale of {words.quantity(odd.product, biggest.quantity)}")
    price = _price_words(ask, sku, days, before)
    return [*found, price] if price else found


def _price_words(ask: Ask, sku: str, days: Period, before: Period) -> str:
    now, then = (_price(ask, sku, span) for span in (days, before))
    if now is None or then is None or abs(now - then) < PRICE_MOVED * then:
        return ""
    currency = ask.catalogue.currency
    way = "cheaper" if now < then else "dearer"
    paid, usual = (words.money(Decimal(str(round(one, 2))), currency) for one in (now, then))
    return f"it was {way} ({paid} instead of {usual})"


def _price(ask: Ask, sku: str, days: Period) -> float | None:
    totals = ask.store.sales.totals(first=days.first, last=days.last, skus=(sku,), by="all")
    if not totals or totals[0].sold <= 0:
        return None
    return float((totals[0].revenue + totals[0].refunded) / totals[0].sold)


def _told(ask: Ask, scope: Scope, days: Period, odd: Sequence[_Odd], found: int) -> Reply:
    at, when = in_scope(ask, scope), words.during(days, ask.today)
    source = Source(
        f"Sales of {words.span(days, ask.today)} against the {USUAL_WEEKS} weeks before",
        rows=(
            f"odd: so much or little as in 1 of 1,000 days or 1 of 200 weeks (z over {ODD_DAY}, {ODD_WEEK})",
        ),
    )
    data = {**words.facts(period=days), "rows": [one.row for one in odd], "found": found}
    if not odd:
        return Reply(
            f"Nothing odd in the sales{at} {when}: all within their usual range.", data, sources=(source,)
        )
    named = [_line(ask, one, days.days) for one in odd[:MOST_SAID]]
    more = f" The {len(odd)} oddest are in the table." if found > MOST_SAID else ""
    count = words.plural(found, "product")
    text = f"{count} sold oddly{at} {when}: {'; '.join(named)}.{more}"
    rows = tuple(
        (
            one.product.name,
            _when(ask, one),
            _units(one.came),
            _units(round(one.usual, 1)),
            one.why or "–",
        )
        for one in odd
    )
    table = Table(("Product", "When", "Sold", "Usual", "Perhaps because"), rows)
    return Reply(text, data, (table,), sources=(source,))


def _when(ask: Ask, odd: _Odd) -> str:
    if odd.days == 1:
        return words.day(odd.first, ask.today)
    return words.span(Period(odd.first, odd.first + (odd.days - 1) * DAY), ask.today)


def _line(ask: Ask, odd: _Odd, whole: int) -> str:
    came = words.quantity_of(odd.product, _units(odd.came))
    why = f", {odd.why}" if odd.why else ""
    when = "" if whole == odd.days else f" {_when(ask, odd)}"
    return f"{came}{when} instead of about {odd.usual:.1f}{why}"


def _units(value: float) -> Decimal:
    return Decimal(str(round(value, 3))).normalize() if value % 1 else Decimal(int(value))


# -- by itself ---------------------------------------------------------------------------------------


@watch(rule="sales.odd", right=Right.SEE_SALES, every=timedelta(hours=6))
def watch_sales(ask: Ask) -> Iterator[Sighting]:
    """Odd sales: a product sold far more or less than it does."""
    last = known_until(ask)
    if last is None or ask.today - last > WEEK * DAY:
        return
    days, scope = Period(last - (WEEK - 1) * DAY, last), Scope(ask.places)
    count = max(len(ask.catalogue.products), 1)
    limit = -float(special.ndtri(FALSE_ALARMS / (WEEK * count)))
    chosen = _perhaps_odd(ask, days, limit)
    takings = usual_takings(ask)
    odd = [one for one in _found(ask, chosen, scope, days) if abs(one.z) >= limit]
    told = [_with_reason(ask, scope, one) for one in odd if _worth(one) >= takings * LITTLE][:MOST_WATCHED]
    told = [one for one in told if OUT not in one.why]
    parts = gathered(told, lambda one: one.product.sku, _direction, open_subjects(ask, "sales.odd"))
    for one in parts.alone:
        yield _seen(ask, one.product.sku, (one,), takings)
    for group, members in parts.together.items():
        yield _seen(ask, group, members, takings)


def _perhaps_odd(ask: Ask, days: Period, limit: float) -> list[Product]:
    """Products that may be odd by so many deviations, by a rough look that is quick in a large shop."""
    before = Period(days.first - timedelta(weeks=USUAL_WEEKS), days.first - DAY)
    totals = ask.store.sales.totals(first=before.first, last=before.last, by="product")
    sold: dict[str, list[float]] = defaultdict(list)
    sums: dict[tuple[str, date], float] = defaultdict(float)
    for sku, _place, day, units, _price in ask.store.demand.net(first=days.first, last=days.last):
        sums[sku, day] += units
    for (sku, _), units in sums.items():
        sold[sku].append(units)
    known = ask.catalogue.products
    usual = {total.key: float(total.net) / before.days for total in totals if total.net > 0}
    return [known[sku] for sku, mean in usual.items() if sku in known and _is_far(sold[sku], mean, limit)]


def _is_far(sold: Sequence[float], mean: float, limit: float) -> bool:
    """Whether the days with sales, or the week, lie far from a mean a day that may be half or double.

    A count that is skewed to the right lies at least ``limit`` roots of its mean above it to be so odd, and
    two thirds of that below.
    """
    most, fewest = max(sold, default=0.0), min(sold) if len(sold) == WEEK else 0.0
    high = most - mean / 2 > max(FEWEST_UNITS, limit * sqrt(mean / 2))
    low = 2 * mean - fewest > max(FEWEST_UNITS, limit * sqrt(2 * mean) * 2 / 3)
    return high or low or abs(sum(sold) - WEEK * mean) > limit * sqrt(WEEK * mean) * 2 / 3


def _worth(odd: _Odd) -> Decimal:
    return money_of(abs(odd.came - odd.usual) * float(odd.product.price or 0))


def _direction(odd: _Odd) -> str:
    return f"{'more' if odd.z > 0 else 'less'}:{odd.first.isoformat()}"


def _seen(ask: Ask, subject: str, members: Sequence[_Odd], takings: Decimal) -> Sighting:
    one, value = members[0], words.summed(_worth(each) for each in members)
    if len(members) == 1:
        text = f"{words.capital(_line(ask, one, 0))}: that is odd."
    else:
        way = "more" if one.z > 0 else "less"
        named = words.first_few([_line(ask, each, each.days) for each in members], MOST_SAID)
        text = f"{len(members)} products sold far {way} than usual {_when(ask, one)}: {named}."
    if one.z < 0:
        text = words.sentences(text, "Is it on the shelf, and are all sales in?")
    days = Period(one.first, one.first + (one.days - 1) * DAY).to_json()
    skus = tuple(sorted(each.product.sku for each in members))
    show = Button("Show the sales", Call("sales.report", {"products": list(skus), "period": days}))
    reply = Reply(text, {"rows": [each.row for each in members]}, buttons=(show,))
    soon = Urgency.DIGEST if one.z > 0 else urgency(value, takings, MUCH)
    return Sighting("sales.odd", subject, "", reply, soon, Right.SEE_SALES, value * LEARNED, skus)

"""How much will sell in a period to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit import (
    Ask,
    Category,
    Chart,
    Detail,
    Place,
    Products,
    Refused,
    Reply,
    Result,
    Right,
    Series,
    Source,
    Span,
    Table,
    tool,
    words,
)
from tools.kit.choose import chosen_products
from tools.kit.demand_signals_watch import DEMAND, demand_sightings
from tools.kit.demand_signals_words import (
    adjustment_row,
    agreed_source,
    agreed_words,
    decided,
    open_proposal,
    proposal_buttons,
    proposal_words,
)
from tools.kit.foretalk import (
    FEWEST_WEEKS,
    TOO_FAR,
    figures,
    history_words,
    made_source,
    no_forecast,
    range_words,
    rounded,
    said,
    too_far,
    unseen_words,
)
from tools.kit.holdings import Scope, holdings, in_scope, scope_of
from tools.kit.outlook import Expected, Foreseen, expected, foreseen
from tools.kit.purchases import unpacked
from tools.kit.slots import Period
from tools.kit.watch import Sighting, watch
from tools.store import Product

PAST_WEEKS = 12
MOST_ROWS = 10
MOST_WEEKS = 13
DAY = timedelta(days=1)
WEEK = 7
LEAP_DAY = (2, 29)
MOST_TOLD = 50


@dataclass(frozen=True)
class _Asked:
    """What is asked: products at places on the days to come, of which some may be over already."""

    ask: Ask
    products: tuple[Product, ...]
    scope: Scope
    period: Period
    known_until: date
    assumed: str

    @property
    def over(self) -> Period | None:
        """The days whose sales are known."""
        last = min(self.period.last, self.known_until)
        return Period(self.period.first, last) if self.period.first <= last else None

    @property
    def ahead(self) -> Period | None:
        """The days that are forecast."""
        first = max(self.period.first, self.known_until + DAY)
        return Period(first, self.period.last) if first <= self.period.last else None

    @property
    def when(self) -> str:
        """The period as the end of a sentence."""
        return words.during(self.period, self.ask.today)

    def sold(self, period: Period | None) -> dict[str, float]:
        """Units sold less returned by SKU."""
        if period is None:
            return {}
        found = self.ask.store.sales.totals(
            first=period.first, last=period.last, locations=self.scope.locations, by="product"
        )
        return {total.key: float(total.net) for total in found}


@tool(
    right=Right.SEE_SALES,
)
def demand(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
    location: Place | None = None,
    detail: Detail | None = None,
) -> Result:
    """Forecast how many will sell."""
    if detail is not None:
        return decided(ask, unpacked(detail))
    scope = scope_of(ask, location)
    if isinstance(scope, Refused):
        return scope
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    asked = _asked(ask, chosen, scope, period)
    if isinstance(asked, Refused):
        return asked
    if asked.ahead is None:
        return _over(asked)
    found = foreseen(ask, chosen, scope)
    if len(chosen) == 1:
        return _one(asked, found.get(chosen[0].sku))
    return _several(asked, found, category or "")


def _asked(ask: Ask, chosen: tuple[Product, ...], scope: Scope, period: Period | None) -> _Asked | Refused:
    missing = no_forecast(ask)
    covered = ask.store.sales.coverage()
    if missing is not None or covered is None:
        return missing or Refused("No sales are on record yet.")
    assumed = ""
    if period is None:
        period = Period(ask.today, ask.today + 6 * DAY)
        assumed = "You named no days, so this is the week from today."
    known = min(covered[1], ask.today - DAY)
    asked = _Asked(ask, chosen, scope, period, known, assumed)
    if period.first - known <= TOO_FAR:
        return asked
    return Refused(words.sentences(too_far(known, ask.today), _last_year(asked, covered)))


def _last_year(asked: _Asked, covered: tuple[date, date]) -> str:
    """What the same days brought a year before, where that is known."""
    days = Period(_year_before(asked.period.first), _year_before(asked.period.last))
    if days.first < covered[0] or days.last > covered[1]:
        return ""
    total = sum(asked.sold(days).get(product.sku, 0.0) for product in asked.products)
    what = f" of {asked.products[0].name}" if len(asked.products) == 1 else ""
    units = words.plural(Decimal(str(round(total, 3))), "unit")
    return f"A year before, {units}{what} sold {words.during(days, asked.ask.today)}."


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == LEAP_DAY
    return day.replace(year=day.year - 1, day=day.day - leap)


def _over(asked: _Asked) -> Reply:
    """All of it is past: what was sold."""
    total = sum(asked.sold(asked.period).get(product.sku, 0.0) for product in asked.products)
    units = Decimal(str(total))
    what = (
        asked.products[0].name if len(asked.products) == 1 else words.plural(len(asked.products), "product")
    )
    text = f"That is over already: {words.plural(units, 'unit')} of {what} sold {asked.when}."
    return Reply(text, words.facts(period=asked.period, sold=units))


def _one(asked: _Asked, found: Foreseen | None) -> Result:
    product = asked.products[0]
    if found is None or (found.stored.periods < FEWEST_WEEKS and found.outlook.mean(0, WEEK) <= 0):
        return Refused(_too_little(asked, found))
    sold, ahead = asked.sold(asked.over).get(product.sku, 0.0), asked.ahead or asked.period
    rest = expected([found.between(ahead)])
    whole = _with_sold(rest, sold)
    head = (
        f"About {said(product, whole.mean)}{in_scope(asked.ask, asked.scope)} {asked.when}; "
        f"{range_words(product, whole)}."
    )
    places = _places(asked, found, ahead)
    proposal = open_proposal(asked.ask, product.sku)
    text = words.sentences(
        head,
        _own_words(found, ahead),
        agreed_words(asked.ask, found, ahead),
        _so_far(asked, product, sold),
        _place_words(asked, product, places),
        _stock_words(asked, product, rest),
        history_words(found, ahead),
        proposal_words(asked.ask, product, proposal) if proposal else "",
        asked.assumed,
    )
    row = _row(product, whole, found)
    rows = [{**row, "location": asked.scope.location}, *places]
    data = {**words.facts(period=asked.period), "rows": rows, "sold_so_far": round(sold, 2)}
    chart = _chart(asked, {product.sku: found}, product.name)
    sources = (made_source(asked.ask, found), *agreed_source(asked.ask, found))
    if proposal is None:
        return Reply(text, data, (chart,), sources=sources)
    proposed = {**data, "proposal": adjustment_row(product, proposal)}
    return Reply(text, proposed, (chart,), proposal_buttons(asked.ask, product, proposal), sources)


def _with_sold(rest: Expected, sold: float) -> Expected:
    """What is expected of all the days: what sold already is sure."""
    return Expected(rest.mean + sold, rest.low + sold, rest.high + sold)


def _too_little(asked: _Asked, found: Foreseen | None) -> str:
    product = asked.products[0]
    at = in_scope(asked.ask, asked.scope)
    if found is None or found.stored.periods == 0:
        return f"{product.name} never sold{at} that I know of, so I have nothing to forecast from."
    weeks = words.plural(found.stored.periods, "week")
    return (
        f"Only {weeks} of sales of {product.name} are known{at}: too little for a forecast. Ask again later."
    )


def _row(product: Product, whole: Expected, found: Foreseen) -> dict[str, Any]:
    stored = found.stored
    return {
        **words.facts(sku=product.sku, name=product.name, unit=product.unit),
        **figures(whole),
        **words.facts(model=stored.model, weeks_known=stored.periods, known_until=stored.cut_off),
        "note": stored.note,
    }


def _places(asked: _Asked, found: Foreseen, ahead: Period) -> list[dict[str, Any]]:
    """What each place is expected to sell of what is still to come, where there are several."""
    if asked.scope.location is not None or len(asked.scope.places) < 2:
        return []
    rows = []
    for place in asked.scope.places:
        at = foreseen(asked.ask, (found.product,), Scope((place,), place, whole=False))
        mean = at[found.product.sku].between(ahead).mean if found.product.sku in at else 0.0
        if mean > 0:
            rows.append({"sku": found.product.sku, "location": place, "mean": round(mean, 2)})
    return rows if len(rows) > 1 else []


def _place_words(asked: _Asked, product: Product, places: list[dict[str, Any]]) -> str:
    if not places:
        return ""
    parts = [
        f"{asked.ask.catalogue.location_name(row['location'])} "
        f"{words.quantity(product, Decimal(str(rounded(product, row['mean']))))}"
        for row in places
    ]
    return f"{'Still to come by place' if asked.over else 'By place'}: {', '.join(parts)}."


def _so_far(asked: _Asked, product: Product | None, sold: float) -> str:
    if asked.over is None:
        return ""
    units = words.quantity(product, Decimal(str(sold))) if product else f"{sold:,.0f}"
    return f"Of these {units} sold already {words.during(asked.over, asked.ask.today)}."


def _own_words(found: Foreseen, ahead: Period) -> str:
    own = [one for one in found.own if one.first <= ahead.last and one.last >= ahead.first]
    if not own:
        return ""
    one = own[-1]
    units = words.quantity(found.product, one.quantity)
    return f"That goes by {one.actor}'s figure of {units} (the model said {one.model_quantity:.0f})."


def _stock_words(asked: _Asked, product: Product, rest: Expected) -> str:
    """Whether what can be sold is enough for what is still to come."""
    if not asked.ask.may(Right.SEE_STOCK):
        return ""
    held = holdings(asked.ask, (product,), asked.scope)[0]
    if not held.levels:
        return ""
    there, order = words.quantity(product, held.available), ""
    if held.on_order:
        order = f" and {words.quantity(product, held.on_order)} on order"
    short = ": not enough" if float(held.available) < rest.mean else ""
    return f"You have {there} to sell{order}{short}."


def _several(asked: _Asked, found: dict[str, Foreseen], category: str) -> Result:
    known = [found[product.sku] for product in asked.products if product.sku in found]
    if not known:
        return Refused(f"I have no forecast for any of these {len(asked.products)} products yet.")
    sold, ahead = asked.sold(asked.over), asked.ahead or asked.period
    laws = [one.between(ahead) for one in known]
    so_far = sum(sold.get(one.product.sku, 0.0) for one in known)
    rest = expected(laws)
    whole = _with_sold(rest, so_far)
    most = sorted(
        zip(known, laws, strict=True), key=lambda pair: -pair[1].mean - sold.get(pair[0].product.sku, 0.0)
    )
    rows = [
        _row(one.product, _with_sold(expected([law]), sold.get(one.product.sku, 0.0)), one)
        for one, law in most[:MOST_TOLD]
    ]
    name = category.lower() if category else words.group_name(asked.products) or "units"
    name = "units" if len(known) > MOST_ROWS and not category else name
    money = _money(asked, known, ahead)
    where = f"{in_scope(asked.ask, asked.scope)} {asked.when}"
    text = words.sentences(
        f"About {whole.mean:,.0f} {name}{where}; {range_words(None, whole)}.",
        _so_far(asked, None, so_far),
        f"At list prices {'the rest' if asked.over else 'that'} is {money}." if money else "",
        f"Most: {_most(known, rows)}.",
        unseen_words(min(one.known_from for one in known), known[0].stored.cut_off, ahead),
        asked.assumed,
    )
    table = _table(rows[:MOST_ROWS], len(known))
    data = {**words.facts(period=asked.period), "total": figures(whole), "rows": rows}
    chart = _chart(asked, {one.product.sku: one for one in known}, words.capital(name))
    return Reply(text, data, (table, chart), sources=(_source(asked, known),))


def _money(asked: _Asked, known: list[Foreseen], ahead: Period) -> str:
    priced = [one for one in known if one.product.price]
    total = sum(one.between(ahead).mean * float(one.product.price or 0) for one in priced)
    if not total:
        return ""
    return words.money(Decimal(round(total)), asked.ask.catalogue.currency).removesuffix(".00")


def _most(known: list[Foreseen], rows: list[dict[str, Any]]) -> str:
    products = {one.product.sku: one.product for one in known}
    return words.first_few([said(products[row["sku"]], row["mean"]) for row in rows[:3]], 3)


def _table(rows: list[dict[str, Any]], count: int) -> Table:
    cells = tuple(
        (row["name"], *(Decimal(str(rounded(None, row[name]))) for name in ("mean", "low", "high")))
        for row in rows
    )
    title = "" if count <= len(rows) else f"The {len(rows)} that sell most, of {count}"
    return Table(("Product", "Expected", "Low", "High"), cells, title)


def _source(asked: _Asked, known: list[Foreseen]) -> Source:
    last = words.day(known[0].stored.cut_off, asked.ask.today)
    rows = ("ranges are summed as if errors of products leaned the same way to a twentieth",)
    return Source(f"Forecasts of {words.plural(len(known), 'product')}", f"sales up to {last}", rows)


def _chart(asked: _Asked, found: dict[str, Foreseen], title: str) -> Chart:
    """Past weeks, then the weeks to come with their band; weeks are counted from the first day forecast."""
    start = asked.known_until + DAY
    weeks = min(MOST_WEEKS, max(4, -(-((asked.period.last - start).days + 1) // WEEK)))
    past = _past(asked, set(found), start)
    labels = [start + timedelta(days=WEEK * number) for number in range(-len(past), weeks)]
    coming = [
        expected([one.between(Period(first, first + 6 * DAY)) for one in found.values()])
        for first in labels[len(past) :]
    ]
    before: tuple[float | None, ...] = (None,) * len(past)
    series = (
        Series("sold", (*past, *((None,) * weeks))),
        Series("expected", (*before, *(round(one.mean, 2) for one in coming))),
        Series("low", (*before, *(round(one.low, 2) for one in coming)), "edge"),
        Series("high", (*before, *(round(one.high, 2) for one in coming)), "edge"),
    )
    names = tuple(label.isoformat() for label in labels)
    return Chart(f"{title}: sold and expected, by week", "line", names, series)


def _past(asked: _Asked, skus: set[str], start: date) -> list[float | None]:
    first = start - timedelta(days=WEEK * PAST_WEEKS)
    covered = asked.ask.store.sales.coverage()
    totals = asked.ask.store.sales.totals(
        first=first, last=start - DAY, skus=skus, locations=asked.scope.locations, by="day"
    )
    weeks: list[float | None] = [0.0] * PAST_WEEKS
    for total in totals:
        number = (date.fromisoformat(total.key) - first).days // WEEK
        weeks[number] = round((weeks[number] or 0.0) + float(total.net), 3)
    unknown = 0 if covered is None else max(0, -(-(covered[0] - first).days // WEEK))
    return weeks[unknown:]


@watch(rule=DEMAND, right=Right.SEE_SALES, every=timedelta(hours=6))
def watch_wanted(ask: Ask) -> Iterator[Sighting]:
    """Asked for: customers ask for something more than usual."""
    yield from demand_sightings(ask)

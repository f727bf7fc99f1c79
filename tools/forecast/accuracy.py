"""How far earlier forecasts were off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tools.kit import (
    Ask,
    Button,
    Call,
    Category,
    Products,
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
from tools.kit.hindsight import Judged, Past, backtested, by_class, judged, last_scores, past_weeks
from tools.kit.watch import Sighting, Urgency, watch
from tools.kit.watching import DAILY
from tools.store import Product

Figures = Mapping[str, Mapping[str, Any]]
MOST_WORST = 3
# A lean of less than this is none.
LEAN = 0.03
HALF = 0.5
# Forecasts that lean so far to one side, all together, are told.
BIASED = 0.15
MOST_DRIFTING = 5


@tool(
    right=Right.SEE_SALES,
)
def accuracy(
    ask: Ask,
    products: Products | None = None,
    category: Category | None = None,
    period: Span | None = None,
) -> Result:
    """Show how good the forecasts have been."""
    chosen = chosen_products(ask, products, category)
    if isinstance(chosen, Refused):
        return chosen
    missing = no_forecast(ask)
    if missing is not None:
        return missing
    narrowed = bool(products or category)
    skus = [product.sku for product in chosen] if narrowed else None
    past = past_weeks(ask, skus, period)
    people = judged(ask, skus)
    if past:
        return _told(ask, chosen if narrowed else (), past, people)
    return _looked_back(ask, chosen if narrowed else (), people, asked_period=period is not None)


def _told(ask: Ask, chosen: Sequence[Product], past: Sequence[Past], people: Sequence[Judged]) -> Reply:
    found = by_class(past)
    weeks = sorted({row.first for row in past})
    span = f"{words.plural(len(weeks), 'week')} from {words.day(weeks[0], ask.today)}"
    about = f" of {_name(chosen)}" if chosen else ""
    text = words.sentences(
        f"Over {span} the forecasts{about} were off by {_error_words(found['all'])}.",
        _band_words(found["all"]),
        _worst_words(ask, past) if not chosen or len(chosen) > 1 else "",
        _people_words(people),
    )
    data = {"weeks": [str(week) for week in weeks], "classes": found, "people": _people_rows(people)}
    sources = (_source(f"{len(past)} forecasts of the week after, held against sales"),)
    return Reply(text, data, _tables(found), sources=sources)


def _looked_back(
    ask: Ask, chosen: Sequence[Product], people: Sequence[Judged], *, asked_period: bool
) -> Result:
    """No week has passed since the first forecast: what the models would have said earlier."""
    scores = last_scores(ask.store)
    found = backtested(scores)
    start = "For those days no forecast was kept." if asked_period else "No forecast has met its week yet."
    if chosen and len(chosen) == 1:
        return _of_one(ask, chosen[0], start, people)
    if not found:
        return Refused(f"{start} A week after the first forecast I can tell how far it was off.")
    text = words.sentences(
        f"{start} Made at two earlier days it would have been off by {_error_words(found['all'])}.",
        _band_words(found["all"]),
        _people_words(people),
    )
    data = {"classes": found, "origins": scores.get("origins", []), "people": _people_rows(people)}
    origins = ", ".join(map(str, scores.get("origins", ())))
    source = _source(f"Four weeks from each of {origins}, {found['all']['series']} series")
    return Reply(text, data, _tables(found), sources=(source,))


def _of_one(ask: Ask, product: Product, start: str, people: Sequence[Judged]) -> Result:
    rows = ask.store.forecasts.of([product.sku])
    scores: Mapping[str, Any] = rows[0].scores if rows else {}
    if "rmsse" not in scores:
        return Refused(f"{start} {product.name} has too little history to look back at.")
    lean = float(scores["bias"])
    way = "too much" if lean > 0 else "too little"
    text = words.sentences(
        f"{start} Looking back, the model for {product.name} was {_times(float(scores['rmsse']))} as far "
        f"off as saying “as the week before”, on average {abs(lean):.1f} a week {way}.",
        _people_words(people),
    )
    return Reply(text, {"rows": [{"sku": product.sku, **scores}], "people": _people_rows(people)})


def _times(value: float) -> str:
    return f"{value * 100:.0f} %"


def _name(chosen: Sequence[Product]) -> str:
    if len(chosen) == 1:
        return chosen[0].name
    return words.group_name(chosen) or words.plural(len(chosen), "product")


def _error_words(found: Mapping[str, Any]) -> str:
    if found["wape"] is None:
        return "nothing: nothing sold"
    usual = f" (“as in the last 4 weeks” by {_times(found['usual'])})" if found.get("usual") else ""
    lean = found["bias"]
    way = ""
    if lean is not None and abs(lean) >= LEAN:
        way = f", {_times(abs(lean))} too {'high' if lean > 0 else 'low'} in sum"
    return f"{_times(found['wape'])} of what sold{usual}{way}"


def _band_words(found: Mapping[str, Any]) -> str:
    if found.get("inside") is None:
        return ""
    return f"The 8-in-10 range held {_times(found['inside'])} of the time."


def _worst_words(ask: Ask, past: Sequence[Past]) -> str:
    """The products that were off most, in units."""
    off: dict[str, float] = {}
    for row in past:
        off[row.sku] = off.get(row.sku, 0.0) + row.said - row.came
    worst = sorted(off, key=lambda sku: -abs(off[sku]))[:MOST_WORST]
    products = ask.catalogue.products
    named = [
        f"{products[sku].name} ({abs(off[sku]):,.0f} too {'many' if off[sku] > 0 else 'few'})"
        for sku in worst
        if sku in products and abs(off[sku]) >= HALF
    ]
    return f"Farthest off: {words.first_few(named)}." if named else ""


def _people_words(people: Sequence[Judged]) -> str:
    if not people:
        return ""
    nearer = sum(one.helped for one in people)
    return f"People's own figures were nearer than the model in {nearer} of {len(people)} cases."


def _people_rows(people: Sequence[Judged]) -> list[dict[str, Any]]:
    return [
        {
            **words.facts(sku=one.figure.sku, actor=one.figure.actor, said=one.figure.quantity),
            **words.facts(model=one.figure.model_quantity, came=one.came, helped=one.helped),
        }
        for one in people
    ]


def _tables(found: Figures) -> tuple[Table, ...]:
    rows = tuple(
        (
            "all" if name == "all" else name,
            row["series"],
            *(_cell(row.get(key)) for key in ("wape", "usual", "bias", "inside")),
        )
        for name, row in sorted(found.items(), key=lambda item: (item[0] != "all", item[0]))
    )
    columns = ("Demand", "Forecasts", "Off by", "As in the last 4 weeks", "Too high or low", "Range held")
    return (Table(columns, rows),)


def _cell(value: float | None) -> str | None:
    return None if value is None else f"{value * 100:.0f} %"


def _source(what: str) -> Source:
    rows = (
        "off by = sum of |forecast − sold| / sum of sold",
        "too high or low = sum of (forecast − sold) / sum of sold",
        "weeks out of stock are left out",
    )
    return Source(what, rows=rows)


# -- what is seen by itself --------------------------------------------------------------------------


@watch(rule="forecast.drift", right=Right.SEE_SALES, every=DAILY)
def watch_drift(ask: Ask) -> Iterator[Sighting]:
    """Left its forecast: clearly more or less is wanted than was expected, or all of it leans one way."""
    known = ask.catalogue.products
    told = [row for row in last_scores(ask.store).get("drifting", ()) if row["sku"] in known]
    if told:
        named = words.first_few(
            [f"{known[row['sku']].name} sells {row['way']}" for row in told], MOST_DRIFTING
        )
        whose = "its forecast" if len(told) == 1 else "their forecasts"
        text = (
            f"{words.plural(len(told), 'product')} left {whose}: {named}. The next forecasts follow; "
            "what you know better can be said on the page Forecast."
        )
        yield _drift("demand", text, tuple(row["sku"] for row in told))
    bias = by_class(past_weeks(ask)).get("all", {}).get("bias")
    if bias is not None and abs(bias) >= BIASED:
        way = "too high" if bias > 0 else "too low"
        yield _drift("bias", f"The forecasts were {way} by {_times(abs(bias))}, all products together.")


def _drift(subject: str, text: str, skus: tuple[str, ...] = ()) -> Sighting:
    button = Button("How good are the forecasts?", Call("forecast.accuracy"))
    reply = Reply(text, {"subject": subject, "products": list(skus)}, buttons=(button,))
    return Sighting("forecast.drift", subject, "", reply, Urgency.DIGEST, Right.SEE_SALES, products=skus)

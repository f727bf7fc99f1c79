"""What is said by itself of customers' words: more asked for, goods found bad, "sold out" with stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from tools.kit.ask import Ask, Right
from tools.kit.demand_signals import (
    BROKEN,
    TOLD_DAYS,
    WANTED,
    Burst,
    Talk,
    category_of,
    is_category,
    talk,
)
from tools.kit.demand_signals_agreed import agreed_units
from tools.kit.demand_signals_forecast import gate_for, gates_of
from tools.kit.demand_signals_quality import LotTalk, lot_buttons, lot_talk, lot_words
from tools.kit.demand_signals_words import (
    adjustment_row,
    open_proposal,
    proposal_buttons,
    proposal_words,
    quoted,
)
from tools.kit.reply import Button, Call, Reply, Source, listed
from tools.kit.watch import Sighting, Urgency
from tools.kit.watching import money_of, urgency, usual_takings
from tools.kit.words import facts, near_day, plural, quantity, sentences
from tools.store import Level, Product
from tools.store.signal_facts import ADJUSTED, DECLINED, STOCKOUT, Signal, SignalAdjustment

DEMAND, BAD, SAID_OUT = "feedback.demand", "feedback.quality", "stock.said_out"
# A complaint that a thing is sold out is looked into for so many days.
FRESH = timedelta(days=3)
DAY = timedelta(days=1)
# More money than this share of a usual day's takings is worth a message of its own.
WORTH_A_MESSAGE = Decimal("0.05")
MOST_COUNTS = 2
# What chance brings less often than once in ten years, it hardly ever brings.
YEARS = 3_650
ON_SALE = frozenset({"shop", "fridge"})


# -- more asked for than usual -----------------------------------------------------------------------


def demand_sightings(ask: Ask) -> Iterator[Sighting]:
    """Products, things not carried and categories that are asked for more than usual.

    What a person has decided already is not told again.
    """
    heard = talk(ask.store, ask.today, WANTED)
    bursts, takings = heard.bursts(), usual_takings(ask)
    told: set[str] = set()
    over = {one.sku for one in ask.store.adjustments.of(states=(ADJUSTED, DECLINED), first=ask.today)}
    for one in bursts:
        product = ask.catalogue.products.get(one.thing)
        if product is not None:
            told.add(product.category)
            if product.sku not in over:
                yield _asked_for(ask, one, product, takings)
        elif one.thing.startswith("wish:"):
            yield _wished_for(ask, one)
    for one in bursts:
        if is_category(one.thing) and category_of(one.thing) not in told:
            yield _category(ask, heard, one)


def _asked_for(ask: Ask, one: Burst, product: Product, takings: Decimal) -> Sighting:
    proposal = open_proposal(ask, product.sku)
    quotes = quoted(one.quotes[:2])
    if proposal is None:
        text = sentences(
            f"{plural(one.customers, 'customer')} asked for {product.name} in two weeks, "
            f"{_usual(one)}: {quotes}.",
            _why_not(ask, one),
        )
        show = Call("feedback.summary", {"products": [product.sku]})
        reply = Reply(text, _row(one, product), buttons=(Button("Show what they said", show),))
        return _sighting(DEMAND, product.sku, reply, Urgency.DIGEST, products=(product.sku,))
    text = sentences(f"{product.name}: {proposal_words(ask, product, proposal)}", f"They say {quotes}.")
    reply = Reply(
        text,
        {**_row(one, product), "proposal": adjustment_row(product, proposal)},
        buttons=proposal_buttons(ask, product, proposal),
        sources=(_source(one),),
    )
    value = _worth(product, proposal)
    soon = urgency(value, takings, WORTH_A_MESSAGE)
    return _sighting(DEMAND, product.sku, reply, soon, value, (product.sku,))


def _usual(one: Burst) -> str:
    usual = round(one.usual)
    return f"where {usual} {'is' if usual == 1 else 'are'} usual" if usual else "far more than usual"


def _worth(product: Product, proposal: SignalAdjustment) -> Decimal:
    model, proposed = agreed_units(proposal)
    return money_of(float((proposed - model) * (product.price or Decimal(0))))


def _why_not(ask: Ask, one: Burst) -> str:
    """Where the forecast stays as it is although much is asked: because here that told nothing."""
    stored = ask.store.forecasts.of([one.thing])
    shut = stored and gate_for(gates_of(ask.store), WANTED, stored[0].demand_class).state == "shut"
    return "Here such talk has not led to more sales so far, so the forecast stays." if shut else ""


def _wished_for(ask: Ask, one: Burst) -> Sighting:
    number = int(one.thing.partition(":")[2])
    wish = next((each for each in ask.store.said.wishes(since=one.heard.first) if each.id == number), None)
    name = wish.name if wish else "something that you don't carry"
    text = (
        f"{plural(one.customers, 'customer')} asked for {name} in two weeks, {_usual(one)}: "
        f"{quoted(one.quotes[:2])}. You don't carry it."
    )
    show = Button("Worth stocking?", Call("feedback.requests"), "primary")
    reply = Reply(text, {"name": name, **_figures(one)}, buttons=(show,), sources=(_source(one),))
    return _sighting(DEMAND, one.thing, reply, Urgency.DIGEST)


def _category(ask: Ask, heard: Talk, one: Burst) -> Sighting:
    category = category_of(one.thing)
    skus = tuple(
        sku
        for sku in ask.catalogue.categories.get(category, ())
        if sku in heard.heard and heard.heard[sku].counted
    )
    names = listed([ask.catalogue.products[sku].name for sku in skus[:3]])
    text = (
        f"{plural(one.customers, 'customer')} asked for {category.lower()} in two weeks, {_usual(one)} "
        f"({names}): {quoted(one.quotes[:2])}."
    )
    show = Button("Show what they said", Call("feedback.summary", {"category": category}))
    reply = Reply(text, {"category": category, **_figures(one)}, buttons=(show,), sources=(_source(one),))
    return _sighting(DEMAND, one.thing, reply, Urgency.DIGEST, products=skus)


def _figures(one: Burst) -> dict[str, object]:
    return facts(
        customers=one.customers,
        usual=round(one.usual, 2),
        days=TOLD_DAYS,
        since=one.on,
        surprise=round(one.surprise, 2),
        quotes=[signal.quote for signal in one.quotes],
    )


def _row(one: Burst, product: Product) -> dict[str, object]:
    return {"sku": product.sku, "name": product.name, **_figures(one)}


def _source(one: Burst) -> Source:
    rows = tuple(
        f"{signal.at:%Y-%m-%d}, {signal.channel or 'unknown channel'}: “{signal.quote}”"
        for signal in one.quotes
    )
    days = 10**one.surprise
    chance = f"by chance on one day in {days:,.0f}" if days < YEARS else "hardly ever by chance"
    return Source(f"{plural(one.customers, 'customer')} in two weeks", chance, rows)


def _sighting(
    rule: str,
    subject: str,
    reply: Reply,
    soon: Urgency,
    value: Decimal = Decimal(0),
    products: tuple[str, ...] = (),
) -> Sighting:
    return Sighting(rule, subject, "", reply, soon, Right.SEE_SALES, value, products)


# -- goods found bad ---------------------------------------------------------------------------------


def quality_sightings(ask: Ask) -> Iterator[Sighting]:
    """Lots that several customers complained of, and products found bad more often than usual."""
    heard = talk(ask.store, ask.today, BROKEN)
    lots = lot_talk(ask, heard.heard)
    for lot in lots:
        if not lot.held:
            yield _bad_lot(ask, lot)
    known = {lot.product.sku for lot in lots}
    for one in heard.bursts():
        product = ask.catalogue.products.get(one.thing)
        if product is not None and product.sku not in known:
            yield _bad_product(ask, one, product)


def _bad_lot(ask: Ask, lot: LotTalk) -> Sighting:
    about = {"products": [lot.product.sku]}
    show = Button("Show what they said", Call("feedback.summary", about))
    data = facts(
        sku=lot.product.sku,
        name=lot.product.name,
        lot=lot.lot,
        customers=lot.voices,
        left=lot.left,
        supplier=lot.supplier,
        quotes=[signal.quote for signal in lot.quotes],
    )
    reply = Reply(lot_words(lot), data, buttons=(*lot_buttons(ask, lot), show))
    value = money_of(float(lot.left * (lot.product.price or Decimal(0))))
    soon = Urgency.TODAY if lot.left > 0 else Urgency.DIGEST
    return _sighting(BAD, f"{lot.product.sku}:{lot.lot}", reply, soon, value, (lot.product.sku,))


def _bad_product(ask: Ask, one: Burst, product: Product) -> Sighting:
    supplier = ask.catalogue.supplier(product.supplier)
    text = (
        f"{plural(one.customers, 'customer')} found {product.name} bad in two weeks, {_usual(one)}: "
        f"{quoted(one.quotes[:2])}."
    )
    buttons = [Button("Show what they said", Call("feedback.summary", {"products": [product.sku]}))]
    if supplier is not None:
        buttons.append(
            Button(f"How is {supplier.name}?"[:60], Call("supplier.score", {"supplier": supplier.code}))
        )
    hurt = any(signal.urgency == "high" for signal in one.quotes)
    reply = Reply(text, _row(one, product), buttons=tuple(buttons), sources=(_source(one),))
    soon = Urgency.TODAY if hurt else Urgency.DIGEST
    return _sighting(BAD, product.sku, reply, soon, products=(product.sku,))


# -- "sold out", with stock on record ------------------------------------------------------------------


def said_out_sightings(ask: Ask) -> Iterator[Sighting]:
    """Products that customers found sold out while the books had some: count them."""
    since = ask.today - FRESH
    said: dict[str, list[Signal]] = defaultdict(list)
    for one in ask.store.said.signals(types=(STOCKOUT,), since=since, until=ask.today):
        if one.sku is not None and one.sku in ask.catalogue.products:
            said[one.sku].append(one)
    if not said:
        return
    counted = ask.store.stock.last_counted(list(said))
    for sku, signals in said.items():
        places = _places_with(ask, sku, signals, counted)
        if places and _was_there(ask, sku, signals[-1]):
            yield _said_out(ask, ask.catalogue.products[sku], signals, places)


def _places_with(
    ask: Ask, sku: str, signals: Sequence[Signal], counted: Mapping[tuple[str, str], datetime]
) -> list[Level]:
    """Where customers could have found it by the books, and nobody has counted since; most stock first."""
    kinds = {place.code: place.kind for place in ask.catalogue.locations}
    on_sale = {code for code, kind in kinds.items() if kind in ON_SALE} or set(kinds)
    said_at = signals[-1].at
    found = [
        level
        for level in ask.store.stock.levels([sku], today=ask.today)
        if level.location in on_sale
        and level.available > 0
        and not _counted_since(ask, counted.get((sku, level.location)), said_at)
    ]
    return sorted(found, key=lambda level: (-level.available, level.location or ""))


def _counted_since(ask: Ask, at: datetime | None, said_at: datetime) -> bool:
    """Whether it was counted after the customer spoke; what customers say is kept in wall time."""
    return at is not None and at.astimezone(ask.now.tzinfo).replace(tzinfo=None) >= said_at


def _was_there(ask: Ask, sku: str, last: Signal) -> bool:
    """Whether the books had some on the evening before and on that of the complaint."""
    day = last.at.date()
    return all(held > 0 for _, held in ask.store.stock.daily([sku], first=day - DAY, last=day))


def _said_out(ask: Ask, product: Product, signals: Sequence[Signal], places: Sequence[Level]) -> Sighting:
    people = len({one.voice for one in signals})
    quotes = quoted([signals[-1]])
    where = listed(
        [
            f"{quantity(product, level.available)} at {ask.catalogue.location_name(level.location)}"
            for level in places[:MOST_COUNTS]
        ]
    )
    when = near_day(signals[-1].at.date(), ask.today)
    head = f"{plural(people, 'customer')} found {product.name} sold out ({when}: {quotes})"
    text = f"{head}, but the books have {where}. Is it there?"
    counts = tuple(
        Button(
            f"Count {ask.catalogue.location_name(level.location)}"[:60],
            Call("stock.count", {"products": [product.sku], "location": level.location}),
            "primary",
        )
        for level in places[:MOST_COUNTS]
    )
    about = {"products": [product.sku], "location": places[0].location}
    history = Button("What happened?", Call("stock.history", about))
    rows = [facts(sku=product.sku, location=level.location, available=level.available) for level in places]
    data = {"rows": rows, "customers": people, "said": [one.quote for one in signals]}
    reply = Reply(text, data, buttons=(*counts, history))
    value = money_of(float(places[0].available * (product.price or Decimal(0))))
    soon = Urgency.TODAY if people > 1 else Urgency.DIGEST
    return Sighting(SAID_OUT, product.sku, "", reply, soon, Right.SEE_STOCK, value, (product.sku,))

"""How proposals and agreed figures of customers' words are told, and what their buttons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask, Right
from tools.kit.demand_signals_agreed import added, agreed_units
from tools.kit.foretalk import rounded
from tools.kit.outlook import Foreseen, outlook_of
from tools.kit.purchases import packed
from tools.kit.reply import Button, Call, Plan, Refused, Reply, Source
from tools.kit.slots import Period
from tools.kit.words import amount, day, facts, plural, quantity
from tools.store import Applied, Product
from tools.store.signal_changes import AgreeSignal, DeclineSignal
from tools.store.signal_facts import ADJUSTED, DECLINED, PROPOSED, Signal, SignalAdjustment

DAY = timedelta(days=1)
LONGEST_QUOTE = 120
GONE = "That is not proposed any more."


def quoted(signals: Sequence[Signal]) -> str:
    """Customers' own words, in quotation marks: “where are they?” and “sold out again”."""
    found = [f"“{_shortened(one.quote)}”" for one in signals if one.quote]
    return " and ".join((", ".join(found[:-1]), found[-1])) if len(found) > 1 else "".join(found)


def _shortened(quote: str) -> str:
    """A quote that fits: cut at a word, and said to be cut."""
    plain = " ".join(quote.split())
    return plain if len(plain) <= LONGEST_QUOTE else f"{plain[:LONGEST_QUOTE].rsplit(' ', 1)[0]} …"


# -- proposals ---------------------------------------------------------------------------------------


def change_words(product: Product, one: SignalAdjustment, today: date) -> str:
    """What would change: "+6 (from 20 to 26) up to Mon 30 Mar"."""
    model, proposed = (_said(product, value) for value in agreed_units(one))
    more = quantity(product, proposed - model)
    return f"+{more} (from {amount(model)} to {amount(proposed)}) up to {day(one.last, today)}"


def _said(product: Product, value: Decimal) -> Decimal:
    return Decimal(str(rounded(product, float(value))))


def proposal_words(ask: Ask, product: Product, one: SignalAdjustment) -> str:
    """A proposal: "9 customers asked for it in two weeks; forecast +6 (from 20 to 26) … if you agree."."""
    usual = one.gate.get("usual", 0.0)
    beside = f" ({'1 is' if round(usual) == 1 else f'{usual:.0f} are'} usual)" if round(usual) else ""
    change = change_words(product, one, ask.today)
    may = "if you agree" if ask.may(Right.BUY) else "if a manager agrees"
    return f"{one.reason}{beside}; forecast {change} {may}. {proof_words(one)}"


def proof_words(one: SignalAdjustment) -> str:
    """What speaks for it: this shop's own past, or a cautious guess."""
    gain, bursts = one.gate.get("gain", 0.0), int(one.gate.get("bursts", 0))
    if one.gate.get("proven"):
        return (
            f"After {plural(bursts, 'such burst', 'such bursts')} here the forecasts of goods like it would "
            f"have been {gain:.1%} nearer."
        )
    return "That is a cautious guess: too few such bursts are on record here to learn from."


def proposal_buttons(ask: Ask, product: Product, one: SignalAdjustment) -> tuple[Button, ...]:
    """Agree, no, and show what was said."""
    show = Button("Show what they said", Call("feedback.summary", {"products": [product.sku]}))
    if not ask.may(Right.BUY):
        return (show,)
    model, proposed = (_said(product, value) for value in agreed_units(one))
    more = f"Agree: +{quantity(product, proposed - model)}"
    return (
        Button(more, _call(product, one, "agree"), "primary"),
        Button("No", _call(product, one, "decline")),
        show,
    )


def _call(product: Product, one: SignalAdjustment, verb: str) -> Call:
    detail = packed(do=verb, adjustment=one.id, to=amount(one.quantity or Decimal(0)))
    return Call("forecast.demand", {"products": [product.sku], "detail": detail})


def open_proposal(ask: Ask, sku: str) -> SignalAdjustment | None:
    """What is proposed for a product and still waits."""
    found = ask.store.adjustments.of([sku], states=(PROPOSED,), first=ask.today)
    return found[-1] if found else None


def decided(ask: Ask, wanted: Mapping[str, Any]) -> Plan | Refused:
    """What a button of a proposal does: agree or decline, once, and only what was shown."""
    if not ask.may(Right.BUY):
        return Refused(f"Your role ({ask.user.role}) may not change forecasts.")
    number = wanted.get("adjustment")
    one = ask.store.adjustments.one(number) if isinstance(number, int) and 0 < number < 2**31 else None
    product = ask.catalogue.products.get(one.sku) if one is not None else None
    if one is None or product is None:
        return Refused(GONE)
    if one.state != PROPOSED:
        return Refused(_over(one))
    if wanted.get("to") != amount(one.quantity or Decimal(0)):
        now = f"The figures have changed since: now it is {change_words(product, one, ask.today)}."
        return Refused(now, proposal_buttons(ask, product, one))
    return _agree(ask, product, one) if wanted.get("do") == "agree" else _decline(product, one)


def _over(one: SignalAdjustment) -> str:
    if one.state in (ADJUSTED, DECLINED):
        return f"{one.decided_by} has {'agreed to' if one.state == ADJUSTED else 'declined'} that already."
    return GONE


def _agree(ask: Ask, product: Product, one: SignalAdjustment) -> Plan:
    change = change_words(product, one, ask.today)

    def tell(applied: Applied) -> Reply:
        start = "That was agreed before" if applied.repeated else "Agreed"
        text = f"{start}: the forecast of {product.name} goes {change}; orders follow it."
        suggest = Button("What to order", Call("reorder.suggest", {"products": [product.sku]}), "primary")
        return Reply(text, {**adjustment_row(product, one), "group": applied.group_id}, buttons=(suggest,))

    return Plan(
        f"Raise the forecast of {product.name}: {change}",
        AgreeSignal(one.id),
        tell,
        _call(product, one, "agree").slots,
        data=adjustment_row(product, one),
    )


def _decline(product: Product, one: SignalAdjustment) -> Plan:
    def tell(applied: Applied) -> Reply:
        text = f"The forecast of {product.name} stays as it is; I won't propose that again for three weeks."
        return Reply(text, {**adjustment_row(product, one), "group": applied.group_id})

    return Plan(
        f"Leave the forecast of {product.name} as it is",
        DeclineSignal(one.id),
        tell,
        _call(product, one, "decline").slots,
        data=adjustment_row(product, one),
    )


def adjustment_row(product: Product, one: SignalAdjustment) -> dict[str, Any]:
    """The figures of a proposal for ``data``."""
    model, proposed = agreed_units(one)
    return facts(
        sku=product.sku,
        name=product.name,
        adjustment=one.id,
        state=one.state,
        first=one.first,
        last=one.last,
        model=model,
        proposed=proposed,
        voices=int(one.gate.get("voices", 0)),
        gain=one.gate.get("gain", 0.0),
        reason=one.reason,
    )


# -- what was agreed ---------------------------------------------------------------------------------


def agreed_words(ask: Ask, found: Foreseen, ahead: Period) -> str:
    """What of the days ahead comes from customers' words: "+6 of it from what customers asked, …"."""
    more = added(outlook_of(found.stored), found.agreed, ahead.first, ahead.last)
    if not more or any(one.first <= ahead.last and one.last >= ahead.first for one in found.own):
        return ""
    units = quantity(found.product, Decimal(str(rounded(found.product, more))))
    return f"+{units} of it is from what customers asked, {by_words(found.agreed[-1], ask.today)}."


def by_words(one: SignalAdjustment, today: date) -> str:
    """Who agreed, and when: "agreed by Anna on Mon 16 Mar"."""
    when = f" on {day(one.decided_at.date(), today)}" if one.decided_at else ""
    return f"agreed by {one.decided_by}{when}"


def agreed_source(ask: Ask, found: Foreseen) -> tuple[Source, ...]:
    """What an agreed figure stands on."""
    rows = tuple(
        f"{one.reason}: {change_words(found.product, one, ask.today)}, {by_words(one, ask.today)}"
        for one in found.agreed
    )
    return (Source("What customers asked for", rows=rows),) if rows else ()

"""The week's scorecard as a message: how good, what was reached, what it cost."""

from __future__ import annotations

from tools.kit.ask import Ask
from tools.kit.reply import Reply
from tools.kit.scorecard import Scorecard, scorecard
from tools.kit.words import money, plural, sentences


def weekly(ask: Ask) -> Reply | None:
    """The scorecard of the last four weeks in a few lines; None where no forecast was made yet."""
    if ask.store.forecasts.latest() is None:
        return None
    card = scorecard(ask)
    lines = (_accuracy(card), _service(card), _stock(ask, card), _people(card))
    return Reply("\n".join(["How the week went:", *(f"• {line}" for line in lines if line)]), card.figures)


def _accuracy(card: Scorecard) -> str:
    whole = card.accuracy.get("all")
    if not whole or whole.get("wape") is None:
        return ""
    usual = whole.get("usual")
    beside = f", “as in the last four weeks” by {usual:.0%}" if usual is not None else ""
    looked = " (looked back: no forecast has met its week yet)" if card.looked_back else ""
    drift = f"{plural(len(card.drifting), 'product')} left their forecast." if card.drifting else ""
    return sentences(f"Forecasts were off by {whole['wape']:.0%}{beside}{looked}.", drift)


def _service(card: Scorecard) -> str:
    told = [
        f"{one.kind} {one.reached:.0%} (promised {one.promised:.0%})"
        for one in card.service
        if one.reached is not None
    ]
    return f"Weeks without running out: {', '.join(told)}." if told else ""


def _stock(ask: Ask, card: Scorecard) -> str:
    currency = ask.catalogue.currency
    missed, waste, held, asleep = (
        money(one, currency) for one in (card.missed, card.waste, card.in_stock, card.asleep)
    )
    return (
        f"{card.out_now} out of stock now, about {missed} not sold in four weeks, {waste} written off; "
        f"{held} in stock, of it {asleep} beyond half a year's demand."
    )


def _people(card: Scorecard) -> str:
    if not card.people:
        return ""
    nearer = sum(one.helped for one in card.people)
    return f"People's own figures were nearer than the forecast in {nearer} of {len(card.people)} cases."

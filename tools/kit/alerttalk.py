"""What people asked to be told of and not told of, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from tools.kit.ask import Ask
from tools.kit.purchases import packed
from tools.kit.reply import Button, Call, listed
from tools.kit.words import amount, first_few, group_name, near_day, quantity
from tools.store import Product
from tools.store.alert_changes import THRESHOLD
from tools.store.incidents_facts import AlertRule, Mute

# "drops below 20" leaves 20 out, "is down to 20" does not; sensors are watched both ways.
REACHES, ABOVE, BELOW = "threshold.at", "sensor.above", "sensor.below"
RULE_WORDS = {THRESHOLD: "drops below", REACHES: "is down to", ABOVE: "reads above", BELOW: "reads below"}
MOST_NAMED = 3


def goods(ask: Ask, skus: Sequence[str], category: str) -> tuple[Product, ...]:
    """The products that an alert or mute is about, as the catalogue has them now."""
    known = ask.catalogue
    named = skus or next(
        (tuple(found) for name, found in known.categories.items() if name.lower() == category.lower()), ()
    )
    return tuple(known.products[sku] for sku in named if sku in known.products)


def goods_words(ask: Ask, skus: Sequence[str], category: str, joint: str = "or") -> str:
    """What it is about: "Red Mug 350ml or Red Mug 500ml", "anything in Mugs"; "" for everything."""
    if category and not skus:
        return f"anything in {category}" if joint == "or" else category
    found = goods(ask, skus, category)
    if len(found) > MOST_NAMED:
        name = group_name(found)
        return f"any of {len(found)} {name}" if name else first_few([one.name for one in found], MOST_NAMED)
    return listed([one.name for one in found] or list(skus), joint)


def place_words(ask: Ask, location: str) -> str:
    """Where: " at High Street shop"; "" for all places together."""
    return f" at {ask.catalogue.location_name(location)}" if location else ""


def alert_words(ask: Ask, alert: AlertRule) -> str:
    """An alert as the rest of "I tell you when …": "Red Mug 350ml drops below 20 at Harbour shop"."""
    limit = threshold_words(ask, alert.products, alert.threshold or Decimal(0))
    how = RULE_WORDS.get(alert.rule, RULE_WORDS[THRESHOLD])
    if alert.rule in (ABOVE, BELOW):
        return f"a sensor{place_words(ask, alert.location)} {how} {limit}"
    what = goods_words(ask, alert.products, alert.category)
    return f"{what} {how} {limit}{place_words(ask, alert.location)}"


def threshold_words(ask: Ask, skus: Sequence[str], threshold: Decimal) -> str:
    """A limit in the unit of what it is about, where that is one."""
    found = goods(ask, skus, "")
    units = {product.unit for product in found}
    return quantity(found[0], threshold) if len(units) == 1 else amount(threshold)


def mute_words(ask: Ask, mute: Mute) -> str:
    """What is quiet, and how long: "Mugs until Mon 23 Mar"."""
    what = goods_words(ask, mute.products, mute.category, "and") or mute.rule or "everything"
    return f"{what}{place_words(ask, mute.location)} {until_words(ask, mute.until)}"


def until_words(ask: Ask, until: datetime | None) -> str:
    """How long something holds: "until Mon 23 Mar", "until 14:30 today", "for good"."""
    if until is None:
        return "for good"
    here = until.astimezone(ask.now.tzinfo)
    when = near_day(here.date(), ask.today)
    clock = f"{here:%H:%M} " if (here.hour, here.minute) != (0, 0) else ""
    return f"until {clock}{when}"


def drop_button(ask: Ask, alert: AlertRule, label: str = "") -> Button:
    """The button that ends an alert."""
    what = goods_words(ask, alert.products, alert.category) or place_words(ask, alert.location).strip()
    return Button(
        label or f"Drop: {what}"[:60], Call("alert.mute", {"detail": packed(do="drop", alert=alert.id)})
    )


def unmute_button(ask: Ask, mute: Mute) -> Button:
    """The button that ends a mute."""
    what = goods_words(ask, mute.products, mute.category, "and") or "everything"
    return Button(
        f"Tell me again: {what}"[:60], Call("alert.mute", {"detail": packed(do="unmute", mute=mute.id)})
    )

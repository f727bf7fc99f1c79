"""What one piece was sold for: a price for each, or what several cost together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from intents.quantities import Amount
from intents.tags import Tags
from tools.store import Catalogue

_TOGETHER = re.compile(
    r"^(?:in (?:total|all)|total|altogether|all in|together|all together|the lot|the pair|combined|"
    r"for (?:the lot|all|both|them all|everything|the (?:two|three|four|pair)))\b"
)
_EACH = re.compile(r"^(?:each|apiece|a piece|per (?:piece|unit|item|one|mug|pack|case)|a pop|ea|every)\b")
CENT = Decimal("0.01")


def price_of_one(
    money: Amount, quantity: object, tags: Tags, products: Sequence[str], catalogue: Catalogue
) -> Decimal | None:
    """The price of one; None where the sum of several does not divide into whole cents.

    "For 15" of several may be either: what is nearer to the price in the books is taken.
    """
    count = Decimal(str(quantity)) if quantity else Decimal(1)
    after = " ".join(tags.low(at) for at in range(money.end, min(money.end + 4, len(tags.words))))
    if count <= 1 or _EACH.match(after) or tags.low(money.end - 1) in ("each", "ea"):
        return money.value
    share = money.value / count
    before = tags.low(money.start - 1)
    if _TOGETHER.match(after) or before in ("total", "altogether", "totalling", "totaling"):
        return share if share == share.quantize(CENT) else None
    listed = [catalogue.products[sku].price for sku in products if sku in catalogue.products]
    known = [price for price in listed if price]
    if before != "for" or not known or share != share.quantize(CENT):
        return money.value
    usual = sum(known, Decimal()) / len(known)
    return share if abs(share - usual) < abs(money.value - usual) else money.value

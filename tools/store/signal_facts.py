"""What customers said and what was read from it: plain facts, shared by the reader, the miner and the tools.

Times of remarks are the shop's wall times.  A quote is a span of the remark's text as it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

STOCKOUT, PRODUCT, VARIANT = "stockout_complaint", "product_request", "variant_request"
QUALITY, DELIVERY, PRICE = "quality_issue", "delivery_issue", "price_complaint"
PRAISE, RETURN, OTHER = "praise", "return", "other"
TYPES = (STOCKOUT, PRODUCT, VARIANT, QUALITY, DELIVERY, PRICE, PRAISE, RETURN, OTHER)
DEMAND_TYPES = (STOCKOUT, PRODUCT, VARIANT)
"""These tell of sales that the till never saw."""
POLARITIES = ("neg", "neu", "pos")
DOCUMENT_POLARITIES = (*POLARITIES, "mixed")
URGENCIES = ("low", "medium", "high")

SURE, DOUBTFUL, CONFIRMED, REJECTED = "sure", "doubtful", "confirmed", "rejected"
SIGNAL_STATES = (SURE, DOUBTFUL, CONFIRMED, REJECTED)
"""The miner's two; a person said so (also where the miner had missed it); a person said that it is wrong."""
COUNTED = (SURE, CONFIRMED)
"""The states that figures are made of."""

STAFF_CHANNELS = frozenset({"till_note", "in_store", "phone"})
"""Where staff write down what a customer said."""

PROPOSED, ADJUSTED, DECLINED, EXPIRED = "proposed", "applied", "declined", "expired"
ADJUSTMENT_STATES = (PROPOSED, ADJUSTED, DECLINED, EXPIRED)


@dataclass(frozen=True, slots=True)
class Said:
    """One text as the miner takes it; ``customer`` is the key of a person, never a name."""

    text: str
    channel: str = ""
    rating: int | None = None
    at: datetime | None = None
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Mined:
    """One signal in a text.

    ``mention`` is the words for the thing exactly as written, ``start`` and ``end`` the span of the
    clause to quote, ``confidence`` between 0 and 1; ``sure`` is False where a person should look.
    """

    type: str
    sku: str | None = None
    mention: str | None = None
    attribute: str | None = None
    polarity: str = "neu"
    urgency: str = "low"
    start: int = 0
    end: int = 0
    confidence: float = 1.0
    sure: bool = True


@dataclass(frozen=True, slots=True)
class MinedText:
    """All that was read from one text; not ``readable`` where its language is not understood."""

    doc_polarity: str = "neu"
    signals: tuple[Mined, ...] = ()
    language: str = "en"
    readable: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """What one customer said, as it is kept: personal data masked unless the shop wants it.

    ``person`` is the keyed hash of who said it ("" unknown), ``text_key`` the hash of the normalised
    words; ``model`` the version that read it last ("" none did yet).
    """

    id: int
    at: datetime
    channel: str
    text: str
    rating: int | None = None
    sku: str | None = None
    customer: str = ""
    person: str = ""
    text_key: str = ""
    source: str = ""
    language: str = ""
    readable: bool = True
    masked: bool = False
    polarity: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal as it stands; ``quote`` is the text's own words from ``start`` to ``end``."""

    id: int
    remark: int
    at: datetime
    channel: str
    type: str
    sku: str | None
    wish: int | None
    mention: str
    attribute: str
    polarity: str
    urgency: str
    start: int
    end: int
    quote: str
    confidence: float
    state: str
    person: str = ""
    text_key: str = ""
    model: str = ""
    corrected_by: str = ""

    @property
    def voice(self) -> str:
        """Whose voice it counts as: the person's; else each note of staff is one, and equal words are."""
        return self.person or (f"note {self.remark}" if self.channel in STAFF_CHANNELS else self.text_key)


@dataclass(frozen=True, slots=True)
class Wish:
    """A thing that is not carried, by whatever words it was asked for; ``voices`` are different customers."""

    id: int
    name: str
    voices: int = 0
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many different voices spoke of one thing on one day, all signals of one type together."""

    day: date
    type: str
    sku: str | None
    wish: int | None
    voices: int
    signals: int


@dataclass(frozen=True, slots=True)
class SignalAdjustment:
    """What signals suggest for a product's forecast: ``quantity`` in all, or each day times ``multiplier``.

    ``gate`` holds the figures that the decision stood on, by name.
    """

    id: int
    sku: str
    first: date
    last: date
    quantity: Decimal | None
    multiplier: Decimal | None
    reason: str
    state: str
    gate: dict[str, float] = field(default_factory=dict)
    made_at: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None

"""What a person can decide about signals in customers' words.

Each is data; ``Store.apply`` makes it, once, whole.  ``Applied.documents`` names what it touched: "adjustment
3", "lot L7".  Each can be undone while nothing more has happened to the same row.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgreeSignal:
    """The forecast goes by what signals suggest from now on, until its last day."""

    adjustment: int


@dataclass(frozen=True, slots=True)
class DeclineSignal:
    """The forecast stays as it is, and the same is not proposed again for a while."""

    adjustment: int


@dataclass(frozen=True, slots=True)
class HoldLot:
    """A lot is neither sold nor promised until it is freed (quarantine); it stays where it is."""

    sku: str
    lot: str


@dataclass(frozen=True, slots=True)
class FreeLot:
    """A lot that was held may be sold again."""

    sku: str
    lot: str


SignalChange = AgreeSignal | DeclineSignal | HoldLot | FreeLot

"""The names that an import's rows may refer to: those in the books, and those that it brings itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

MAIN = "MAIN"


@dataclass
class Known:
    """Codes that are known so far; reading a file of names adds to them.

    The ``by_`` maps lead from lower-case names and barcodes to codes.
    ``supplier_codes_are_new`` and ``location_codes_are_new``: there is no list of them anywhere,
    so those that rows mention make one.
    """

    skus: set[str] = field(default_factory=set)
    locations: set[str] = field(default_factory=set)
    suppliers: set[str] = field(default_factory=set)
    customers: set[str] = field(default_factory=set)
    sensors: set[str] = field(default_factory=set)
    vehicles: set[str] = field(default_factory=set)
    by_name: dict[str, str] = field(default_factory=dict)
    by_barcode: dict[str, str] = field(default_factory=dict)
    place_by_name: dict[str, str] = field(default_factory=dict)
    supplier_by_name: dict[str, str] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/London"))
    currency: str = "GBP"
    supplier_codes_are_new: bool = False
    location_codes_are_new: bool = False

    @property
    def only_place(self) -> str:
        """The location that a row without one means: the only one there is; empty where there are several."""
        if not self.locations:
            return MAIN
        return next(iter(self.locations)) if len(self.locations) == 1 else ""

"""What is in stock, seen from a question: the places in scope and the sums over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tools.kit.ask import Ask
from tools.kit.reply import Refused, Source, listed
from tools.kit.words import amount, day, facts, number, plural, quantity, summed
from tools.store import Catalogue, Level, Product, PurchaseLine
from tools.store.facts import ON_ORDER

# More names than this are not listed in the query; the whole shop is read instead.
MOST_NAMED = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """The places that a question is about.  ``location`` is set where exactly one was named.

    ``whole`` means every place of the shop, with what is promised of no fixed place.
    """

    places: tuple[str, ...]
    location: str | None = None
    whole: bool = True

    @property
    def locations(self) -> tuple[str, ...] | None:
        """For the store: None is everywhere."""
        return None if self.whole else self.places


@dataclass(frozen=True, slots=True)
class Holding:
    """One product's stock in a scope."""

    product: Product
    levels: tuple[Level, ...]

    @property
    def placed(self) -> tuple[Level, ...]:
        """The levels that are of a place."""
        return tuple(level for level in self.levels if level.location is not None)

    @property
    def on_hand(self) -> Decimal:
        """What stands there, good or not."""
        return summed(level.on_hand for level in self.levels)

    @property
    def reserved(self) -> Decimal:
        """What is promised to orders."""
        return summed(level.reserved for level in self.levels)

    @property
    def unusable(self) -> Decimal:
        """What is past its date or held back."""
        return summed(level.unusable for level in self.levels)

    @property
    def on_order(self) -> Decimal:
        """What suppliers still have to bring."""
        return summed(level.on_order for level in self.levels)

    @property
    def available(self) -> Decimal:
        """What can still be promised."""
        return summed(level.available for level in self.levels)

    def at(self, location: str | None) -> Decimal:
        """What stands at one place."""
        return summed(level.on_hand for level in self.levels if level.location == location)

    def unusable_at(self, location: str | None) -> Decimal:
        """What is past its date or held back at one place."""
        return summed(level.unusable for level in self.levels if level.location == location)

    def reserved_at(self, location: str | None) -> Decimal:
        """What is promised out of one place."""
        return summed(level.reserved for level in self.levels if level.location == location)

    def row(self, location: str | None = None) -> dict[str, Any]:
        """The row of ``data`` for the sum."""
        return _row(self.product, self, location)

    def place_rows(self) -> list[dict[str, Any]]:
        """The rows of ``data`` for each place."""
        return [_row(self.product, level, level.location) for level in self.placed]


def scope_of(ask: Ask, location: str | None) -> Scope | Refused:
    """The places of a question; refused where the place is unknown or not this person's."""
    if location is None:
        return Scope(ask.places, whole=ask.user.locations is None)
    if ask.catalogue.location(location) is None:
        names = [place.name for place in ask.catalogue.locations if place.code in ask.places]
        return Refused(f"I know no place called {location}. There are: {listed(names)}.")
    if not ask.within(location):
        mine = listed([ask.catalogue.location_name(code) for code in ask.places]) or "no place"
        return Refused(f"{ask.catalogue.location_name(location)} is not one of your places: you see {mine}.")
    return Scope((location,), location, whole=False)


def holdings(ask: Ask, products: Sequence[Product], scope: Scope | Refused) -> tuple[Holding, ...]:
    """The stock of these products in the scope, in their order; nothing where the scope is refused."""
    if isinstance(scope, Refused):
        return tuple(Holding(product, ()) for product in products)
    skus = [product.sku for product in products] if len(products) <= MOST_NAMED else None
    levels = ask.store.stock.levels(skus, locations=scope.locations, today=ask.today)
    by_sku: dict[str, list[Level]] = defaultdict(list)
    for level in levels:
        by_sku[level.sku].append(level)
    return tuple(Holding(product, tuple(by_sku[product.sku])) for product in products)


NO_STOCK_YET = (
    "No stock figures are on the books yet, so I can't tell what there is. "
    "Import a stock file, or count: “I counted 12 of ...”."
)


def never_booked(ask: Ask, skus: Sequence[str] | None = None) -> bool:
    """Whether nothing ever moved of these products (None: of any): then stock is unknown, not zero."""
    return not ask.store.stock.movements(skus, limit=1)


def in_scope(ask: Ask, scope: Scope, *, preposition: str = "at") -> str:
    """The end of a sentence about the scope: " at High Street shop", or "" for the whole shop."""
    if scope.location is not None:
        return f" {preposition} {ask.catalogue.location_name(scope.location)}"
    if scope.whole:
        return ""
    names = listed([ask.catalogue.location_name(code) for code in scope.places])
    return f" {preposition} {names or 'no place'}"


def coming(ask: Ask, products: Sequence[Product], scope: Scope) -> list[PurchaseLine]:
    """The purchase lines still to come into the scope, soonest first, those without a day last."""
    skus = [product.sku for product in products] if len(products) <= MOST_NAMED else None
    lines = ask.store.purchasing.lines(skus=skus)
    wanted = [
        line
        for line in lines
        if line.outstanding > 0 and line.status in ON_ORDER and (scope.whole or line.location in scope.places)
    ]
    return sorted(wanted, key=lambda line: (line.expected_on or date.max, line.po_no))


def stock_source(ask: Ask, held: Sequence[Holding]) -> Source:
    """Where stock figures come from, row by row, with what was counted last and when."""
    catalogue = ask.catalogue
    rows = [_source_row(catalogue, each.product, level) for each in held for level in each.levels]
    places = {level.location for each in held for level in each.placed if level.location}
    skus = [each.product.sku for each in held][:MOST_NAMED]
    counted = ask.store.stock.last_counted(skus, locations=places or ask.places)
    last = max(counted.values(), default=None)
    when = f"last counted {_on_day(ask, last)}" if last else "never counted here"
    return Source(
        f"Stock ledger, {plural(len(rows), 'balance')}; {when}",
        as_of=f"ledger position {ask.store.stock.position()}",
        rows=tuple(rows[:50]),
    )


def _on_day(ask: Ask, instant: datetime) -> str:
    return day(instant.astimezone(ask.now.tzinfo).date(), ask.today)


def purchase_source(ask: Ask, lines: Sequence[PurchaseLine]) -> Source:
    """Where figures on order come from."""
    catalogue = ask.catalogue
    rows = [_purchase_row(catalogue, line, ask.today) for line in lines]
    return Source(f"Purchase orders, {plural(len(rows), 'open line')}", rows=tuple(rows[:50]))


def purchase_row(line: PurchaseLine) -> dict[str, Any]:
    """One open purchase line for ``data``."""
    return facts(
        po=line.po_no,
        sku=line.sku,
        supplier=line.supplier,
        location=line.location,
        quantity=line.outstanding,
        expected_on=line.expected_on,
    )


def totals_row(held: Sequence[Holding]) -> dict[str, Any]:
    """The sums over products of one unit, under the contract's names."""
    names = ("on_hand", "reserved", "unusable", "available", "on_order")
    return facts(**{name: summed(getattr(each, name) for each in held) for name in names})


def _row(product: Product, of: Holding | Level, location: str | None) -> dict[str, Any]:
    row = facts(
        sku=product.sku,
        name=product.name,
        location=location,
        unit=product.unit,
        on_hand=of.on_hand,
        reserved=of.reserved,
        unusable=of.unusable,
        available=of.available,
        on_order=of.on_order,
    )
    if product.reorder_point is not None:
        row["reorder_point"] = number(product.reorder_point)
    return row


def _purchase_row(catalogue: Catalogue, line: PurchaseLine, today: date) -> str:
    product = catalogue.products.get(line.sku)
    what = (
        f"{line.po_no} ({line.status}): {amount(line.outstanding)} of {product.name if product else line.sku}"
    )
    return f"{what}, due {day(line.expected_on, today)}" if line.expected_on else what


def _source_row(catalogue: Catalogue, product: Product, level: Level) -> str:
    place = catalogue.location_name(level.location) if level.location else "no fixed place"
    parts = [f"{quantity(product, level.on_hand)} on hand"]
    extras = (
        ("promised", level.reserved),
        ("past date or held back", level.unusable),
        ("on order", level.on_order),
    )
    parts += [f"{quantity(product, value)} {what}" for what, value in extras if value]
    return f"{product.name}, {place}: {', '.join(parts)}"

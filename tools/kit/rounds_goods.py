"""Where the goods of each order to bring are taken from: one place if it can be, else two on the way.

Orders are served in the order in which they are due, so that what is scarce goes to who waits first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from tools.kit.allocating import Site, sites_of, straight_km
from tools.kit.ask import Ask
from tools.kit.reply import listed
from tools.kit.words import amount
from tools.store.facts import Named
from tools.store.trip_facts import Deliverable, StopLine

MOST_PLACES = 2
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Sourced:
    """Where the goods of an order lie: ``sites`` by the code of their head, the one that gives most first.

    ``missing`` says what is nowhere to be had; then there are no lines.
    """

    lines: tuple[StopLine, ...] = ()
    sites: tuple[str, ...] = ()
    missing: str = ""


class Shelves:
    """The good stock of all places, taken from order by order."""

    def __init__(self, ask: Ask, skus: Collection[str]) -> None:
        self._ask = ask
        self.sites = sites_of(ask)
        self._good: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for level in ask.store.stock.levels(list(skus), today=ask.today) if skus else ():
            if level.location is not None:
                self._good[level.sku, level.location] += max(level.on_hand - level.unusable, ZERO)

    def take(self, order: Deliverable, homes: Sequence[str], *, near: bool) -> Sourced:
        """Take the goods of an order from where it is best; ``homes`` are sites that vehicles start from.

        One site is better than two, one that vehicles start from better than another; among those the
        first of ``homes``, or with ``near`` the nearest to the customer.
        """
        wanted = _wanted(order)
        lacking = [sku for sku, need in wanted.items() if self._everywhere(sku) < need]
        if lacking:
            return Sourced(missing=self._lacking(wanted, lacking))
        for count in range(1, MOST_PLACES + 1):
            ways = [group for group in combinations(self.sites, count) if self._enough(group, wanted)]
            ways = [group for group in ways if count == 1 or any(one.code in homes for one in group)]
            if ways:
                best = min(ways, key=lambda group: self._rank(group, order, homes, near=near))
                return self._taken(best, wanted, homes)
        return Sourced(missing="its goods lie at more places than one round can collect from")

    def _everywhere(self, sku: str) -> Decimal:
        return sum((self._at(site, sku) for site in self.sites), ZERO)

    def _at(self, site: Site, sku: str) -> Decimal:
        return sum((self._good[sku, place.code] for place in site.places), ZERO)

    def _enough(self, group: Sequence[Site], wanted: Mapping[str, Decimal]) -> bool:
        return all(sum((self._at(site, sku) for site in group), ZERO) >= need for sku, need in wanted.items())

    def _rank(
        self, group: Sequence[Site], order: Deliverable, homes: Sequence[str], *, near: bool
    ) -> tuple[int, float, float, str]:
        away = [site for site in group if site.code not in homes]
        first = min((homes.index(site.code) for site in group if site.code in homes), default=len(homes))
        km = min(_km(site, order) for site in group)
        return len(away), km if near else float(first), km, group[0].code

    def _taken(self, group: Sequence[Site], wanted: Mapping[str, Decimal], homes: Sequence[str]) -> Sourced:
        lines: list[StopLine] = []
        used: dict[str, Decimal] = {}
        for site in sorted(group, key=lambda one: one.code not in homes):
            for line in self._from(site, wanted, lines):
                lines.append(line)
                used[site.code] = used.get(site.code, ZERO) + line.quantity
        for line in lines:
            self._good[line.sku, line.location] -= line.quantity
        return Sourced(tuple(lines), tuple(used))

    def _from(
        self, site: Site, wanted: Mapping[str, Decimal], lines: Sequence[StopLine]
    ) -> Iterator[StopLine]:
        """What a site gives of what is still wanted, its fullest place first."""
        for sku, need in wanted.items():
            left = need - sum((line.quantity for line in lines if line.sku == sku), ZERO)
            places = sorted(site.places, key=lambda place: (-self._good[sku, place.code], place.code))
            for place in places:
                given = min(left, self._good[sku, place.code])
                if given > 0:
                    left -= given
                    yield StopLine(sku, given, place.code)

    def _lacking(self, wanted: Mapping[str, Decimal], lacking: Sequence[str]) -> str:
        products = self._ask.catalogue.products
        parts = [
            f"{amount(wanted[sku])} × {products[sku].name if sku in products else sku}, "
            f"{amount(self._everywhere(sku)) if self._everywhere(sku) else 'none'} in stock"
            for sku in lacking
        ]
        return f"its goods are not there ({listed(parts)})"


def _wanted(order: Deliverable) -> dict[str, Decimal]:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for sku, quantity in order.lines:
        wanted[sku] += quantity
    return {sku: quantity for sku, quantity in wanted.items() if quantity > 0}


def _km(site: Site, order: Deliverable) -> float:
    customer = Named(order.customer, order.name, order.latitude, order.longitude)
    km = straight_km(site.head, customer)
    return 1e6 if km is None else km

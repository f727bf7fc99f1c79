"""What the stock pages and the HTTP interface both show: which products, which places, how much."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from connectors.chat.web.door import Door
from tools.kit import Ask, Refused
from tools.kit.holdings import scope_of
from tools.kit.lowstock import sales_window, shortages
from tools.store import Catalogue, Level, User

PAGE_SIZE = 50
MOST_FOUND = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which products somebody wants to see, and in which order ("name", "sku", "category", "price")."""

    search: str = ""
    category: str = ""
    sort: str = "name"
    falling: bool = False


def wanted_skus(door: Door, wanted: Wanted) -> Sequence[str]:
    """All SKUs that fit; a search without another order puts the best match first."""
    catalogue = door.house.store.catalogue()
    if not wanted.search:
        everything = _in_order(_Held(catalogue), wanted.sort, wanted.category)
        return everything[::-1] if wanted.falling else everything
    found = [sku for sku in door.house.search(wanted.search, MOST_FOUND) if sku in catalogue.products]
    if wanted.category:
        found = [sku for sku in found if catalogue.products[sku].category == wanted.category]
    if wanted.sort != "name" or wanted.falling:
        found.sort(key=lambda sku: _sort_key(catalogue, sku, wanted.sort), reverse=wanted.falling)
    return found


@dataclass(frozen=True, slots=True)
class _Held:
    """A catalogue that can be a cache's key: two of one version are the same."""

    catalogue: Catalogue

    def __hash__(self) -> int:
        return hash(self.catalogue.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.catalogue is self.catalogue


@lru_cache(maxsize=8)
def _in_order(held: _Held, sort: str, category: str) -> tuple[str, ...]:
    catalogue = held.catalogue
    chosen = [sku for sku, product in catalogue.products.items() if category in ("", product.category)]
    return tuple(sorted(chosen, key=lambda sku: _sort_key(catalogue, sku, sort)))


def _sort_key(catalogue: Catalogue, sku: str, sort: str) -> tuple[Decimal, str, str]:
    product = catalogue.products[sku]
    if sort == "price":
        return (product.price or Decimal(0), product.name.casefold(), sku)
    if sort == "sku":
        return (Decimal(0), "", sku)
    first = product.category.casefold() if sort == "category" else ""
    return (Decimal(0), f"{first}\0{product.name.casefold()}", sku)


def visible_places(door: Door, user: User, location: str = "") -> tuple[str, ...] | None:
    """The places that figures are summed over; None: all, with what is promised of no fixed place."""
    if user.locations is None and not location:
        return None
    known = [place.code for place in door.house.store.catalogue().locations]
    allowed = [code for code in known if user.locations is None or code in user.locations]
    return tuple(code for code in allowed if location in ("", code))


def levels_of(door: Door, skus: Collection[str], places: tuple[str, ...] | None) -> Mapping[str, list[Level]]:
    """Stock of these products at these places, by SKU."""
    today = door.house.now().date()
    grouped: dict[str, list[Level]] = {}
    if skus and places != ():
        for level in door.house.store.stock.levels(skus, locations=places, today=today):
            grouped.setdefault(level.sku, []).append(level)
    return grouped


def held_at(door: Door, places: tuple[str, ...]) -> frozenset[str]:
    """The SKUs that have stock at, or are on their way to, any of these places."""
    today = door.house.now().date()
    rows = door.house.store.stock.levels(None, locations=places, today=today) if places else ()
    return frozenset(level.sku for level in rows)


def page_of(skus: Sequence[str], page: int, size: int = PAGE_SIZE) -> tuple[Sequence[str], int]:
    """One page of SKUs (from 1), and how many pages there are (at least 1)."""
    pages = max(1, -(-len(skus) // size))
    return skus[(page - 1) * size : page * size], pages


def totals_of(door: Door, skus: Collection[str], places: tuple[str, ...] | None) -> Mapping[str, Level]:
    """Stock of these products summed over the places, one row for each; zeros where there is nothing."""
    today = door.house.now().date()
    nothing = {sku: Level(sku, None) for sku in skus}
    if not skus or places == ():
        return nothing
    rows = door.house.store.stock.totals(skus, locations=places, today=today)
    return nothing | {level.sku: level for level in rows}


def ask_of(door: Door, user: User) -> Ask:
    """A question of this person's, as tools take it."""
    return Ask(
        store=door.house.store,
        user=user,
        now=door.house.now(),
        channel="web",
        position=door.house.store.stock.position(),
        may=lambda right: door.house.may(user, right.value),
    )


def standings(
    door: Door, user: User, location: str = "", skus: Collection[str] | None = None
) -> dict[str, str]:
    """How pressing products stand, "out" or "low", by the same rule as "what's running low?"."""
    ask = ask_of(door, user)
    scope = scope_of(ask, location or None)
    if isinstance(scope, Refused):
        return {}
    known = ask.catalogue.products
    products = [known[sku] for sku in (known if skus is None else skus)]
    found = shortages(ask, products, scope, sales_window(ask))
    return {each.held.product.sku: "out" if each.out else "low" for each in found}

"""First expired, first out, whatever lies there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tools.store.allocate import NO_LOT, Pile, allocate, anything, first_expired, is_usable

TODAY = date(2026, 3, 10)

days = st.none() | st.integers(-5, 5).map(lambda offset: TODAY + timedelta(offset))
amounts = st.integers(1, 5000).map(lambda steps: Decimal(steps).scaleb(-3))
statuses = st.sampled_from(["good", "good", "quarantine"])


@st.composite
def shelves(draw: st.DrawFn) -> list[Pile]:
    """Lots in any order; stock without a lot may be owed."""
    lots = draw(st.lists(st.tuples(amounts, days, statuses), max_size=6))
    piles = [Pile(number, *lot[:1], f"L{number}", *lot[1:]) for number, lot in enumerate(lots, 1)]
    bare = draw(st.none() | st.integers(-3000, 3000).filter(bool))
    if bare is not None:
        piles.append(Pile(NO_LOT, Decimal(bare).scaleb(-3)))
    return draw(st.permutations(piles))


@given(shelves(), amounts)
def test_what_is_picked_and_what_is_short_is_what_was_wanted(piles: list[Pile], wanted: Decimal) -> None:
    found = allocate(piles, wanted, anything)
    assert sum((part for _, part in found.picks), Decimal(0)) + found.short == wanted
    assert all(0 < part <= pile.quantity for pile, part in found.picks)
    assert (found.short > 0) == (wanted > max(found.have, Decimal(0)))


@given(shelves(), amounts)
def test_nothing_unusable_is_picked(piles: list[Pile], wanted: Decimal) -> None:
    found = allocate(piles, wanted, lambda pile: is_usable(pile, TODAY))
    for pile, _ in found.picks:
        assert pile.status == "good"
        assert pile.expires_on is None or pile.expires_on >= TODAY


@given(shelves(), amounts)
def test_a_pile_is_touched_only_when_those_that_expire_before_it_are_gone(
    piles: list[Pile], wanted: Decimal
) -> None:
    found = allocate(piles, wanted, anything)
    order = [pile for pile in first_expired(piles) if pile.quantity > 0]
    touched = [pile for pile, _ in found.picks]
    assert touched == order[: len(touched)]
    assert all(part == pile.quantity for pile, part in found.picks[:-1])


@given(shelves(), st.randoms())
def test_the_order_does_not_depend_on_how_the_piles_were_found(piles: list[Pile], chance: object) -> None:
    shuffled = list(piles)
    chance.shuffle(shuffled)
    assert first_expired(shuffled) == first_expired(piles)

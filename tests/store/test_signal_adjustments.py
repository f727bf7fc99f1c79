"""What signals suggest for a forecast, in the books: proposed, decided once, taken back, over."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.shop import ANNA, BLUE, MILK, NOW, RED, TODAY, tiny_shop
from tools.store import BooksError, Store
from tools.store.changes import Undo
from tools.store.signal_adjustments import Proposal
from tools.store.signal_changes import AgreeSignal, DeclineSignal, FreeLot, HoldLot
from tools.store.signal_facts import ADJUSTED, DECLINED, EXPIRED, PROPOSED
from tools.store.tables import LotRow

LATER = NOW + timedelta(days=2)


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def proposal(sku: str = RED, to: str = "26", last: date = TODAY + timedelta(days=13)) -> Proposal:
    reason = "9 customers asked for it in two weeks"
    return Proposal(sku, TODAY, last, Decimal(to), Decimal("1.3"), reason, {"model": 20.0, "voices": 9.0})


def number(shop: Store, sku: str = RED) -> int:
    return shop.adjustments.of([sku])[-1].id


def test_a_product_has_one_open_proposal_and_the_newest_figures_stand(shop: Store) -> None:
    assert shop.adjustments.propose([proposal(), proposal(BLUE)], NOW) == 2
    assert shop.adjustments.propose([proposal(to="28")], LATER) == 1
    (one,) = shop.adjustments.of([RED])
    assert (one.quantity, one.multiplier, one.state) == (Decimal(28), Decimal("1.3"), PROPOSED)
    assert one.gate == {"model": 20.0, "voices": 9.0} and one.decided_at is None
    assert shop.adjustments.one(one.id) == one
    assert shop.adjustments.propose([proposal("NO-SUCH")], NOW) == 0


def test_who_agreed_and_when_is_kept_and_audited(shop: Store) -> None:
    shop.adjustments.propose([proposal()], NOW)
    applied = shop.apply(AgreeSignal(number(shop)), ANNA, request_id="a1", at=LATER)
    (one,) = shop.adjustments.of([RED], states=(ADJUSTED,))
    assert (one.decided_by, one.decided_at) == (ANNA.name, LATER)
    assert applied.documents == (f"adjustment {one.id}",)
    assert shop.audit.rows(1)[0].action == "agreesignal"


def test_pressed_twice_it_takes_effect_once_and_who_comes_later_is_told(shop: Store) -> None:
    shop.adjustments.propose([proposal()], NOW)
    asked = number(shop)
    shop.apply(AgreeSignal(asked), ANNA, request_id="a1", at=NOW)
    assert shop.apply(AgreeSignal(asked), ANNA, request_id="a1", at=NOW).repeated
    with pytest.raises(BooksError, match="Anna Bell has decided that already"):
        shop.apply(DeclineSignal(asked), ANNA, request_id="a2", at=NOW)
    with pytest.raises(BooksError, match="there is no proposal 999"):
        shop.apply(AgreeSignal(999), ANNA, request_id="a3", at=NOW)


def test_undone_it_is_open_again(shop: Store) -> None:
    shop.adjustments.propose([proposal()], NOW)
    applied = shop.apply(AgreeSignal(number(shop)), ANNA, request_id="a1", at=NOW)
    shop.apply(Undo(applied.group_id), ANNA, request_id="u1", at=NOW)
    (one,) = shop.adjustments.of([RED])
    assert (one.state, one.decided_by, one.decided_at) == (PROPOSED, "", None)
    with pytest.raises(BooksError, match="undone already"):
        shop.apply(Undo(applied.group_id), ANNA, request_id="u2", at=NOW)


def test_what_was_agreed_or_declined_is_not_proposed_again_for_a_while(shop: Store) -> None:
    shop.adjustments.propose([proposal(), proposal(BLUE)], NOW)
    shop.apply(AgreeSignal(number(shop)), ANNA, request_id="a1", at=NOW)
    shop.apply(DeclineSignal(number(shop, BLUE)), ANNA, request_id="a2", at=NOW)
    assert shop.adjustments.propose([proposal(), proposal(BLUE)], LATER) == 0
    later = NOW + timedelta(days=22)
    assert shop.adjustments.propose([proposal(), proposal(BLUE)], later) == 2
    assert [one.state for one in shop.adjustments.of([BLUE], states=(DECLINED, PROPOSED))] == [
        DECLINED,
        PROPOSED,
    ]


def test_it_is_over_with_its_last_day_or_when_no_night_renews_it(shop: Store) -> None:
    shop.adjustments.propose([proposal(), proposal(BLUE), proposal(MILK, last=TODAY)], NOW)
    applied = shop.apply(AgreeSignal(number(shop)), ANNA, request_id="a1", at=NOW)
    assert shop.adjustments.expire(TODAY + timedelta(days=1), NOW + timedelta(days=1)) == 1
    assert shop.adjustments.expire(TODAY + timedelta(days=8), NOW + timedelta(days=8)) == 1
    assert shop.adjustments.expire(TODAY + timedelta(days=14), NOW + timedelta(days=14)) == 1
    assert {one.state for one in shop.adjustments.of(states=(PROPOSED, ADJUSTED, EXPIRED))} == {EXPIRED}
    with pytest.raises(BooksError, match="its days are over"):
        shop.apply(Undo(applied.group_id), ANNA, request_id="u1", at=NOW)
    with pytest.raises(BooksError, match="its days are over"):
        shop.apply(
            AgreeSignal(shop.adjustments.of([MILK], states=(EXPIRED,))[0].id),
            ANNA,
            request_id="a2",
            at=NOW,
        )


def test_a_held_lot_is_there_and_cannot_be_promised_until_it_is_freed(shop: Store) -> None:
    free = shop.stock.totals([MILK], today=TODAY)[0].available
    applied = shop.apply(HoldLot(MILK, "M2"), ANNA, request_id="h1", at=NOW)
    assert applied.documents == ("lot M2",)
    assert shop.stock.totals([MILK], today=TODAY)[0].available == free - 20
    with pytest.raises(BooksError, match="held already"):
        shop.apply(HoldLot(MILK, "M2"), ANNA, request_id="h2", at=NOW)
    shop.apply(FreeLot(MILK, "M2"), ANNA, request_id="h3", at=NOW)
    assert shop.stock.totals([MILK], today=TODAY)[0].available == free
    with pytest.raises(BooksError, match="has changed it since"):
        shop.apply(Undo(applied.group_id), ANNA, request_id="u1", at=NOW)


def test_holding_a_lot_can_be_undone_and_an_unknown_one_is_told(shop: Store) -> None:
    applied = shop.apply(HoldLot(MILK, "M1"), ANNA, request_id="h1", at=NOW)
    assert _status(shop, "M1") == {"quarantined"}
    assert shop.made(applied.group_id).kinds == {"lot"}
    shop.apply(Undo(applied.group_id), ANNA, request_id="u1", at=NOW)
    assert _status(shop, "M1") == {"good"}
    with pytest.raises(BooksError, match="there is no lot M9"):
        shop.apply(HoldLot(MILK, "M9"), ANNA, request_id="h2", at=NOW)
    with pytest.raises(BooksError, match="there is no lot"):
        shop.apply(HoldLot(RED, ""), ANNA, request_id="h3", at=NOW)


def _status(shop: Store, code: str) -> set[str]:
    with shop.database.reading() as connection:
        return set(connection.execute(select(LotRow.status).where(LotRow.code == code)).scalars())

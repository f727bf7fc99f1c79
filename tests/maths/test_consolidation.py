"""What travels together: never later than promised, never dearer than apart, and boxes that stand on pallets."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from tools.maths.consolidation.pallets import Box, faults, pack
from tools.maths.consolidation.shipments import Carrier, Load, Shipments, consolidate

VAN, LORRY = Carrier("van", (100,), 50.0), Carrier("lorry", (400,), 120.0)


def load(key: str, first: int, last: int, size: int = 20, group: str = "north") -> Load:
    return Load(key, group, (size,), first, last, last, 1.0)


def random_loads(seed: int, count: int, days: int = 4) -> list[Load]:
    draw = Random(seed)
    found = []
    for at in range(count):
        own = draw.randrange(days)
        first, last = max(0, own - draw.randint(0, 2)), min(days - 1, own + draw.randint(0, 2))
        found.append(Load(f"L{at}", draw.choice("ab"), (draw.randint(5, 60),), first, last, own, 2.0))
    return found


def sound(loads: list[Load], found: Shipments) -> None:
    for one in loads:
        assert one.first <= found.days[one.key] <= one.last
    carried = [key for trip in found.trips.values() for _, keys in trip for key in keys]
    assert sorted(carried) == sorted(one.key for one in loads)
    size = {one.key: one.sizes[0] for one in loads}
    for trip in found.trips.values():
        for carrier, keys in trip:
            assert sum(size[key] for key in keys) <= carrier.room[0]


def test_loads_whose_days_allow_it_go_together_on_a_day_that_is_promised_to_both() -> None:
    found = consolidate([load("a", 0, 1), load("b", 1, 3)], [VAN], seconds=1.0)
    assert found.days == {"a": 1, "b": 1}
    assert (found.carriers, found.cost, found.apart) == (1, 52.0, 100.0)
    assert found.status == "optimal"


def test_nothing_goes_later_than_promised_to_save_a_trip() -> None:
    found = consolidate([load("a", 0, 1), load("b", 2, 3)], [VAN], seconds=1.0)
    assert found.carriers == 2


def test_groups_such_as_cold_and_dry_do_not_travel_together() -> None:
    found = consolidate([load("a", 0, 1), load("b", 0, 1, group="cold")], [VAN], seconds=1.0)
    assert found.carriers == 2


def test_one_lorry_replaces_vans_where_it_is_cheaper_and_a_load_too_large_is_left_out_by_name() -> None:
    loads = [load(str(at), 0, 0, 80) for at in range(4)] + [load("piano", 0, 0, 900)]
    found = consolidate(loads, [VAN, LORRY], seconds=1.0)
    assert [carrier.name for carrier, _ in found.trips[("north", 0)]] == ["lorry"]
    assert found.too_large == ("piano",)


def test_a_load_whose_own_day_is_none_of_its_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="own day"):
        consolidate([Load("a", "north", (1,), 0, 1, 2)], [VAN], seconds=0.0)


def test_the_answer_is_sound_and_never_dearer_than_apart_nor_below_its_bound() -> None:
    for seed in range(12):
        loads = random_loads(seed, 12)
        found = consolidate(loads, [VAN, LORRY], seconds=0.5)
        sound(loads, found)
        assert found.cost <= found.apart + 1e-9
        assert found.bound is not None
        assert found.bound <= found.cost + 1e-3


def test_no_choice_of_days_is_cheaper_than_an_optimal_answer() -> None:
    for seed in range(6):
        loads = random_loads(seed, 5, days=3)
        found = consolidate(loads, [VAN, LORRY], seconds=1.0)
        if found.status != "optimal":
            continue
        for days in product(*(range(one.first, one.last + 1) for one in loads)):
            fixed = [
                Load(one.key, one.group, one.sizes, day, day, day)
                for one, day in zip(loads, days, strict=True)
            ]
            moved = sum(one.cost_on(day) for one, day in zip(loads, days, strict=True))
            assert consolidate(fixed, [VAN, LORRY], seconds=0.0).cost + moved >= found.cost - 1e-3


def boxes(seed: int, count: int) -> list[Box]:
    draw = Random(seed)
    return [Box(str(at), draw.randint(20, 70), draw.randint(20, 60)) for at in range(count)]


def test_boxes_stand_on_pallets_without_overlapping_and_none_is_forgotten() -> None:
    for seed in range(4):
        wanted = boxes(seed, 12)
        packed = pack(wanted, 120, 80, seconds=0.5)
        assert faults(packed, wanted, 120, 80) == []
        assert packed.pallets >= packed.bound


def test_boxes_that_exactly_cover_a_pallet_take_one() -> None:
    wanted = [Box("a", 80, 60), Box("b", 60, 80)]
    packed = pack(wanted, 120, 80, seconds=1.0)
    assert (packed.pallets, packed.status) == (1, "optimal")


def test_a_box_larger_than_a_pallet_is_named() -> None:
    assert pack([Box("sofa", 200, 90), Box("a", 10, 10)], 120, 80, seconds=0.1).too_large == ("sofa",)

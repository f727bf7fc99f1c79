"""Random shopkeeping against a plain list of moves; ``bench/books.py`` runs the same for much longer."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.store.machine import BooksMachine
from tests.store.small_shop import allow_negative, assert_sound, open_shop
from tools.store import Store

SHORT = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)


@pytest.mark.parametrize("lenient", [False, True], ids=["strict", "lenient"])
def test_the_books_do_what_the_paper_does(store: Store, lenient: bool) -> None:
    open_shop(store)
    if lenient:
        allow_negative(store)
    run_state_machine_as_test(lambda: BooksMachine(store, lenient=lenient), settings=SHORT)
    assert_sound(store)

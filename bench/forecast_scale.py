"""Many series through the engines: the same numbers, time, and memory of each worker as the number of series grows.

    python bench/forecast_scale.py [--series 10000,50000] [--engines local,dask] [--workers 2]

Invented weekly series of one year, eight weeks ahead with three past windows.  Each engine and size runs in a process of its
own, so that peaks of memory are its own; the means and variances must be equal to the last digit.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import time
from datetime import date

import numpy as np

from tools.maths.demand import History
from tools.maths.demand.engines import forecast_many

WEEKS = 52
HORIZON = 8


def shop(count: int) -> list[History]:
    """Counts with rates from a few a month to a dozen a week, the same for every run."""
    rng = np.random.default_rng(0)
    rates = rng.gamma(1.0, 3.0, count)
    units = rng.negative_binomial(2, 1 / (1 + rates[:, None] / 2), (count, WEEKS)).astype(float)
    return [History(f"S{row:07d}", units[row], date(2025, 1, 6)) for row in range(count)]


def run(engine: str, count: int, workers: int) -> dict[str, object]:
    histories = shop(count)
    started = time.perf_counter()
    found = forecast_many(histories, horizon=HORIZON, grain="W", engine=engine, workers=workers)
    seconds = time.perf_counter() - started
    figures = np.concatenate(
        [np.array([one.mean for one in found]), np.array([one.sum_variance for one in found])]
    )
    usage = {
        name: resource.getrusage(who)
        for name, who in (("parent", resource.RUSAGE_SELF), ("worker", resource.RUSAGE_CHILDREN))
    }
    return {
        "engine": engine,
        "series": count,
        "seconds": seconds,
        "cpu": sum(one.ru_utime + one.ru_stime for one in usage.values()),
        "parent_mb": usage["parent"].ru_maxrss / 1024,
        "worker_mb": usage["worker"].ru_maxrss / 1024,
        "digest": hashlib.blake2b(figures.tobytes(), digest_size=8).hexdigest(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--series", default="10000,50000")
    parser.add_argument("--engines", default="local,dask")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", nargs=2, metavar=("ENGINE", "SERIES"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run(options.one[0], int(options.one[1]), options.workers)))
        return
    print("series     engine   seconds   CPU s   peak MB parent   each worker   digest of the numbers")
    for count in options.series.split(","):
        for engine in options.engines.split(","):
            words = [sys.executable, __file__, "--workers", str(options.workers), "--one", engine, count]
            lines = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
            one = json.loads(lines[-1])
            print(
                f"{one['series']:<11}{engine:<9}{one['seconds']:7.1f}{one['cpu']:8.1f}{one['parent_mb']:17.0f}{one['worker_mb']:14.0f}   {one['digest']}",
                flush=True,
            )


if __name__ == "__main__":
    main()

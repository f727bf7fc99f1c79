"""``quartermaster forecast``: files of series in, means and quantiles out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from assistant.cli.forecast_files import Table, grain_of, read_table
from assistant.cli.main import Trouble
from tools.maths.demand import Forecast
from tools.maths.demand.engines import ENGINES, MissingEngine, forecast_many

QUANTILES = (0.005, 0.025, 0.1, 0.165, 0.25, 0.5, 0.75, 0.835, 0.9, 0.975, 0.995)
LONGEST_HORIZON = 10_000
# More unknown periods than this share are worth a word.
MANY_MISSING = 0.05


def forecast_file(path: Path, options: dict[str, Any]) -> None:
    """Forecast every series of the file to standard output."""
    horizon, levels, engine = options["horizon"], levels_of(options["level"]), options["engine"]
    grain = grain_of(options["freq"])
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise Trouble(f"--horizon {horizon}: say 1 to {LONGEST_HORIZON:,} periods")
    if engine not in ENGINES:
        raise Trouble(f"--engine {engine!r} is not known; say {', '.join(ENGINES)}")
    if options["gaps"] not in {"unknown", "zero"}:
        raise Trouble(f"--gaps {options['gaps']!r} is not known; say unknown or zero")
    table = read_table(path, options["freq"], gaps=options["gaps"])
    histories = [one.history(horizon) for one in table.series]
    remarks(table, any(history.covariates for history in histories), gaps=options["gaps"])
    try:
        found = forecast_many(
            histories, horizon=horizon, grain=grain, engine=engine, workers=options["workers"]
        )
    except MissingEngine as error:
        raise Trouble(str(error)) from error
    try:
        write_forecasts(table, found, levels, sys.stdout)
    except BrokenPipeError:
        # Whoever read has enough.
        sys.stderr.close()


def levels_of(text: str) -> list[float]:
    """The prediction levels of ``--level``, in per cent.

    >>> levels_of("80, 95")
    [80.0, 95.0]
    """
    try:
        found = [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise Trouble(f"--level {text!r}: say per cents, like 80,95") from error
    if any(not 0 < level < 100 for level in found):
        raise Trouble(f"--level {text!r}: each must lie between 0 and 100")
    return found


def remarks(table: Table, with_covariates: bool, *, gaps: str) -> None:
    """What a person should know about how the file was read, on standard error."""
    total = sum(len(one.values) for one in table.series)
    if table.missing > MANY_MISSING * total and gaps == "unknown":
        say(
            f"{table.missing:,} of {total:,} periods have no row and are taken as unknown; "
            "--gaps zero takes them as nothing sold"
        )
    if table.extra and not with_covariates:
        say(
            f"columns {', '.join(table.extra)} are not used: to use them, add rows for the periods "
            "to be forecast, with these columns filled and y empty"
        )


def say(text: str) -> None:
    """A line on standard error; standard output is the table's."""
    print(f"quartermaster: {text}", file=sys.stderr)  # noqa: T201


def write_forecasts(table: Table, found: Sequence[Forecast], levels: Sequence[float], output: TextIO) -> None:
    """Rows of unique_id, ds, mean and quantiles; ``lo-80``, ``hi-80`` for each level asked for."""
    import csv

    edges = [(50 - level / 2) / 100 for level in levels] + [(50 + level / 2) / 100 for level in levels]
    names = [f"{side}-{level:g}" for level in levels for side in ("lo", "hi")]
    rows = csv.writer(output, lineterminator="\n")
    rows.writerow(["unique_id", "ds", "mean", *(f"q{level:g}" for level in QUANTILES), *names])
    for one, forecast in zip(table.series, found, strict=True):
        quantiles = forecast.quantiles([*QUANTILES, *edges])
        pairs = quantiles[:, len(QUANTILES) :].reshape(len(quantiles), 2, len(levels))
        columns = (
            forecast.mean[:, None],
            quantiles[:, : len(QUANTILES)],
            pairs.transpose(0, 2, 1).reshape(len(quantiles), -1),
        )
        for step, figures in enumerate(np.concatenate(columns, axis=1)):
            rows.writerow([one.key, table.written(one, step + 1), *(f"{value:.8g}" for value in figures)])

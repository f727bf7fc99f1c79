"""Tables of series: CSV or parquet in, periods and gaps made plain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.cli.main import Trouble
from tools.maths.demand import Grain, History

NEEDED = ("unique_id", "ds", "y")
UNKNOWN = ("", "na", "nan", "null", "none")
LONGEST = 1_000_000
# Any letter case; what stands after a hyphen (W-SAT) is read from the dates themselves.
FREQUENCIES: Mapping[str, Grain] = {
    "H": "H", "D": "D", "B": "D", "W": "W",
    "M": "M", "MS": "M", "ME": "M", "Q": "Q", "QS": "Q", "QE": "Q",
    "Y": "Y", "YS": "Y", "YE": "Y", "A": "Y", "AS": "Y", "1": "Y",
}  # fmt: skip
MONTHS: Mapping[Grain, int] = {"M": 1, "Q": 3, "Y": 12}


@dataclass(frozen=True)
class Series:
    """One series of a file, every period from its first to its last known one.

    Attributes:
        key: Its unique_id.
        values: y per period, NaN where there is no row or no figure.
        last: The number of its last period.
        anchor: The day of its first period, for writing dates; None where ds are whole numbers.
        later: By column, the figures of the periods before and after the last known one.
    """

    key: str
    values: NDArray[np.float64]
    last: int
    anchor: date | None
    covariates: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def history(self, horizon: int) -> History:
        """The series as the forecaster takes it; only columns known for the whole horizon go along."""
        length = len(self.values) + horizon
        known = {
            name: column[:length]
            for name, column in self.covariates.items()
            if len(column) >= length and not np.isnan(column[len(self.values) : length]).any()
        }
        return History(self.key, self.values, self.anchor or date.min, known)


@dataclass(frozen=True)
class Table:
    """All series of a file.

    Attributes:
        series: In the order in which they first appear.
        missing: Periods between first and last rows that had no row.
        extra: Names of further columns.
        written: Turns a series and a step (1 is the first period after its last) into ds.
    """

    series: Sequence[Series]
    missing: int
    extra: Sequence[str]
    written: Callable[[Series, int], str]


def grain_of(frequency: str) -> Grain:
    """The grain of a pandas frequency name.

    >>> grain_of("W-SAT"), grain_of("ms")
    ('W', 'M')
    """
    name = frequency.partition("-")[0].upper()
    if name not in FREQUENCIES:
        raise Trouble(
            f"--freq {frequency!r} is not known; say H, D, B, W, M, Q or Y "
            "(W-SAT, MS, QE and the like too), or 1 for numbered periods without a season"
        )
    return FREQUENCIES[name]


def read_table(path: Path, frequency: str, *, gaps: str = "unknown") -> Table:
    """Read a file of series.

    Raises:
        Trouble: It cannot be read as such; the text names the line.
    """
    frame = _frame(path)
    lacking = [name for name in NEEDED if name not in frame.columns]
    if lacking:
        raise Trouble(f"{path}: no column {', '.join(lacking)}; needed are unique_id, ds and y")
    if frame.empty:
        raise Trouble(f"{path}: no rows")
    return _table(path, frame, frequency, gaps)


def _frame(path: Path) -> Any:
    pandas: Any = import_module("pandas")

    if not path.is_file():
        raise Trouble(f"there is no file {path}")
    try:
        if path.suffix in {".parquet", ".pq"}:
            return pandas.read_parquet(path)
        return pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (ValueError, OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{path} can't be read: {str(error).splitlines()[0]}") from error


def _numbers(path: Path, column: Any, name: str) -> NDArray[np.float64]:
    """A column of figures; empty is NaN, anything else that is no number is trouble."""
    pandas: Any = import_module("pandas")

    if column.dtype != object:
        found = column.to_numpy(dtype=float, na_value=np.nan)
    else:
        text = column.fillna("").astype(str).str.strip()
        found = pandas.to_numeric(text.mask(text.str.lower().isin(UNKNOWN)), errors="coerce").to_numpy(float)
        wrong = np.flatnonzero(np.isnan(found) & ~text.str.lower().isin(UNKNOWN).to_numpy())
        if wrong.size:
            raise Trouble(f"{path} line {wrong[0] + 2}: {name} {text.iloc[wrong[0]]!r} is no number")
    endless = np.flatnonzero(np.isinf(found))
    if endless.size:
        raise Trouble(f"{path} line {endless[0] + 2}: {name} is infinite")
    return np.asarray(found, dtype=np.float64)


def _table(path: Path, frame: Any, frequency: str, gaps: str) -> Table:
    y = _numbers(path, frame["y"], "y")
    clock = _clock(path, frame["ds"], frequency)
    codes, keys = _codes(frame["unique_id"])
    order = np.lexsort((clock.numbers, codes))
    twice = np.flatnonzero((np.diff(codes[order]) == 0) & (np.diff(clock.numbers[order]) == 0))
    if twice.size:
        row = max(order[twice[0]], order[twice[0] + 1])
        raise Trouble(
            f"{path} line {row + 2}: {keys[codes[row]]} has {frame['ds'].iloc[row]} twice; one row a period"
        )
    extra = {
        name: _numbers(path, frame[name], name)
        for name in frame.columns
        if name not in NEEDED and _is_numeric(frame[name])
    }
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    parts = np.split(order, starts[1:])
    series, missing = [], 0
    for rows in parts:
        one, holes = _series(path, str(keys[codes[rows[0]]]), clock, y, rows, extra)
        missing += holes
        series.append(one)
    if gaps == "zero":
        series = [_with_zeros(one) for one in series]
    return Table(series, missing, [name for name in frame.columns if name not in NEEDED], clock.written)


def _with_zeros(one: Series) -> Series:
    return Series(one.key, np.nan_to_num(one.values), one.last, one.anchor, one.covariates)


def _is_numeric(column: Any) -> bool:
    pandas: Any = import_module("pandas")

    text = column.astype(str).str.strip()
    text = text.mask(text.str.lower().isin(UNKNOWN))
    return bool(pandas.to_numeric(text, errors="coerce").isna().sum() == text.isna().sum())


def _codes(column: Any) -> tuple[NDArray[np.int64], Any]:
    codes, keys = column.astype(str).factorize()
    return codes.astype(np.int64), keys


def _series(
    path: Path,
    key: str,
    clock: _Clock,
    y: NDArray[np.float64],
    rows: NDArray[np.int64],
    extra: Mapping[str, NDArray[np.float64]],
) -> tuple[Series, int]:
    known = rows[~np.isnan(y[rows])]
    if known.size == 0:
        raise Trouble(f"{path}: {key} has no y at all")
    numbers = clock.numbers[rows]
    first, last, end = numbers[0], int(clock.numbers[known[-1]]), int(numbers[-1])
    if end - first >= LONGEST:
        raise Trouble(f"{path}: {key} spans {end - first + 1:,} periods; the most is {LONGEST:,}")
    places = numbers - first
    values = np.full(end - first + 1, np.nan)
    values[places] = y[rows]
    columns = {}
    for name, column in extra.items():
        columns[name] = np.full(end - first + 1, np.nan)
        columns[name][places] = column[rows]
    length = last - first + 1
    holes = int(length - (numbers <= last).sum())
    anchor = clock.days[rows[0]] if clock.days is not None else None
    return Series(key, values[:length], last, anchor, columns), holes


@dataclass(frozen=True)
class _Clock:
    """Which period each row is, and how a period is written."""

    numbers: NDArray[np.int64]
    written: Callable[[Series, int], str]
    days: Any = None


def _clock(path: Path, column: Any, frequency: str) -> _Clock:
    whole = _whole_numbers(column)
    if whole is not None:
        return _Clock(whole, lambda one, step: str(one.last + step))
    pandas: Any = import_module("pandas")

    text = column.astype(str).str.strip()
    times = pandas.to_datetime(text, errors="coerce", format="ISO8601", utc=False)
    wrong = np.flatnonzero(times.isna().to_numpy())
    if wrong.size:
        raise Trouble(f"{path} line {wrong[0] + 2}: ds {text.iloc[wrong[0]]!r} is no ISO date")
    name = frequency.partition("-")[0].upper()
    if name == "H":
        return _hours(times)
    if times.dt.normalize().ne(times).any():
        row = int(np.flatnonzero(times.dt.normalize().ne(times).to_numpy())[0])
        raise Trouble(
            f"{path} line {row + 2}: ds {text.iloc[row]!r} has a time of day; --freq is {frequency}"
        )
    return _dates(path, times, name)


def _whole_numbers(column: Any) -> NDArray[np.int64] | None:
    if column.dtype.kind in "iu":
        return np.asarray(column.to_numpy(), dtype=np.int64)
    if column.dtype == object and column.astype(str).str.fullmatch(r"\s*-?\d{1,7}\s*").all():
        return np.asarray(column.astype(str).str.strip().astype(np.int64).to_numpy())
    return None


def _hours(times: Any) -> _Clock:
    numbers = times.to_numpy().astype("datetime64[h]").astype(np.int64)
    return _Clock(
        numbers,
        lambda one, step: str(np.datetime64(one.last + step, "h").astype("datetime64[s]")).replace("T", " "),
        times.dt.date.to_numpy(),
    )


def _dates(path: Path, times: Any, name: str) -> _Clock:
    days = times.to_numpy().astype("datetime64[D]")
    dates = times.dt.date.to_numpy()
    grain = FREQUENCIES[name]
    if grain in MONTHS:
        return _months(days, dates, MONTHS[grain])
    if name == "B":
        numbers = np.busday_count(np.datetime64("1970-01-01"), days).astype(np.int64)
        return _Clock(numbers, _written_business_day, dates)
    if grain == "D":
        return _Clock(days.astype(np.int64), lambda one, step: _plain(one.last + step), dates)
    return _weeks(path, days.astype(np.int64), dates)


def _plain(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _written_business_day(one: Series, step: int) -> str:
    return str(np.busday_offset("1970-01-01", one.last + step, roll="forward"))


def _weeks(path: Path, days: NDArray[np.int64], dates: Any) -> _Clock:
    """Weeks counted by the weekday that all rows share."""
    weekday = days[0] % 7
    strays = np.flatnonzero(days % 7 != weekday)
    if strays.size:
        raise Trouble(
            f"{path} line {strays[0] + 2}: ds {dates[strays[0]]} is another weekday than {dates[0]}; "
            "weeks need the same weekday in every row"
        )
    return _Clock(
        (days - weekday) // 7, lambda one, step: _plain(int((one.last + step) * 7 + weekday)), dates
    )


def _months(days: NDArray[np.datetime64], dates: Any, size: int) -> _Clock:
    """Months, quarters or years, on their last day where all rows are, else on the first row's day."""
    months = days.astype("datetime64[M]").astype(np.int64)
    ends = bool(((days + 1).astype("datetime64[M]") > days.astype("datetime64[M]")).all())
    shift = int(months[0]) % size
    return _Clock(
        (months - shift) // size,
        partial(_written_month, size=size, shift=shift, ends=ends),
        dates,
    )


def _written_month(one: Series, step: int, *, size: int, shift: int, ends: bool) -> str:
    month = (one.last + step) * size + shift
    first = np.datetime64(month, "M").astype("datetime64[D]")
    last = np.datetime64(month + 1, "M").astype("datetime64[D]") - 1
    if ends or one.anchor is None:
        return str(last)
    return str(min(first + (one.anchor.day - 1), last))

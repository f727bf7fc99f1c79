"""``quartermaster forecast`` on files good and bad: what comes out, and the one line of what is wrong."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.cli.forecasting import forecast_file
from assistant.cli.main import Trouble

HEAD = "unique_id,ds,mean,q0.005,q0.025,q0.1,q0.165,q0.25,q0.5,q0.75,q0.835,q0.9,q0.975,q0.995"


def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, **options: object) -> list[dict]:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    given = {"horizon": 2, "freq": "D", "level": "", "engine": "local", "gaps": "unknown", "workers": 1}
    forecast_file(path, {**given, **options})
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def days(values: list[object], key: str = "A", first: date = date(2026, 1, 1)) -> str:
    return "".join(
        f"{key},{(first + timedelta(days=number)).isoformat()},{value}\n"
        for number, value in enumerate(values)
    )


def test_each_series_goes_on_from_its_own_last_row(tmp_path, capsys):
    text = "unique_id,ds,y\n" + days([4] * 9) + days([2] * 5, "B", date(2026, 3, 1))
    rows = run(tmp_path, capsys, text)
    assert [(row["unique_id"], row["ds"], float(row["mean"])) for row in rows] == [
        ("A", "2026-01-10", 4.0),
        ("A", "2026-01-11", 4.0),
        ("B", "2026-03-06", 2.0),
        ("B", "2026-03-07", 2.0),
    ]
    assert ",".join(rows[0]) == HEAD


def test_levels_add_their_bounds(tmp_path, capsys):
    rows = run(tmp_path, capsys, "unique_id,ds,y\n" + days([4, 7, 1, 0, 3] * 4), level="80,95")
    assert rows[0]["lo-80"] == rows[0]["q0.1"]
    assert rows[0]["hi-95"] == rows[0]["q0.975"]


def test_rows_may_come_in_any_order(tmp_path, capsys):
    lines = days([4, 7, 1, 0, 3, 9]).splitlines(keepends=True)
    head = "unique_id,ds,y\n"
    straight = run(tmp_path, capsys, head + "".join(lines))
    assert run(tmp_path, capsys, head + "".join(reversed(lines))) == straight


def test_a_missing_day_is_unknown_unless_it_is_said_to_be_nothing_sold(tmp_path, capsys):
    lines = days([6] * 30).splitlines(keepends=True)
    text = "unique_id,ds,y\n" + "".join(lines[::2])
    assert float(run(tmp_path, capsys, text)[0]["mean"]) == pytest.approx(6)
    assert float(run(tmp_path, capsys, text, gaps="zero")[0]["mean"]) < 4


@pytest.mark.parametrize(
    ("freq", "given", "expected"),
    [
        ("W-SAT", ["2026-01-03", "2026-01-10"], ["2026-01-17", "2026-01-24"]),
        ("MS", ["2025-12-01", "2026-01-01"], ["2026-02-01", "2026-03-01"]),
        ("M", ["2025-12-31", "2026-01-31"], ["2026-02-28", "2026-03-31"]),
        ("Q", ["2025-09-30", "2025-12-31"], ["2026-03-31", "2026-06-30"]),
        ("Y", ["2024-12-31", "2025-12-31"], ["2026-12-31", "2027-12-31"]),
        ("B", ["2026-01-01", "2026-01-02"], ["2026-01-05", "2026-01-06"]),
        ("H", ["2026-01-01 22:00:00", "2026-01-01 23:00:00"], ["2026-01-02 00:00:00", "2026-01-02 01:00:00"]),
        ("W", ["7", "8"], ["9", "10"]),
    ],
)
def test_the_coming_periods_are_written_as_the_file_writes_its_own(tmp_path, capsys, freq, given, expected):
    text = "unique_id,ds,y\n" + "".join(f"A,{ds},3\n" for ds in given)
    assert [row["ds"] for row in run(tmp_path, capsys, text, freq=freq)] == expected


def test_one_row_all_zero_and_negative_series_are_forecast_too(tmp_path, capsys):
    text = "unique_id,ds,y\n" + days([5], "one") + days([0] * 20, "zero") + days([-3, -5, -4] * 5, "below")
    found = {row["unique_id"]: float(row["mean"]) for row in run(tmp_path, capsys, text)}
    assert found["one"] == 5
    assert found["zero"] == 0
    assert found["below"] == pytest.approx(-4, abs=1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("unique_id,ds\nA,1\n", "no column y"),
        ("unique_id,ds,y\n", "no rows"),
        ("", "can't be read"),
        ("unique_id,ds,y\nA,2026-01-01,x\n", "line 2: y 'x' is no number"),
        ("unique_id,ds,y\nA,2026-01-01,inf\n", "line 2: y is infinite"),
        ("unique_id,ds,y\nA,tomorrow,1\n", "line 2: ds 'tomorrow' is no ISO date"),
        ("unique_id,ds,y\nA,2026-01-01,\n", "A has no y at all"),
        ("unique_id,ds,y\nA,2026-01-01,1\nA,2026-01-01,2\n", "line 3: A has 2026-01-01 twice"),
        ("unique_id,ds,y\nA,1,1\nA,9000000,2\n", "the most is 1,000,000"),
    ],
)
def test_a_bad_file_is_told_in_one_line(tmp_path, capsys, text, reason):
    with pytest.raises(Trouble, match=reason):
        run(tmp_path, capsys, text)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"horizon": 0}, "--horizon 0"),
        ({"freq": "fortnight"}, "--freq 'fortnight'"),
        ({"level": "eighty"}, "--level 'eighty'"),
        ({"level": "120"}, "between 0 and 100"),
        ({"engine": "abacus"}, "--engine 'abacus'"),
        ({"gaps": "maybe"}, "--gaps 'maybe'"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(tmp_path, capsys, options, reason):
    with pytest.raises(Trouble, match=reason):
        run(tmp_path, capsys, "unique_id,ds,y\n" + days([1, 2]), **options)


def test_a_column_that_is_known_for_the_coming_rows_is_used(tmp_path, capsys):
    start = date(2026, 1, 1)
    lines = ["unique_id,ds,y,promotion\n"]
    for key in ("A", "B"):
        for number in range(84):
            promotion = int(number % 5 in {1, 3} or number % 11 == 0)
            day = (start + timedelta(days=number)).isoformat()
            sold = "" if number >= 80 else 20 + 20 * promotion + number % 3
            lines.append(f"{key},{day},{sold},{promotion}\n")
    rows = run(tmp_path, capsys, "".join(lines), horizon=4)
    means = [float(row["mean"]) for row in rows[:4]]
    assert [row["ds"] for row in rows[:2]] == ["2026-03-22", "2026-03-23"]
    assert means[1] > 1.5 * means[0]
    assert means[3] > 1.5 * means[2]


def test_a_column_that_is_not_known_for_the_coming_rows_is_named(tmp_path, capsys):
    path = tmp_path / "in.csv"
    path.write_text(
        "unique_id,ds,y,price\n" + "".join(f"A,{day},3,2.5\n" for day in range(20)), encoding="utf-8"
    )
    options = {"horizon": 2, "freq": "1", "level": "", "engine": "local", "gaps": "unknown", "workers": 1}
    forecast_file(path, options)
    assert "columns price are not used" in capsys.readouterr().err

"""Weather and other numbers from elsewhere: read whole or not at all, with one line about what is wrong."""

from datetime import date
from pathlib import Path

import pytest

from connectors.feeds.outside import read_outside
from connectors.feeds.report import FeedError

DAY, NEXT = date(2026, 3, 17), date(2026, 3, 18)


def table(where: Path, text: str, name: str = "weather.csv") -> Path:
    path = where / name
    path.write_text(text, encoding="utf-8")
    return path


def test_each_column_beside_the_day_is_a_series(tmp_path):
    path = table(tmp_path, "date,temperature,rain\n2026-03-17,11.5,0\n2026-03-18,-2,\n")
    assert read_outside(path) == {
        "temperature": [(DAY, "", "", 11.5), (NEXT, "", "", -2.0)],
        "rain": [(DAY, "", "", 0.0)],
    }


def test_a_promotion_plan_tells_of_products_and_places(tmp_path):
    path = table(tmp_path, "day;sku;location;name;value\n2026-03-17;MUG-R;HIGH;promotion;1\n")
    assert read_outside(path) == {"promotion": [(DAY, "MUG-R", "HIGH", 1.0)]}


def test_a_folder_of_tables_with_one_value_each_takes_their_names(tmp_path):
    for name in ("rain", "sun"):
        table(tmp_path, "day,value\n2026-03-17,3\n", f"{name}.csv")
    assert read_outside(tmp_path) == {"rain": [(DAY, "", "", 3.0)], "sun": [(DAY, "", "", 3.0)]}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("temperature\n11\n", "expected a column day with ISO dates"),
        ("day,rain\n17.03.2026,1\n", "row 2, day is “17.03.2026”: expected a day such as 2026-03-31"),
        ("day,rain\n2026-02-30,1\n", "expected a day such as"),
        ("day,rain\n2026-03-17,wet\n", "row 2, rain is “wet”: expected a number"),
        ("day,rain\n2026-03-17,nan\n", "expected a number"),
        ("day,rain\n2026-03-17,1\n2026-03-17,2\n", "row 3 is “2026-03-17”: expected each day once"),
        ("day\n2026-03-17\n", "expected a column of numbers beside the day"),
        ("", "expected a header row"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, told):
    with pytest.raises(FeedError, match=told):
        read_outside(table(tmp_path, text))


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(FeedError, match="CSV files in this folder"):
        read_outside(tmp_path)

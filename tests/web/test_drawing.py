"""Charts as pictures: the same chart, the same bytes; nothing in the data can break one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from connectors.chat.drawing import draw
from tools.kit import Chart, Series

DAYS = tuple(f"2026-03-{day:02}" for day in range(1, 29))
LINE = Chart(
    "Red Mug: $5 and $6", "line", DAYS, (Series("sold", tuple(float(n % 7) for n in range(28))),), "units"
)


def test_the_same_chart_gives_the_same_bytes() -> None:
    assert draw(LINE) == draw(LINE)


def test_a_picture_is_large_enough_for_a_phone() -> None:
    with Image.open(io.BytesIO(draw(LINE))) as picture:
        assert picture.size == (960, 600)
        assert picture.info.get("Software") is None


@pytest.mark.parametrize(
    "chart",
    [
        Chart("", "bar", (), ()),
        Chart("One", "bar", ("a",), (Series("s", (None,)),)),
        Chart(
            "Gaps", "line", ("a", "b", "c"), (Series("s", (1.0, None, 3.0)), Series("$x$", (0.0, 0.0, 0.0)))
        ),
        Chart("Large", "bar", ("a", "b"), (Series("s", (1e12, -1e12)),)),
        Chart("言葉 😀 \\frac{1}{0}", "bar", ("$a^b", "_" * 200), (Series("s", (1.0, 2.0)),)),
    ],
)
def test_odd_charts_are_drawn(chart: Chart) -> None:
    assert draw(chart).startswith(b"\x89PNG")


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_any_title_and_any_values_are_drawn(title: str, values: list[float | None]) -> None:
    labels = tuple(str(number) for number in range(len(values)))
    assert draw(Chart(title, "line", labels, (Series(title, tuple(values)),))).startswith(b"\x89PNG")

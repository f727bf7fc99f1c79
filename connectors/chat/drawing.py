"""A chart as a PNG: for chats that show pictures, and for pages without scripts.

The same chart gives the same bytes.  Colours read on a light and on a dark background, letters on a phone.
"""

from __future__ import annotations

import io
import threading
import warnings
from datetime import date
from typing import TYPE_CHECKING, Any

from tools.kit import Chart, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, HEIGHT, DOTS = 6.4, 4.0, 150
PAPER, INK, FAINT = "#fbfaf6", "#1d2b2f", "#d9d6cc"
# Okabe & Ito (2008): told apart with every common form of colour blindness; ordered by contrast to the paper.
COLOURS = ("#0f6b62", "#b3541e", "#33658a", "#8a5a83", "#6b6b1f", "#1d2b2f")
MOST_TICKS = 6
MOST_LETTERS = 22
BAND_NAME = "8 of 10 cases"
# Text measurement in matplotlib keeps shared caches.
_ONE_AT_A_TIME = threading.Lock()


def draw(chart: Chart) -> bytes:
    """The chart as PNG bytes, 960 by 600 dots."""
    from matplotlib.figure import Figure

    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor=PAPER, layout="constrained")
        axes = figure.add_subplot()
        _plot(axes, chart)
        _dress(axes, chart)
        out = io.BytesIO()
        figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _plot(axes: Axes, chart: Chart) -> None:
    places = range(len(chart.labels))
    _band(axes, chart)
    for number, series in enumerate(chart.series):
        colour = COLOURS[number % len(COLOURS)]
        values = _drawn(series)
        if series.look == "edge":
            continue
        if series.look == "mark":
            axes.plot(places, values, "^", color=colour, markersize=9, label=series.name)
        elif chart.kind == "line" and series.look != "bar":
            marker = "o" if len(values) < 15 else None
            axes.plot(
                places, values, color=colour, linewidth=2.2, marker=marker, markersize=4, label=series.name
            )
        else:
            beside = 1 if chart.kind == "line" else len(chart.series)
            width = 0.8 / beside
            offset = (number - (beside - 1) / 2) * width if beside > 1 else 0
            axes.bar(
                [place + offset for place in places], values, width=width, color=colour, label=series.name
            )


def _drawn(series: Series) -> list[float]:
    return [float("nan") if value is None else value for value in series.values]


def _band(axes: Axes, chart: Chart) -> None:
    edges = [number for number, series in enumerate(chart.series) if series.look == "edge"]
    if len(edges) != 2:
        return
    low, high = (_drawn(chart.series[number]) for number in edges)
    colour = COLOURS[(edges[0] - 1) % len(COLOURS)]
    places = range(len(chart.labels))
    axes.fill_between(places, low, high, color=colour, alpha=0.18, linewidth=0, label=BAND_NAME)


def _dress(axes: Axes, chart: Chart) -> None:
    axes.set_facecolor(PAPER)
    _title(axes, chart)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=10, length=0)
    axes.ticklabel_format(axis="y", style="plain", useOffset=False)
    places = _ticks(len(chart.labels))
    axes.set_xticks(places, [_label(chart.labels[place]) for place in places])
    for label in axes.get_xticklabels():
        label.set_parse_math(False)
    if len(chart.series) > 1:
        _legend(axes)


def _title(axes: Axes, chart: Chart) -> None:
    words = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    kept: dict[str, Any] = {"parse_math": False, "wrap": True}
    axes.set_title(words, loc="left", color=INK, fontsize=12, fontweight="bold", **kept)


def _legend(axes: Axes) -> None:
    legend = axes.legend(frameon=False, fontsize=10, labelcolor=INK, loc="best")
    for text in legend.get_texts():
        text.set_parse_math(False)


def _ticks(count: int) -> list[int]:
    if count <= MOST_TICKS:
        return list(range(count))
    step = (count - 1) / (MOST_TICKS - 1)
    return sorted({round(place * step) for place in range(MOST_TICKS)})


def _label(text: str) -> str:
    """Dates as people write them; long names cut."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text if len(text) <= MOST_LETTERS else text[: MOST_LETTERS - 1] + "…"
    return f"{day.day} {day:%b}"

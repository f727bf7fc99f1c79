"""Forecasts of demand: histories in, means and laws out; no database, no web, no clock.

``History`` and ``Forecast`` are what goes in and comes out, ``forecast`` and ``backtest`` the doors,
``Law`` what a stored row means.
"""

from __future__ import annotations

from tools.maths.demand.history import DemandClass, Forecast, Grain, History, Score, Settings
from tools.maths.demand.laws import Kind, Law
from tools.maths.demand.pipeline import backtest, forecast

__all__ = [
    "DemandClass",
    "Forecast",
    "Grain",
    "History",
    "Kind",
    "Law",
    "Score",
    "Settings",
    "backtest",
    "forecast",
]

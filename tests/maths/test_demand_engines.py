"""The same forecast over processes and machines."""

from __future__ import annotations

import sys
from datetime import date

import numpy as np
import pytest

from tools.maths.demand import Forecast, History, forecast
from tools.maths.demand.engines import MissingEngine, forecast_many


def shop(rows: int) -> list[History]:
    rng = np.random.default_rng(11)
    return [
        History(f"S{row}", rng.poisson(rng.uniform(0.2, 8), 30).astype(float), date(2026, 1, 5))
        for row in range(rows)
    ]


def assert_same(left: list[Forecast], right: list[Forecast]) -> None:
    for one, other in zip(left, right, strict=True):
        assert one.key == other.key
        assert np.array_equal(one.mean, other.mean)
        assert np.array_equal(one.sum_variance, other.sum_variance)


def test_two_processes_give_the_numbers_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = shop(60)
    monkeypatch.setattr("tools.maths.demand.engines.WORTH_A_PROCESS", 10)
    monkeypatch.setattr("tools.maths.demand.pipeline.CHUNK", 25)
    assert_same(
        forecast_many(histories, horizon=4, grain="W", workers=2), forecast(histories, horizon=4, grain="W")
    )


@pytest.mark.filterwarnings("ignore")
def test_dask_workers_give_the_numbers_of_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dask.distributed")
    histories = shop(60)
    monkeypatch.setattr("tools.maths.demand.pipeline.CHUNK", 25)
    found = forecast_many(histories, horizon=4, grain="W", engine="dask", workers=2)
    assert_same(found, forecast(histories, horizon=4, grain="W"))


def test_an_engine_that_is_not_installed_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingEngine, match=r"pip install 'quartermaster\[ray\]'"):
        forecast_many(shop(3), horizon=2, grain="W", engine="ray")

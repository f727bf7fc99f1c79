"""``quartermaster choose``: the shop's own figures, from the command line."""

from __future__ import annotations

from datetime import date

import pytest
from typer.testing import CliRunner

from assistant.cli.main import Trouble, app
from tools.kit.rounds_settings import round_settings
from tools.kit.rounds_traffic import traffic_for
from tools.store import open_store

SNOWY, OTHER = date(2026, 3, 16), date(2026, 3, 18)


def chosen(url: str, *words: str) -> str:
    run = CliRunner().invoke(app, ["choose", "--shop-db", url, *words])
    if run.exception is not None:
        raise run.exception
    return run.output


def test_a_figure_is_listed_set_used_and_put_back(sqlite_url: str) -> None:
    assert "round_service_minutes = 5\n" in chosen(sqlite_url)
    assert chosen(sqlite_url, "round_service_minutes", "8") == "round_service_minutes = 8 (usual: 5)\n"
    store = open_store(sqlite_url)
    assert round_settings(store).service == 8 * 60
    assert [row.subject for row in store.audit.rows() if row.action == "setting"] == ["round_service_minutes"]
    store.close()
    assert chosen(sqlite_url, "round_service_minutes", "--usual") == "round_service_minutes = 5\n"


def test_traffic_and_weather_are_set_by_hand(sqlite_url: str) -> None:
    chosen(sqlite_url, "traffic_hours", "7:1.2 8:1.5")
    chosen(sqlite_url, "traffic_weather", "2026-03-16 snow, 2026-03-17 light rain")
    store = open_store(sqlite_url)
    assert traffic_for(store, SNOWY).hours[8] == 1.5
    assert traffic_for(store, SNOWY).weather == 1.5
    assert traffic_for(store, OTHER).weather == 1.0
    store.close()


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("round_service_minutes", "-1", "no number of 0 or more"),
        ("round_service_minutes", "soon", "no number of 0 or more"),
        ("traffic_hours", "8:9", "a factor from 0.5 to 4"),
        ("traffic_weather", "2026-03-16 hail", "dry, light rain"),
        ("round_chilled_vehicles", "TANK", "no vehicle 'TANK'"),
        ("round_colour", "red", "no choice 'round_colour'"),
    ],
)
def test_what_cannot_be_is_told_and_not_kept(sqlite_url: str, key: str, value: str, says: str) -> None:
    before = chosen(sqlite_url)
    with pytest.raises(Trouble, match=says):
        chosen(sqlite_url, key, *(["--", value] if value.startswith("-") else [value]))
    assert chosen(sqlite_url) == before

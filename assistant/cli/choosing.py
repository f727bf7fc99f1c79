"""``quartermaster choose``: the shop's own figures for sending and delivering, listed, set and put back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite

from assistant.app import open_books
from assistant.cli.main import Trouble
from assistant.settings import Settings
from tools.kit.allocating_costs import USUAL as SENDING
from tools.kit.rounds_settings import CHILLED
from tools.kit.rounds_settings import USUAL as ROUNDS
from tools.kit.rounds_traffic import SET as TRAFFIC
from tools.kit.rounds_traffic import WEATHER_OF, hours_in, weather_in
from tools.maths.routing.traffic import LEAST, MOST, WEATHER
from tools.store import Actor, Store

ACTOR = Actor("terminal", "terminal")
FIGURES: Mapping[str, float] = {**SENDING, **ROUNDS}


def choose(settings: Settings, key: str, value: str | None, *, usual: bool) -> None:
    """List every choice, show one, set it to ``value`` or put it back to the usual one."""
    store = open_books(settings)
    checks = _checks(store)
    if not key:
        for name in sorted(checks):
            print(_line(store, name))  # noqa: T201
        return
    if key not in checks:
        raise Trouble(f"there is no choice {key!r}; quartermaster choose lists them")
    if usual or value is not None:
        kept = "" if usual or value is None else value.strip()
        if kept:
            checks[key](kept)
        store.settings.set(key, kept, actor=ACTOR, at=store.clock())
    print(_line(store, key))  # noqa: T201


def _line(store: Store, key: str) -> str:
    kept = store.settings.get(key)
    usual = f"{FIGURES[key]:g}" if key in FIGURES else "not set"
    return f"{key} = {kept} (usual: {usual})" if kept else f"{key} = {usual}"


def _checks(store: Store) -> dict[str, Callable[[str], None]]:
    """What each choice may be; a wrong one is told and nothing is kept."""

    def vehicles(text: str) -> None:
        known = {one.code for one in store.trips.vehicles()}
        strange = [code for code in text.replace(",", " ").split() if code not in known]
        if strange:
            raise Trouble(f"there is no vehicle {strange[0]!r}; the codes are {', '.join(sorted(known))}")

    return {
        **dict.fromkeys(FIGURES, _figure),
        TRAFFIC: _hours,
        WEATHER_OF: _weather,
        CHILLED: vehicles,
    }


def _figure(text: str) -> None:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not isfinite(value) or value < 0:
        raise Trouble(f"{text!r} is no number of 0 or more")


def _hours(text: str) -> None:
    if hours_in(text) is None:
        raise Trouble(f'{text!r} is not like "7:1.2 8:1.5": an hour and a factor from {LEAST:g} to {MOST:g}')


def _weather(text: str) -> None:
    if not weather_in(text):
        names = ", ".join(WEATHER)
        raise Trouble(
            f'{text!r} is not like "2026-03-16 snow": a day and one of {names}, several with commas'
        )

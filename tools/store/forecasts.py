"""Forecasts as they were made: the chat answers from them, and later they are held against what came."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from tools.store import audit
from tools.store.among import LOCATION, PRODUCT, only, product_skus, table_of
from tools.store.changes import Actor
from tools.store.engine import Database
from tools.store.ledger import plain
from tools.store.planning_facts import ForecastOverride, ForecastRun, StoredForecast
from tools.store.tables import ForecastOverrideRow, ForecastRow, ForecastRunRow

_RUN = table_of(ForecastRunRow)
_FORECAST = table_of(ForecastRow)
_OVERRIDE = table_of(ForecastOverrideRow)
EVERYWHERE = 0
# The setting by which a person asks for a new run; what was asked last and answered stands in another.
ASKED = "forecast_asked"
RUNS_KEPT = 5
WEEKS_KEPT = 26
# A run that has not been heard of for so long has died with its process.
SILENT = timedelta(minutes=10)


class Forecasts:
    """Runs of the forecaster, what they said, and people's own figures beside them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- runs ------------------------------------------------------------------------------------

    def start(self, cut_off: date, version: str, total: int, at: datetime) -> int | None:
        """A new run, or None where another one is under way; one that died is taken over by resuming it."""
        with self._database.writing() as connection:
            running = connection.execute(
                select(_RUN).where(_RUN.c.state == "running").order_by(_RUN.c.id.desc())
            ).first()
            if running is not None and at - running.seen_at < SILENT:
                return None
            if running is not None and (running.cut_off, running.version) == (cut_off, version):
                values = {"seen_at": at, "total": total}
                connection.execute(update(_RUN).where(_RUN.c.id == running.id).values(**values))
                return int(running.id)
            connection.execute(update(_RUN).where(_RUN.c.state == "running").values(state="failed"))
            row = {
                "state": "running",
                "cut_off": cut_off,
                "version": version,
                "started_at": at,
                "seen_at": at,
                "done": 0,
                "total": total,
                "scores": "{}",
                "error": "",
            }
            return int(connection.execute(insert(_RUN).returning(_RUN.c.id), row).scalar_one())

    def done_already(self, run_id: int) -> frozenset[str]:
        """The SKUs that a run has finished: a resumed run leaves them out."""
        query = select(PRODUCT.c.sku).join(_FORECAST, _FORECAST.c.product_id == PRODUCT.c.id)
        query = query.where(_FORECAST.c.run_id == run_id, _FORECAST.c.location_id == EVERYWHERE)
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def save(self, run_id: int, forecasts: Sequence[StoredForecast], at: datetime) -> None:
        """Keep some forecasts of a run (again: they replace what the run had of them)."""
        with self._database.writing() as connection:
            products = {
                sku: key for key, sku in product_skus(connection, {one.sku for one in forecasts}).items()
            }
            places = {row.code: row.id for row in connection.execute(select(LOCATION.c.id, LOCATION.c.code))}
            known = [one for one in forecasts if one.sku in products]
            ours = (_FORECAST.c.run_id == run_id, *only(_FORECAST.c.product_id, set(products.values())))
            connection.execute(delete(_FORECAST).where(*ours))
            rows = [_row(run_id, one, products[one.sku], places) for one in known]
            if rows:
                connection.execute(insert(_FORECAST), rows)
            done = select(func.count(func.distinct(_FORECAST.c.product_id))).where(
                _FORECAST.c.run_id == run_id
            )
            values = {"done": done.scalar_subquery(), "seen_at": at}
            connection.execute(update(_RUN).where(_RUN.c.id == run_id).values(**values))

    def finish(self, run_id: int, scores: Mapping[str, Any], at: datetime) -> None:
        """The run is complete: from now on it is the one that answers; old runs go.

        Kept are the newest, and of each week before them the last, to be held against what came.
        """
        with self._database.writing() as connection:
            values = {"state": "done", "finished_at": at, "seen_at": at, "scores": json.dumps(scores)}
            connection.execute(update(_RUN).where(_RUN.c.id == run_id).values(**values))
            done = select(_RUN.c.id, _RUN.c.cut_off).where(_RUN.c.state == "done").order_by(_RUN.c.id.desc())
            kept = _kept(connection.execute(done).all())
            held = set(connection.execute(select(_FORECAST.c.run_id).distinct()).scalars())
            gone = sorted(held - kept)
            connection.execute(delete(_FORECAST).where(*only(_FORECAST.c.run_id, gone)))

    def touch(self, run_id: int, at: datetime) -> None:
        """Say that a run is alive while it has nothing to save."""
        with self._database.writing() as connection:
            connection.execute(update(_RUN).where(_RUN.c.id == run_id).values(seen_at=at))

    def fail(self, run_id: int, error: str, at: datetime) -> None:
        """The run broke off; the one before goes on answering."""
        with self._database.writing() as connection:
            values = {"state": "failed", "finished_at": at, "error": plain(error, 500)}
            connection.execute(update(_RUN).where(_RUN.c.id == run_id).values(**values))

    def runs(self, limit: int = 10) -> list[ForecastRun]:
        """The latest runs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_RUN).order_by(_RUN.c.id.desc()).limit(limit))
            return [_run(row) for row in rows]

    def latest(self) -> ForecastRun | None:
        """The newest complete run."""
        with self._database.reading() as connection:
            return _latest(connection)

    def of(
        self, skus: Collection[str] | None = None, *, location: str | None = None, run_id: int | None = None
    ) -> list[StoredForecast]:
        """Forecasts of the newest complete run (or of ``run_id``) at one place, or at all together."""
        with self._database.reading() as connection:
            run = run_id or (found.id if (found := _latest(connection)) else None)
            if run is None:
                return []
            query = _forecasts().where(_FORECAST.c.run_id == run)
            if skus is not None:
                query = query.where(*only(_FORECAST.c.product_id, product_skus(connection, skus)))
            if location is None:
                query = query.where(_FORECAST.c.location_id == EVERYWHERE)
            else:
                query = query.where(LOCATION.c.code == location)
            return [_stored(row) for row in connection.execute(query)]

    # -- people's own figures ---------------------------------------------------------------------

    def override(self, wanted: ForecastOverride, actor: Actor) -> int:
        """Keep a person's figure, with its audit row; overlapping ones of the same product are withdrawn."""
        with self._database.writing() as connection:
            product = next(iter(product_skus(connection, [wanted.sku])))
            place = _place(connection, wanted.location)
            same = (
                _OVERRIDE.c.product_id == product,
                _OVERRIDE.c.location_id == place,
                _OVERRIDE.c.first_day <= wanted.last,
                _OVERRIDE.c.last_day >= wanted.first,
                _OVERRIDE.c.withdrawn_at.is_(None),
            )
            connection.execute(update(_OVERRIDE).where(*same).values(withdrawn_at=wanted.made_at))
            row = {
                "product_id": product,
                "location_id": place,
                "first_day": wanted.first,
                "last_day": wanted.last,
                "quantity": wanted.quantity,
                "model_quantity": wanted.model_quantity,
                "reason": plain(wanted.reason, 300),
                "actor": plain(wanted.actor, 120),
                "made_at": wanted.made_at,
            }
            key = int(connection.execute(insert(_OVERRIDE).returning(_OVERRIDE.c.id), row).scalar_one())
            detail = json.dumps(
                {"first": str(wanted.first), "last": str(wanted.last), "to": str(wanted.quantity)}
            )
            audit.append(
                connection,
                actor,
                action="override forecast",
                subject=wanted.sku,
                detail=detail,
                at=wanted.made_at,
            )
            return key

    def withdraw(self, override_id: int, actor: Actor, at: datetime) -> bool:
        """Go back to the model's figure; False where that was done already."""
        with self._database.writing() as connection:
            ours = (_OVERRIDE.c.id == override_id, _OVERRIDE.c.withdrawn_at.is_(None))
            gone = connection.execute(update(_OVERRIDE).where(*ours).values(withdrawn_at=at)).rowcount
            if gone:
                subject = f"override {override_id}"
                audit.append(connection, actor, action="withdraw override", subject=subject, detail="", at=at)
            return bool(gone)

    def overrides(
        self, skus: Collection[str] | None = None, *, first: date, last: date, withdrawn: bool = False
    ) -> list[ForecastOverride]:
        """People's figures about any of these days, oldest first."""
        column = _OVERRIDE.c
        with self._database.reading() as connection:
            query = (
                select(_OVERRIDE, PRODUCT.c.sku, LOCATION.c.code)
                .join(PRODUCT, PRODUCT.c.id == column.product_id)
                .outerjoin(LOCATION, LOCATION.c.id == column.location_id)
                .where(column.first_day <= last, column.last_day >= first)
            )
            if skus is not None:
                query = query.where(*only(column.product_id, product_skus(connection, skus)))
            if not withdrawn:
                query = query.where(column.withdrawn_at.is_(None))
            return [_override(row) for row in connection.execute(query.order_by(column.id))]


def _kept(done: Sequence[Any]) -> set[int]:
    """Of complete runs, the newest first: those whose forecasts stay."""
    weeks: dict[tuple[int, int], int] = {}
    for row in done:
        weeks.setdefault(tuple(row.cut_off.isocalendar()[:2]), row.id)
    return {row.id for row in done[:RUNS_KEPT]} | set(list(weeks.values())[:WEEKS_KEPT])


def _latest(connection: Connection) -> ForecastRun | None:
    query = select(_RUN).where(_RUN.c.state == "done").order_by(_RUN.c.id.desc()).limit(1)
    row = connection.execute(query).first()
    return _run(row) if row is not None else None


def _run(row: Row[Any]) -> ForecastRun:
    return ForecastRun(
        row.id,
        row.state,
        row.cut_off,
        row.version,
        row.started_at,
        row.finished_at,
        row.done,
        row.total,
        json.loads(row.scores),
        row.error,
        row.seen_at,
    )


def _forecasts() -> Select[Any]:
    tables = (
        _FORECAST.join(_RUN, _RUN.c.id == _FORECAST.c.run_id)
        .join(PRODUCT, PRODUCT.c.id == _FORECAST.c.product_id)
        .outerjoin(LOCATION, LOCATION.c.id == _FORECAST.c.location_id)
    )
    run = (_RUN.c.cut_off, _RUN.c.version, func.coalesce(_RUN.c.finished_at, _RUN.c.seen_at).label("made_at"))
    query = select(_FORECAST, PRODUCT.c.sku, LOCATION.c.code, *run).select_from(tables)
    return query.order_by(PRODUCT.c.sku, _FORECAST.c.location_id)


def _stored(row: Row[Any]) -> StoredForecast:
    weekly, sum_variance, profile = json.loads(f"[{row.weekly},{row.sum_variance},{row.profile}]")
    return StoredForecast(
        sku=row.sku,
        location=row.code,
        run_id=row.run_id,
        cut_off=row.cut_off,
        version=row.version,
        made_at=row.made_at,
        model=row.model,
        demand_class=row.demand_class,
        law=row.law,
        weekly=tuple(weekly),
        sum_variance=tuple(sum_variance),
        profile=tuple(profile),
        periods=row.periods,
        note=row.note,
        scores=json.loads(row.scores) if row.scores != "{}" else {},
    )


def _row(run_id: int, one: StoredForecast, product: int, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "product_id": product,
        "location_id": EVERYWHERE if one.location is None else places[one.location],
        "model": one.model,
        "demand_class": one.demand_class,
        "law": one.law,
        "weekly": _numbers(one.weekly),
        "sum_variance": _numbers(one.sum_variance),
        "profile": _numbers(one.profile),
        "periods": one.periods,
        "note": plain(one.note, 200),
        "scores": json.dumps(dict(one.scores)),
    }


def _numbers(values: Iterable[float]) -> str:
    return json.dumps([float(f"{value:.6g}") for value in values])


def _place(connection: Connection, code: str | None) -> int:
    if code is None:
        return EVERYWHERE
    return int(connection.execute(select(LOCATION.c.id).where(LOCATION.c.code == code)).scalar_one())


def _override(row: Row[Any]) -> ForecastOverride:
    return ForecastOverride(
        row.id,
        row.sku,
        row.code,
        row.first_day,
        row.last_day,
        Decimal(row.quantity),
        Decimal(row.model_quantity),
        row.reason,
        row.actor,
        row.made_at,
        row.withdrawn_at,
    )

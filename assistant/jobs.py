"""The forecast of the whole shop: made in a process of its own, chunk by chunk, to be taken up again.

The run before goes on answering until the new one is complete. A run that was killed is resumed by the next
start; two at once cannot be (``Forecasts.start``), whichever process begins them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from assistant.jobs_calendar import ShopDays, last_full_day, shop_days
from assistant.jobs_forecasting import WEEKS, Method, Stamp, agreed, blocks_of, horizon_for, stored
from assistant.jobs_histories import lines_of
from assistant.jobs_scores import held_method, scored
from assistant.jobs_signals import suggest
from tools.kit.autonomy import autonomous_orders
from tools.maths.demand import Settings
from tools.maths.weeks import WEEK
from tools.store import Finding, Product, Store

log = structlog.get_logger(__name__)

CHUNK = 400
# What of the books the newest run has seen, so that an import is noticed whichever door it came through.
SEEN = "forecast_seen"
REMEDY = "quartermaster replan --wait makes one."
HOURS_TOLD, DAYS_BEHIND = 48, 3
FULL, QUICK = "combination 1", "combination 1, quick"

Told = Callable[[int, int], object]


@dataclass(frozen=True)
class Outcome:
    """How a run ended: "done", "busy" (another one is under way), "nothing" (no sales) or "failed"."""

    state: str
    run_id: int | None = None
    products: int = 0
    error: str = ""


def run(store: Store, *, quick: bool = False, told: Told = lambda _done, _total: None) -> Outcome:
    """Forecast every product; ``quick`` takes the combination without looking back at its own errors.

    What goes wrong is kept with the run and told by ``quartermaster doctor``.
    """
    cut_off = last_full_day(store, store.clock().date())
    if cut_off is None:
        return Outcome("nothing")
    version = QUICK if quick else FULL
    products = in_order(store.catalogue().products)
    known = what_is_known(store)
    run_id = store.forecasts.start(cut_off, version, len(products), _now())
    if run_id is None:
        return Outcome("busy")
    store.settings.set(SEEN, known)
    try:
        shop = shop_days(store, cut_off, ahead=WEEKS * WEEK)
        _forecast(store, shop, products, Stamp(run_id, version, _now()), quick=quick, told=told)
        scores = {} if quick else scored(store, shop, products, alive=_alive(store, run_id))
        store.forecasts.finish(run_id, scores, _now())
    except Exception as error:
        store.forecasts.fail(run_id, f"{type(error).__name__}: {error}", _now())
        raise
    if not quick:
        _hear_customers(store, shop, products)
        _buy_by_itself(store)
    return Outcome("done", run_id, len(products))


def _hear_customers(store: Store, shop: ShopDays, products: Sequence[Product]) -> None:
    """What customers' words suggest for the new forecast; a fault there leaves the forecast as it is."""
    try:
        suggest(store, shop, products, store.clock())
    except Exception:
        log.exception("customers_words_failed")


def _buy_by_itself(store: Store) -> None:
    """What each supplier's rung allows, on the new forecast; a fault there leaves the forecast as it is."""
    try:
        autonomous_orders(store, store.clock())
    except Exception:
        log.exception("autonomous_orders_failed")


def in_order(products: Mapping[str, Product]) -> list[Product]:
    """All products, like beside like, always in the same order."""
    return sorted(products.values(), key=lambda product: (product.category, product.sku))


def what_is_known(store: Store) -> str:
    """A mark of the imported data; another one means that something came in or was taken back."""
    past = store.imports.past(1000)
    undone = sum(one.state == "undone" for one in past)
    return f"{past[0].id if past else 0}:{undone}"


def _forecast(
    store: Store, shop: ShopDays, products: Sequence[Product], stamp: Stamp, *, quick: bool, told: Told
) -> None:
    method = Method(Settings(windows=0, boost=False, covariates=False)) if quick else held_method(store)
    done = store.forecasts.done_already(stamp.run_id)
    for start in range(0, len(products), CHUNK):
        chunk = products[start : start + CHUNK]
        if not all(product.sku in done for product in chunk):
            look = {"by_day": not quick, "planned": not quick}
            lines = lines_of(store, shop, chunk, horizon=horizon_for(shop), **look)
            found = stored(agreed(blocks_of(lines, shop, method)), shop, stamp)
            store.forecasts.save(stamp.run_id, found, _now())
        told(min(start + CHUNK, len(products)), len(products))


def _alive(store: Store, run_id: int) -> Callable[[], None]:
    return lambda: store.forecasts.touch(run_id, _now())


def _now() -> datetime:
    """Real time, whatever the shop's clock says: it tells whether a run is alive."""
    return datetime.now(UTC)


def findings(store: Store) -> list[Finding]:
    """How old the forecast is, and whether the last run failed."""
    latest = store.forecasts.latest()
    newest = next(iter(store.forecasts.runs(1)), None)
    cut_off = last_full_day(store, store.clock().date())
    if cut_off is None:
        return [Finding(True, "No sales of a day that is over: nothing to forecast from yet")]
    found = []
    if newest is not None and newest.state == "failed":
        found.append(Finding(False, f"The last forecast failed: {newest.error}", REMEDY))
    if latest is None:
        return [*found, Finding(True, f"No forecast was made yet; {REMEDY}")]
    made = latest.finished_at or latest.started_at
    hours = (_now() - made).total_seconds() / 3600
    age = f"{hours:.0f} hours" if hours < HOURS_TOLD else f"{hours / 24:.0f} days"
    told = f"The forecast of {latest.done} products is {age} old, from sales up to {latest.cut_off}"
    behind = (cut_off - latest.cut_off).days
    if behind > DAYS_BEHIND:
        return [*found, Finding(False, f"{told}; sales go on to {cut_off}", REMEDY)]
    return [*found, Finding(True, told)]

"""The wiring: settings -> books -> understanding -> house -> doors."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import structlog

from assistant.alerts import Alerts
from assistant.channels import open_channels
from assistant.house import AssistantHouse
from assistant.jobs_holidays import COUNTRY
from assistant.jobs_mining import Mining, Reader
from assistant.jobs_schedule import Schedule
from assistant.learning_night import Nightly
from assistant.outbox import Sender
from assistant.roads import road_map
from assistant.settings import Settings
from intents.model_files import default_cache
from intents.parser import Parser
from tools.kit import compute
from tools.store import Store, open_store


def open_house(settings: Settings, url: str | None = None) -> AssistantHouse:
    """The whole assistant over one shop's books, ready to answer."""
    store = open_books(settings, url)
    return AssistantHouse(store, load_parser(store), store.clock, road_map(settings, store))


def open_books(settings: Settings, url: str | None = None) -> Store:
    """The shop's books under its own clock.  They keep its time zone and country."""
    store = open_store(url or settings.url(), clock=settings.clock())
    kept = store.settings.get("time_zone")
    if not kept or (kept != settings.time_zone and "time_zone" in settings.model_fields_set):
        store.settings.set("time_zone", settings.time_zone)
    if settings.country and settings.country != store.settings.get(COUNTRY):
        store.settings.set(COUNTRY, settings.country)
    return store


def load_parser(store: Store | None = None) -> Parser:
    """The understanding, from its cache (made at install, remade when sentences change)."""
    parser = Parser.load(default_cache())
    if store is not None:
        parser.index(store.catalogue())
    return parser


def start_logging(level: str = "INFO") -> None:
    """Log lines on standard error: one JSON object each, or plain where a person watches."""
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _word_reader(store: Store) -> Reader:
    """What understands customers' words; a shop without any never loads it."""
    from assistant.mining_reader import MinerReader

    return MinerReader.load(store)


def serve(
    house: AssistantHouse,
    host: str,
    port: int,
    *,
    files: Path,
    ready: Callable[[], None],
    settings: Settings | None = None,
) -> None:
    """Serve the web app, the API and the chats that ``settings`` configure until stopped."""
    import uvicorn

    from connectors.chat import tiles
    from connectors.chat.web import create_app

    loopback = host in {"127.0.0.1", "localhost", "::1"}
    files.mkdir(parents=True, exist_ok=True)
    channels = open_channels(house, settings, files) if settings else ()
    if settings and settings.map_tiles:
        tiles.use(tiles.Tiles(settings.map_tiles, settings.map_credit, files / "tiles"))
    app = create_app(
        house,
        files=files,
        bind_is_loopback=loopback,
        channels=channels,
        services=[Sender(house.store, channels)] if channels else (),
    )
    config = uvicorn.Config(
        app, host=host, port=port, log_level="warning", access_log=False, timeout_graceful_shutdown=2
    )
    alerts = Alerts(house.store, [channel.name for channel in channels])
    mining = Mining(house.store, lambda: _word_reader(house.store))
    house.read_by(mining.read_now)
    schedule = Schedule(house.store, Nightly(house.store, house.parser), alerts, mining)
    house.after_import = schedule.soon
    schedule.start()
    compute.start()
    ready()
    try:
        uvicorn.Server(config).run()
    finally:
        compute.stop()
        schedule.stop()

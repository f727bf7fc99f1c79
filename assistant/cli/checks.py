"""``doctor``: is all well, and how to mend what is not."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.app import load_parser
from assistant.cli.checks_alerts import check_alerts
from assistant.cli.checks_machine import check_machine
from assistant.cli.checks_people import check_people
from assistant.cli.checks_slack import check_slack
from assistant.cli.checks_telegram import check_telegram
from assistant.cli.checks_travel import check_travel
from assistant.cli.faults import fault
from assistant.jobs import findings as forecast_findings
from assistant.learning_head import findings as learning_findings
from assistant.settings import Settings
from tools.kit.words import capital
from tools.store import BooksError, Finding, Store, open_store


def doctor(settings: Settings) -> int:
    """Print one line a finding; the number of things that are wrong, at most 1, is the exit status."""
    well = True
    for finding in findings(settings):
        mark = "ok  " if finding.ok else "BAD "
        remedy = "" if finding.ok or not finding.remedy else f"\n     -> {finding.remedy}"
        print(f"{mark} {capital(finding.what)}{remedy}", flush=True)  # noqa: T201
        well = well and finding.ok
    return 0 if well else 1


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything that is looked at, in order: the machine, the books, the understanding, the chats."""
    yield from check_machine(settings)
    opened = _open(settings)
    store = None if isinstance(opened, Finding) else opened
    try:
        if isinstance(opened, Finding):
            yield opened
        else:
            yield from _books(settings, opened)
        yield from _model(store)
        yield from check_slack(settings)
        yield from check_telegram(settings, store)
        if store is not None:
            yield from check_people(settings, store)
            yield from check_alerts(settings, store)
            yield from check_travel(settings, store)
    finally:
        if store is not None:
            store.close()


def _open(settings: Settings) -> Store | Finding:
    url = ""
    try:
        url = settings.url()
        return open_store(url, clock=settings.clock())
    except RuntimeError as error:
        return fault("books.newer", why=error)
    except (SQLAlchemyError, BooksError, OSError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        return fault("books.closed", url=_without_password(url), why=reason)


def _books(settings: Settings, store: Store) -> Iterator[Finding]:
    yield Finding(True, f"The books open at {_without_password(settings.url())}")
    try:
        yield from store.doctor()
        yield from forecast_findings(store)
    except SQLAlchemyError as error:
        yield fault("books.closed", url=_without_password(settings.url()), why=getattr(error, "orig", error))


def _model(store: Store | None) -> Iterator[Finding]:
    try:
        parser = load_parser()
    except (OSError, ImportError, ValueError) as error:
        yield fault("model", why=error)
        return
    yield Finding(True, f"The understanding is loaded ({parser.description})")
    if store is not None:
        yield from learning_findings(store, parser)


def _without_password(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except SQLAlchemyError:
        return "that address"

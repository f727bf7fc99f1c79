"""``doctor``: is all well, and how to mend what is not."""

from __future__ import annotations

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from assistant.app import load_parser
from assistant.jobs import findings as forecast_findings
from assistant.learning_head import findings as learning_findings
from assistant.settings import Settings
from tools.store import Finding, open_store


def doctor(settings: Settings) -> int:
    """Print one line a finding; the number of things that are wrong, at most 1, is the exit status."""
    findings = [*_books(settings), *_model(settings)]
    for finding in findings:
        mark = "ok  " if finding.ok else "BAD "
        remedy = "" if finding.ok or not finding.remedy else f"\n     -> {finding.remedy}"
        print(f"{mark} {finding.what}{remedy}")  # noqa: T201
    return 0 if all(finding.ok for finding in findings) else 1


def _books(settings: Settings) -> list[Finding]:
    url = settings.url()
    try:
        store = open_store(url, clock=settings.clock())
        opened = Finding(True, f"The books open at {_without_password(url)}", "")
        return [opened, *store.doctor(), *forecast_findings(store)]
    except (SQLAlchemyError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        remedy = "Check QUARTERMASTER_DATABASE_URL, that the server runs, and that the folder can be written."
        return [Finding(False, f"The books do not open at {_without_password(url)}: {reason}", remedy)]


def _model(settings: Settings) -> list[Finding]:
    try:
        parser = load_parser()
    except (OSError, ImportError, ValueError) as error:
        return [Finding(False, f"The understanding does not load: {error}", "Run make install again.")]
    loaded = Finding(True, f"The understanding is loaded ({parser.description})", "")
    try:
        return [loaded, *learning_findings(open_store(settings.url(), clock=settings.clock()), parser)]
    except (SQLAlchemyError, OSError, ValueError):  # which the check of the books has told
        return [loaded]


def _without_password(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)

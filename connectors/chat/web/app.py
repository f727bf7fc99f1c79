"""The web app: its parts put together, and what it says when something is wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import structlog
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from connectors.chat.channel import Channel
from connectors.chat.message import House
from connectors.chat.web import (
    api,
    catalogue_api,
    chat,
    deliveries,
    events,
    forecasts,
    health,
    imports,
    learned,
    login,
    needs,
    orders,
    papers,
    people,
    policy,
    ready,
    reference,
    said,
    said_api,
    stock,
    today,
    vehicles,
    vehicles_api,
)
from connectors.chat.web import files as chart_files
from connectors.chat.web.auth import NotAllowed, NotSignedIn
from connectors.chat.web.door import Door, door_key
from connectors.chat.web.guards import HEADERS, Guard
from connectors.chat.web.pages import problem_page, wants_page

log = structlog.get_logger(__name__)

HERE = Path(__file__).parent
INTERFACE = (api, said_api, vehicles_api, catalogue_api, chart_files, papers, ready, health)
PAGES = (
    *(login, chat, today, needs, stock, events, orders, deliveries, vehicles, forecasts),
    *(policy, said, learned, imports, people),
    reference,
)


class Service(Protocol):
    """Something that runs beside the app, in its event loop."""

    async def start(self) -> None:
        """Begin; what cannot begin now tries again by itself."""

    async def stop(self) -> None:
        """Finish what is under way."""


def create_app(
    house: House,
    *,
    files: Path,
    bind_is_loopback: bool,
    extra_hosts: frozenset[str] = frozenset(),
    channels: Sequence[Channel] = (),
    services: Sequence[Service] = (),
) -> FastAPI:
    """The web app of a house.

    Args:
        house: Who answers.
        files: A folder of the app's own, for pictures, uploads and its key.
        bind_is_loopback: Whether only this machine can reach it; then names are trusted until accounts exist.
        extra_hosts: Host names that a loopback app answers to besides localhost.
        channels: Chats that start and stop with the app; their routes are served as they are.
        services: What else starts and stops with it, after the chats and before them.
    """
    app = FastAPI(
        title="Quartermaster",
        description="Ask the shop's stock keeper, in plain words.",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan((*channels, *services)),
    )
    door = Door(house, files, bind_is_loopback, door_key(files))
    app.state.door = door
    chart_files.forget_old_charts(files)
    for part in (*INTERFACE, *PAGES):
        app.include_router(part.router)
    signed = _mount(app, channels)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _tell_problems(app)
    app.add_middleware(
        Guard, loopback=bind_is_loopback, extra_hosts=extra_hosts, meters=door.meters, signed=signed
    )
    return app


def _mount(app: FastAPI, channels: Sequence[Channel]) -> frozenset[str]:
    """Serve what chats push to us; the paths, each of which checks its own signature."""
    paths: set[str] = set()
    for channel in channels:
        routes: Callable[[], APIRouter | None] = getattr(channel, "routes", lambda: None)
        router = routes()
        if router is not None:
            app.include_router(router)
            paths |= {str(getattr(route, "path", "")) for route in router.routes}
    return frozenset(paths)


def _lifespan(services: Sequence[Service]) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        started = [service for service in services if await _done(service.start(), "start", service)]
        yield
        for service in reversed(started):
            await _done(service.stop(), "stop", service)

    return lifespan


async def _done(work: Awaitable[None], step: str, service: Service) -> bool:
    """One chat that fails stops neither the app nor another chat."""
    try:
        await work
    except Exception:
        log.exception("service_failed", step=step, service=type(service).__name__)
        return False
    return True


def _tell_problems(app: FastAPI) -> None:
    app.add_exception_handler(NotSignedIn, _not_signed_in)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(Exception, _broken)


def _problem(
    request: Request, status: int, words: str, headers: dict[str, str] | None = None, **more: Any
) -> Response:
    if wants_page(request):
        return problem_page(request, status, words, headers)
    return JSONResponse({"detail": words, **more}, status, headers)


def _not_signed_in(request: Request, _error: Exception) -> Response:
    if not wants_page(request):
        return _problem(request, 401, "Sign in first.", {"WWW-Authenticate": "Bearer"})
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    return RedirectResponse(login.address_for(request), 303)


def _not_allowed(request: Request, error: Exception) -> Response:
    return _problem(request, 403, str(error))


def _invalid(request: Request, error: Exception) -> Response:
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    listed = [
        {"where": ".".join(_readable(part) for part in problem["loc"]), "problem": _readable(problem["msg"])}
        for problem in problems
    ]
    return _problem(request, 422, "Something about the request is wrong.", errors=listed)


def _readable(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _http_problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):  # pragma: no cover - registered for this class only
        raise error
    return _problem(request, error.status_code, str(error.detail), dict(error.headers or {}))


def _broken(request: Request, _error: Exception) -> Response:
    return _problem(request, 500, "Something went wrong here. It has been written down.", dict(HEADERS))

"""Whether it runs, whether it can answer, and how much it did."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from connectors.chat.web.door import TheDoor
from connectors.chat.web.models import HealthOut, ProblemOut, ReadyOut

router = APIRouter(tags=["Operations"])


@router.get("/healthz", summary="Whether it runs")
def healthz() -> HealthOut:
    """Answers as long as the process does."""
    return HealthOut(status="ok")


@router.get(
    "/readyz",
    summary="Whether it can answer",
    responses={503: {"model": ProblemOut, "description": "The books cannot be read"}},
    response_model=ReadyOut,
)
def readyz(door: TheDoor) -> ReadyOut | JSONResponse:
    """Answers 200 when the books can be read."""
    try:
        return ReadyOut(status="ready", position=door.house.store.stock.position())
    except SQLAlchemyError:
        return JSONResponse({"detail": "The books cannot be read."}, 503)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus text"}},
)
def metrics(door: TheDoor) -> Response:
    """Counts and times since the start."""
    text = door.meters.text(door.house.store.stock.position())
    return Response(text, media_type=CONTENT_TYPE_LATEST)

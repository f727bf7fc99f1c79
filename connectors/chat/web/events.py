"""Live pages: one stream of "the books have changed" for every page that shows them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse

from connectors.chat.web.auth import TheVisitor, need
from connectors.chat.web.door import Door, TheDoor
from tools.kit import Right

router = APIRouter(include_in_schema=False)
SECONDS_BETWEEN = 2.0
LOOKS = 15


@router.get("/events")
async def events(
    door: TheDoor, visitor: TheVisitor, last_event_id: Annotated[str, Header(max_length=40)] = ""
) -> StreamingResponse:
    """Server-sent events: ``books`` whenever stock has moved; the browser reconnects after each stretch."""
    need(door, visitor, Right.SEE_STOCK)
    seen = int(last_event_id) if last_event_id.isdecimal() else None
    return StreamingResponse(_stream(door, seen), media_type="text/event-stream")


async def _stream(door: Door, seen: int | None) -> AsyncIterator[str]:
    yield "retry: 1000\n\n"
    for _ in range(LOOKS):
        position = await run_sync(door.house.store.stock.position)
        if position != seen:
            name = "hello" if seen is None else "books"
            seen = position
            yield f"event: {name}\nid: {position}\ndata: {position}\n\n"
        await anyio.sleep(SECONDS_BETWEEN)

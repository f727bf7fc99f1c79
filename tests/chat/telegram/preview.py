"""Draw what Telegram is sent: ``python -m tests.chat.telegram.preview`` writes docs/telegram.html.

The payloads are those of a real conversation with the tiny shop through the stand-in; only the look is ours.
"""

from __future__ import annotations

import asyncio
import base64
import html
import json
import tempfile
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.house import AssistantHouse
from connectors.chat.telegram.channel import Address, Telegram
from intents.model_files import default_cache
from intents.parser import Parser
from tests.chat.telegram.conftest import ANNA, GROUP, STRANGER, Shop, serving
from tests.chat.telegram.people import Person
from tests.chat.telegram.server import TOKEN, BotApi, Call
from tests.shop import BLUE, NOW, tiny_shop
from tools.store import Actor, open_store
from tools.store.buying_changes import DraftOrder, OrderLine

PAGE = Path(__file__).parents[3] / "docs" / "telegram.html"
SAID = (
    "how many red mugs left?",
    "what's running low?",
    "how many red mugs did we sell in the last 14 days?",
    "received 300 MUG-RED-350 from Acme in the warehouse",
    "approve PO-1043",
    "sold 2 blue mugs at high street",
)
SHOWN = ("sendMessage", "sendPhoto", "sendDocument", "editMessageText")
STYLE = """
body{font:15px/1.4 "Helvetica Neue",Arial,sans-serif;color:#000;background:#d7e3ec;margin:2rem auto;max-width:24rem;
padding:0 1rem}h2{margin-top:2.5rem;font-size:17px}.bot,.me{border-radius:12px;padding:.5rem .75rem;margin:.4rem 0;
width:fit-content;max-width:92%;white-space:pre-wrap;overflow-wrap:anywhere}.bot{background:#fff}
.me{background:#e3ffcb;margin-left:auto}.note{font-style:italic;color:#3c5566;margin:.6rem 0}
pre{background:#f1f5f8;border-radius:6px;padding:.4rem;margin:.3rem 0;overflow:auto;font-size:12.5px}
.key{display:flex;gap:.3rem;margin:.2rem 0}.key span{flex:1;text-align:center;background:#ffffffb0;border-radius:8px;
padding:.4rem;font-weight:600;color:#2a6f9e}img{max-width:100%;border-radius:10px}.file{font-weight:600}
"""


def drawn(call: Call) -> str:
    """One call as a message."""
    given = call.given
    words = str(given.get("text") or given.get("caption") or "")
    kind = {"sendPhoto": "photo", "sendDocument": "document"}.get(call.method)
    head = ""
    if kind == "photo":
        head = f'<img alt="" src="data:image/png;base64,{base64.b64encode(given["photo"]).decode()}">'
    elif kind == "document":
        head = f"<div class=file>📄 {html.escape(given.names['document'])}</div>"  # type: ignore[attr-defined]
    edited = "<div class=note>edited to</div>" if call.method == "editMessageText" else ""
    return f"{edited}<div class=bot>{head}{words}</div>{''.join(map(_row, _keys(given)))}"


def _keys(given: Any) -> Iterable[list[dict[str, Any]]]:
    raw = given.get("reply_markup") or "{}"
    markup = json.loads(raw) if isinstance(raw, str) else raw
    return markup.get("inline_keyboard", ())


def _row(buttons: list[dict[str, Any]]) -> str:
    keys = "".join(f"<span>{html.escape(one['text'])}</span>" for one in buttons)
    return f"<div class=key>{keys}</div>"


async def heard(api: BotApi, person: Person, text: str) -> str:
    """What somebody says, and all that is shown for it."""
    before = len(api.calls)
    await person.ask(text)
    await asyncio.sleep(1.5)
    shown = "".join(drawn(call) for call in api.calls[before:] if call.method in SHOWN)
    return f"<div class=me>{html.escape(text)}</div>{shown}"


async def conversation(shop: Shop) -> str:
    """What Anna says, a press, a stranger, a group."""
    anna, api = shop.person(ANNA), shop.api
    parts = ["<h2>In a chat</h2>", *[await heard(api, anna, text) for text in SAID]]
    before = len(api.calls)
    await anna.pressed(anna.shown()[-1], "Undo")
    await asyncio.sleep(0.5)
    parts.append("<div class=note>… after a press on Undo:</div>")
    parts += [drawn(call) for call in api.calls[before:] if call.method in SHOWN]
    parts += ["<h2>Somebody whom no code made known</h2>", await heard(api, shop.person(STRANGER), SAID[0])]
    group = shop.person(ANNA, GROUP)
    return "".join(
        [*parts, "<h2>In a group</h2>", await heard(api, group, "@quartermaster_bot what's on order?")]
    )


async def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        store = tiny_shop(open_store(f"sqlite:///{folder}/books.db", clock=lambda: NOW))
        draft = DraftOrder("ACME", (OrderLine(BLUE, Decimal(12), "HIGH"),), expected_on=NOW.date())
        store.apply(draft, Actor("Anna Bell", "test"), request_id="draft", at=NOW)
        house = AssistantHouse(store, Parser.load(default_cache()), lambda: NOW)
        api = BotApi()
        async with serving(api) as url:
            door = Telegram(house, Address(TOKEN, url, "", "hush-hush"), Path(folder))
            await door.start()
            body = await conversation(Shop(house, api, url, Path(folder), door))
            await door.stop()
        store.close()
    start = '<!doctype html><html lang="en"><meta charset="utf-8"><title>On Telegram</title>'
    page = f"{start}<style>{STYLE}</style><h1>What Telegram is sent</h1>{body}</html>\n"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())

"""Draw what Slack is sent, for people to look at: ``python -m tests.chat.slack.preview`` writes docs/slack.html.

The payloads are those of a real conversation with the tiny shop through the stand-in; only the look is ours.
"""

from __future__ import annotations

import asyncio
import base64
import html
import re
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.house import AssistantHouse
from connectors.chat.slack import SlackConfig, open_slack
from connectors.chat.slack.forms import COUNT
from intents.model_files import default_cache
from intents.parser import Parser
from tests.chat.slack.people import Person, Slack
from tests.chat.slack.server import SlackServer
from tests.shop import BLUE, NOW, tiny_shop
from tools.store import Actor, open_store
from tools.store.buying_changes import DraftOrder, OrderLine

PAGE = Path(__file__).parents[3] / "docs" / "slack.html"
SAID = (
    "how many red mugs left?",
    "what's running low?",
    "how many red mugs did we sell in the last 14 days?",
    "received 300 MUG-RED-350 from Acme in the warehouse",
    "sold 2 blue mugs at high street",
)
STYLE = """
body{font:15px/1.46 Lato,"Helvetica Neue",Arial,sans-serif;color:#1d1c1d;background:#fff;margin:2rem auto;
max-width:46rem;padding:0 1rem}h2{margin-top:2.5rem}.who{font-weight:900;margin:1.2rem 0 .1rem}
.app{border-left:3px solid #ddd;padding:.2rem 0 .4rem .8rem}pre{background:#f6f6f6;border:1px solid #ddd;
border-radius:4px;padding:.6rem;overflow:auto}table{border-collapse:collapse;margin:.4rem 0}
td{border:1px solid #ddd;padding:.25rem .6rem}tr:first-child td{font-weight:700;background:#f8f8f8}
.right{text-align:right}.context{color:#616061;font-size:13px;margin:.3rem 0}.header{font-size:18px;
font-weight:900;margin:.9rem 0 .3rem}.button{display:inline-block;border:1px solid #bbb;border-radius:4px;
padding:.2rem .7rem;margin:.2rem .4rem .2rem 0;font-weight:700;font-size:14px}.primary{background:#007a5a;
border-color:#007a5a;color:#fff}.danger{background:#e01e5a;border-color:#e01e5a;color:#fff}
img{max-width:22rem;border:1px solid #ddd;border-radius:6px}.row{display:flex;gap:1rem;
justify-content:space-between}.field{border:1px solid #bbb;border-radius:4px;padding:.3rem .6rem;
color:#777;margin:.2rem 0 .7rem}p{margin:.3rem 0;white-space:pre-line}
"""


def drawn(block: dict[str, Any]) -> str:
    """One block as Slack would show it, roughly."""
    kind = block["type"]
    if kind == "table":
        return _table(block)
    if kind == "actions":
        return "".join(map(_button, block["elements"]))
    if kind == "divider":
        return "<hr>"
    if kind == "input":
        return f"<b>{block['label']['text']}</b><div class=field>{block['element']['type']}</div>"
    words = block["elements"][0] if kind == "context" else block["text"]
    said = _words(words["text"]) if words["type"] == "mrkdwn" else html.escape(words["text"])
    side = _button(block["accessory"]) if "accessory" in block else ""
    return f'<div class="{kind} row"><div><p>{said}</p></div><div>{side}</div></div>'


def _words(text: str) -> str:
    """Slack's own markup; what is escaped in it stays so."""
    text = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"```\n?(.*?)\n?```", r"<pre>\1</pre>", text, flags=re.DOTALL)
    return re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"<b>\1</b>", text)


def _table(block: dict[str, Any]) -> str:
    sides = ["right" if one.get("align") == "right" else "" for one in block["column_settings"]]
    rows = (
        "".join(
            f'<td class="{side}">{html.escape(cell["text"])}</td>'
            for side, cell in zip(sides, row, strict=True)
        )
        for row in block["rows"]
    )
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def _button(element: dict[str, Any]) -> str:
    return f'<span class="button {element.get("style", "")}">{html.escape(element["text"]["text"])}</span>'


def message(who: str, blocks: list[dict[str, Any]]) -> str:
    """One message."""
    return f"<div class=who>{who}</div><div class=app>{''.join(map(drawn, blocks))}</div>"


async def conversation(slack: Slack) -> str:
    """What Anna says, and what is shown to her."""
    anna, parts = slack.person("U0ANNA"), ["<h2>In a chat</h2>"]
    for text in SAID:
        before = len(slack.server.of("files.completeUploadExternal"))
        shown = await anna.says(text)
        parts += [f"<div class=who>Anna Bell</div><p>{html.escape(text)}</p>"]
        parts.append(message("Quartermaster", shown["blocks"]))
        for upload in slack.server.of("files.completeUploadExternal")[before:]:
            picture = base64.b64encode(slack.server.files[upload["files"][0]["id"]]).decode()
            parts.append(f'<img alt="" src="data:image/png;base64,{picture}">')
    await anna.presses("Undo", shown)
    parts += ["<p><i>… after a press on Undo:</i></p>", message("Quartermaster", shown["blocks"])]
    return "".join(parts + await _views(slack, anna))


async def _views(slack: Slack, anna: Person) -> list[str]:
    home = await anna.opens_home()
    await anna.shortcut(COUNT)
    form = slack.server.of("views.open")[-1]["view"]
    stranger = await slack.person("U0WHO").says("how many red mugs left?")
    return [
        "<h2>App Home</h2>",
        message("", home["blocks"]),
        "<h2>The shortcut Count stock</h2>",
        message("", form["blocks"]),
        "<h2>Somebody whom no code made known</h2>",
        message("Quartermaster", [{"type": "section", "text": {"type": "mrkdwn", "text": stranger["text"]}}]),
    ]


async def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        store = tiny_shop(open_store(f"sqlite:///{folder}/books.db", clock=lambda: NOW))
        draft = DraftOrder("ACME", (OrderLine(BLUE, Decimal(12), "HIGH"),), expected_on=NOW.date())
        store.apply(draft, Actor("Anna Bell", "test"), request_id="draft", at=NOW)
        house = AssistantHouse(store, Parser.load(default_cache()), lambda: NOW)
        server = await SlackServer().start()
        config = SlackConfig(bot_token="xoxb-home", app_token="xapp-1", api_url=server.api)
        channel = open_slack(house, config)
        await channel.start()
        await server.connected()
        body = await conversation(Slack(server, channel, house))
        await channel.stop()
        await server.stop()
        store.close()
    head = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>In Slack</title><style>{STYLE}</style>'
    )
    PAGE.write_text(f"{head}<h1>What Slack is sent</h1>{body}</html>\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())

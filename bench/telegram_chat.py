"""The Telegram door, run as people run it: ``quartermaster serve`` against a stand-in for the Bot API over HTTP.

Needs the fixture shop and the Bot API as data (public, not in this project); stops politely without them.
``--only questions,effects,mutated,secrets,latency`` runs parts; ``--mutated 500`` runs fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import httpx
from aiohttp import web
from answers import NOW, QUESTIONS, SHOP
from served import ROOT, SHARED, command, need, percentile
from telegram_mutations import mutated
from telegram_spec import Spec

sys.path.insert(0, str(ROOT))
from connectors.chat.telegram.spans import clean
from tests.chat.telegram.people import Person, until
from tests.chat.telegram.server import TOKEN, BotApi
from tools.store import Store, open_store

# A manager: alerts go to owners by default, and would stand among the answers.
BEN = 510022302
API_DATA = SHARED / "data" / "chat" / "telegram-bot-api.json"
SECRET = "a-secret-of-the-bench-0123456789"  # noqa: S105
HOOK = "/telegram/webhook"
LAST_ANSWERS = 60
SKU, PLACE = "MUG-RED-350", "WH"


@dataclass
class App:
    """A served shop."""

    client: httpx.AsyncClient
    process: subprocess.Popen[bytes]

    @property
    def cpu(self) -> float:
        """CPU seconds so far (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Bench:
    """What all parts share."""

    api: BotApi
    address: str
    data: Path
    store: Store

    @contextlib.asynccontextmanager
    async def app(self, **settings: str) -> AsyncIterator[App]:
        """``quartermaster serve`` with Telegram configured; its log goes to a file."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        words = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
        with (self.data / "log").open("ab") as log:
            process = self._started(words, log, settings)
        heard = self._heard_of()
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                await until(lambda: self._heard_of() > heard, seconds=300)
                yield App(client, process)
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)

    def _heard_of(self) -> int:
        return len(self.api.called("getUpdates")) + len(self.api.called("setWebhook"))

    def _started(self, words: list[str], log: IO[bytes], settings: dict[str, str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            words, env=self._environment(settings), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log
        )

    def _environment(self, settings: dict[str, str]) -> dict[str, str]:
        return {
            **os.environ,
            "QUARTERMASTER_DATABASE_URL": f"sqlite:///{self.data / 'shop.db'}",
            "QUARTERMASTER_DATA": str(self.data),
            "QUARTERMASTER_NOW": NOW,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.address,
            **settings,
        }

    def on_hand(self) -> Decimal:
        """What the books say of the product that is broken again and again."""
        levels = self.store.stock.levels([SKU], locations=[PLACE], today=self.store.clock().date())
        return sum((level.on_hand for level in levels), Decimal(0))


async def questions(bench: Bench) -> None:
    """The same questions in the same order through both doors."""
    same = 0
    async with bench.app() as app:
        ben = Person(bench.api, BEN)
        for question, _ in QUESTIONS:
            body = {"conversation": "bench", "user": "Ben Okafor", "text": question}
            told = (await app.client.post("/api/v1/messages", json=body)).json()["text"]
            shown = await asked(bench, ben, question)
            same += shown.startswith(" ".join(clean(told).split()))
            if not shown.startswith(" ".join(clean(told).split())):
                print(f"  DIFFERENT {question!r}:\n    web      {told!r}\n    telegram {shown!r}")
    print(f"{same} of {len(QUESTIONS)} questions answered alike through the web and the Bot API")


async def asked(bench: Bench, person: Person, question: str) -> str:
    """All that is shown for a question, in one line."""
    before = len(person.shown())
    person.say(question)
    await until(lambda: len(person.shown()) > before)
    await until(lambda: not bench.api.updates)
    person._read = len(person.shown())
    return " ".join(" ".join(message.get("text", "") for message in person.shown()[before:]).split())


async def effects(bench: Bench, times: int = 25) -> None:
    """Redelivered, pressed twice, two at once, after a restart: one effect, the first outcome told."""
    counted: Counter[str] = Counter()
    settled: list[tuple[dict[str, Any], str]] = []
    async with bench.app():
        ben = Person(bench.api, BEN)
        ben._read = len(ben.shown())
        for number in range(times):
            offer, outcome = await once(bench, ben, number, counted)
            settled.append((offer, outcome))
    async with bench.app():
        for offer, outcome in settled:
            before = bench.on_hand()
            toast = await ben.pressed(offer, "Yes")
            counted["press after restart: no effect"] += bench.on_hand() == before
            counted["press after restart: told"] += outcome[:60] in toast["answer"]
    for what, right in counted.items():
        print(f"{what}: {right} of {times}")


async def once(bench: Bench, ben: Person, number: int, counted: Counter[str]) -> tuple[dict[str, Any], str]:
    """One round of all; the offer that was settled and what was told."""
    before = bench.on_hand()
    said = ben.say(f"received {number + 1} {SKU} at the warehouse")
    told = await ben.answer()
    counted["redelivered: one effect"] += await brought_again(bench, said, before) == number + 1
    counted["redelivered: nothing said twice"] += ben.shown()[-1] == told
    offer = dict(await ben.ask(f"we broke 1 {SKU} at the warehouse, maybe"))
    before = bench.on_hand()
    presses = [ben.press(offer, "Yes"), ben.press(offer, "Yes"), ben.press(offer, "No")]
    await until(lambda: all("answer" in ben.toast(press) for press in presses))
    outcome = (await ben.answer())["text"]
    counted["two at once: one effect"] += before - bench.on_hand() == 1
    counted["double press: first outcome in the toast"] += outcome[:60] in ben.toast(presses[1])["answer"]
    counted["the other button: first outcome in the toast"] += outcome[:60] in ben.toast(presses[2])["answer"]
    edited = bench.api.messages[BEN, offer["message_id"]]
    counted["buttons replaced by who and when"] += (
        "reply_markup" not in edited and "Ben Okafor, " in edited["text"]
    )
    return offer, outcome


async def brought_again(bench: Bench, said: dict[str, Any], before: Decimal) -> Decimal:
    for _ in range(3):
        bench.api.again(said)
        await until(lambda: said not in bench.api.updates)
    return bench.on_hand() - before


async def broken(bench: Bench, count: int) -> None:
    """Mutated updates by long polling."""
    books = state(bench.store)
    log = bench.data / "log"
    start = log.stat().st_size if log.exists() else 0
    async with bench.app() as app:
        began, cpu = time.perf_counter(), app.cpu
        for update in mutated(count, BEN):
            bench.api.updates.append({**update, "update_id": next(bench.api.numbers)})
        while bench.api.updates:
            await asyncio.sleep(0.5)
            if time.perf_counter() - began > 3600:
                break
        left = len(bench.api.updates)
        alive = bool(await asked(bench, Person(bench.api, BEN), "how many red mugs left?"))
        print(
            f"{count} mutated updates in {time.perf_counter() - began:.0f} s ({app.cpu - cpu:.0f} CPU-s), {left} left"
        )
    lines = log.read_bytes()[start:].decode(errors="replace").splitlines()
    plain, events = [], Counter()
    for line in lines:
        try:
            events[json.loads(line)["event"]] += 1
        except (ValueError, KeyError):
            plain.append(line)
    print(f"  still answers: {alive}; logged: {dict(events.most_common(8))}")
    print(f"  lines that are no log lines (an exception nobody logged): {len(plain)} {plain[:3]}")
    print(f"  effect on the books: {'none' if state(bench.store) == books else 'CHANGED'}")


def state(store: Store) -> tuple[Any, ...]:
    return (store.stock.position(), len(store.imports.past(1000)))


async def secrets(bench: Bench, count: int = 1000) -> None:
    """Webhook calls with secrets that are wrong, missing, or one bit off."""
    hook = {"TELEGRAM_WEBHOOK_URL": f"https://shop.example{HOOK}", "TELEGRAM_WEBHOOK_SECRET": SECRET}
    who, chat = {"id": BEN, "is_bot": False, "first_name": "Ben"}, {"id": BEN, "type": "private"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": who, "text": "hello"}
    update = {"update_id": 1, "message": message}
    async with bench.app(**hook) as app:
        shown = len(Person(bench.api, BEN).shown())
        tried = {
            "wrong": [f"{number:064x}" for number in range(count)],
            "missing": [None] * count,
            "bit-flipped": [flipped(number) for number in range(count)],
        }
        for kind, given in tried.items():
            answers: Counter[int] = Counter()
            for secret in given:
                headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
                answers[(await app.client.post(HOOK, json=update, headers=headers)).status_code] += 1
            print(f"webhook secrets {kind}: {answers[403]} of {count} refused")
        good = await app.client.post(HOOK, json=update, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        said = len(Person(bench.api, BEN).shown()) - shown
        print(f"  the right one: {good.status_code}; messages sent in all: {said}")
    bench.api.webhook = {}


def flipped(number: int) -> str:
    raw = bytearray(SECRET.encode())
    raw[number % len(raw)] ^= 1 << (number // len(raw) % 7)
    text = raw.decode("latin-1")
    return text if text.isprintable() else f"{text.encode().hex()}"


async def latency(bench: Bench, seconds: int = 20, rate: int = 20) -> None:
    """Updates at an even pace from twenty groups; from each update to the message that answers it."""
    log = bench.data / "log"
    start = log.stat().st_size if log.exists() else 0
    async with bench.app(QUARTERMASTER_LOG_LEVEL="INFO") as app:
        people = [Person(bench.api, BEN, chat=-2000 - number) for number in range(rate)]
        for person in people:
            await person.ask("@quartermaster_bot how many bananas left")
        done, cpu, began = len(bench.api.calls), app.cpu, time.perf_counter()
        sent: dict[int, float] = {}
        for number in range(seconds * rate):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            update = people[number % rate].say(f"@quartermaster_bot {QUESTIONS[number % len(QUESTIONS)][0]}")
            sent[update["message"]["message_id"]] = time.monotonic()
        for _ in range(LAST_ANSWERS):
            if len(answered(bench, done)) < len(sent):
                await asyncio.sleep(1)
        spent, told = app.cpu - cpu, answered(bench, done)
    took = [told[number] - at for number, at in sent.items() if number in told]
    print(
        f"{len(sent)} updates at {rate} a second: answer after {percentile(took, 0.5) * 1000:.0f} ms (median), "
        f"{percentile(took, 0.95) * 1000:.0f} ms (95 %), {percentile(took, 0.99) * 1000:.0f} ms (99 %), "
        f"{max(took) * 1000:.0f} ms (longest), {len(sent) - len(took)} unanswered; "
        f"{percentile(turns_in(log, start), 0.5):.0f} ms of the median in the turn itself; "
        f"{spent / len(sent) * 1000:.0f} CPU-ms each; load of the machine {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    )


def turns_in(log: Path, start: int) -> list[float]:
    """How long the house took for each turn, in milliseconds, by its own log."""
    lines = log.read_bytes()[start:].decode(errors="replace").splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    return [float(line["milliseconds"]) for line in told if line.get("event") == "turn"] or [0.0]


def answered(bench: Bench, since: int) -> dict[int, float]:
    """When each message of a group got the message that is shown as its answer."""
    calls = [call for call in bench.api.calls[since:] if "reply_parameters" in call.given]
    return {json.loads(call.given["reply_parameters"])["message_id"]: call.at for call in reversed(calls)}


async def main() -> None:
    """All parts, one after the other."""
    need(SHOP)
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)  # what a stopped app leaves half said
    options = argparse.ArgumentParser()
    options.add_argument("--only", default="questions,effects,mutated,secrets,latency")
    options.add_argument("--mutated", type=int, default=10_000)
    chosen = options.parse_args()
    parts = {
        "questions": questions, "effects": effects, "secrets": secrets, "latency": latency,
        "mutated": lambda bench: broken(bench, chosen.mutated),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        command("import", str(SHOP), data=data, now=NOW)
        api = BotApi()
        runner = web.AppRunner(api.app(), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = "http://{}:{}".format(*runner.addresses[0][:2])
        bench = Bench(api, address, data, open_store(f"sqlite:///{data / 'shop.db'}"))
        for name in chosen.only.split(","):
            await parts[name](bench)
        bench.store.close()
        await runner.cleanup()
    report(api)


def report(api: BotApi) -> None:
    """What was wrong with the calls."""
    methods = Counter(call.method for call in api.calls)
    print(f"calls: {dict(methods.most_common())}")
    print(
        f"wrong by our table: {len(api.wrong)} {api.wrong[:3]}; refused as bad: {Counter(api.refused).most_common(4)}"
    )
    if not API_DATA.exists():
        print("The Bot API as data is not here; the calls were checked against our own table only.")
        return
    spec = Spec(API_DATA)
    faults = [fault for call in api.calls for fault in spec.faults(call.method, call.given)]
    print(f"wrong by {spec.version}: {len(faults)} of {len(api.calls)} calls {faults[:3]}")


if __name__ == "__main__":
    asyncio.run(main())

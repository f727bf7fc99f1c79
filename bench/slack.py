"""The Slack door, run as people run it: ``quartermaster serve`` against a Slack of our own on loopback.

Needs the fixture shop and Slack's payload shapes (public, not in this project); stops politely without them.
``--only questions,effects,shapes,mutated,signatures,latency,manifests`` runs parts; ``--mutated 500`` fewer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import html
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from answers import NOW, QUESTIONS, SHOP
from served import ROOT, SHARED, command, need, percentile
from slack_mutations import kind_of, mutated, own_payloads, shapes
from slack_requests import SECRET, Log, signed

sys.path.insert(0, str(ROOT))
from tests.chat.slack.people import Person, Slack, buttons_of, until, words_of
from tests.chat.slack.server import SlackServer
from tools.store import Store, open_store

BEN, NOBODY = "U04BENOK22", "U0NOBODY99"
SHAPES = SHARED / "data" / "chat" / "slack-payload-shapes.jsonl"
SCHEMA = SHARED / "data" / "chat" / "slack-manifest.schema.2.0.0.json"
SKU, PLACE = "MUG-RED-350", "WH"


@dataclass
class Bench:
    """What all parts share."""

    server: SlackServer
    data: Path
    store: Store

    @contextlib.asynccontextmanager
    async def app(self, **settings: str) -> AsyncIterator[httpx.AsyncClient]:
        """``quartermaster serve`` with Slack configured; its log goes to a file."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.server._connected.clear()
        settings = settings or {"SLACK_APP_TOKEN": "xapp-1"}
        words = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
        environment = {**self.environment(), "SLACK_BOT_TOKEN": "xoxb-home", "SLACK_API_URL": self.server.api}
        with (self.data / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: ASYNC220 - it takes a moment and nobody waits
                words, env={**environment, **settings}, cwd=ROOT, stdout=log, stderr=log
            )
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                if "SLACK_APP_TOKEN" in settings:
                    await self.server.connected(300)
                else:
                    await _served(client)
                yield client
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)

    def environment(self) -> dict[str, str]:
        """What commands and the server find their shop by."""
        return {
            **os.environ,
            "QUARTERMASTER_DATABASE_URL": f"sqlite:///{self.data / 'shop.db'}",
            "QUARTERMASTER_DATA": str(self.data),
            "QUARTERMASTER_NOW": NOW,
        }

    def person(self, user: str) -> Person:
        """Somebody with this Slack id."""
        return Person(Slack(self.server, None, None), user)  # type: ignore[arg-type]

    def on_hand(self) -> Decimal:
        """What the books say of the product that is broken again and again."""
        levels = self.store.stock.levels([SKU], locations=[PLACE], today=self.store.clock().date())
        return sum((level.on_hand for level in levels), Decimal(0))

    def state(self) -> tuple[int, int]:
        """What any effect on the books would change."""
        return self.store.stock.position(), len(self.store.imports.past(1_000))

    async def asked(self, person: Person, text: str) -> dict[str, Any]:
        """Say it, and wait for the message that answers in its thread."""
        said = person.message(text)
        await self.server.deliver("events_api", said, seconds=60)
        return await self.shown(said["event"]["ts"])

    def told(self, message: dict[str, Any]) -> list[str]:
        """What was said in a message's thread, by all calls so far."""
        posts = self.server.of("chat.postMessage")
        return [
            _even(html.unescape(one["text"])) for one in posts if one.get("thread_ts") == message["thread_ts"]
        ]

    async def shown(self, thread: str) -> dict[str, Any]:
        """The first message of a thread, as soon as it is there."""
        await until(lambda: bool(self.in_thread(thread)), 60)
        return self.in_thread(thread)[0]

    def in_thread(self, thread: str) -> list[dict[str, Any]]:
        """What the app showed in a thread; what is streamed counts when it is whole."""
        messages = self.server.messages.values()
        return [one for one in messages if one.get("thread_ts") == thread and one.get("blocks")]


async def _served(client: httpx.AsyncClient) -> None:
    for _ in range(1_200):
        with contextlib.suppress(httpx.TransportError):
            if (await client.get("/healthz")).status_code == 200:
                return
        await asyncio.sleep(0.1)
    raise SystemExit("the server did not come up")


async def questions(bench: Bench) -> None:
    """The same questions in the same order through both doors."""
    same = 0
    async with bench.app() as client:
        ben = bench.person(BEN)
        for question, _ in QUESTIONS:
            body = {"conversation": "bench", "user": "Ben Okafor", "text": question}
            told = (await client.post("/api/v1/messages", json=body)).json()["text"]
            said = html.unescape(words_of(await bench.asked(ben, question)))
            alike = all(_even(line) in _even(said) for line in told.splitlines())
            same += alike
            if not alike:
                print(f"  DIFFERENT {question!r}:\n    web   {told!r}\n    slack {said!r}")
    print(f"{same} of {len(QUESTIONS)} questions answered alike through the web and Slack")


def _even(text: str) -> str:
    return " ".join(text.split())


async def effects(bench: Bench, times: int = 25) -> None:
    """Redelivered, pressed twice, two at once, after a restart: one effect, the first outcome told."""
    counted: Counter[str] = Counter()
    settled: list[tuple[dict[str, Any], str]] = []
    ben = bench.person(BEN)
    async with bench.app():
        settled.extend([await _once(bench, ben, number, counted) for number in range(times)])
    async with bench.app():
        for offer, outcome in settled:
            before, posts = bench.on_hand(), len(bench.told(offer))
            await bench.server.deliver("interactive", ben.pressing("Yes", offer), seconds=60)
            await until(lambda: len(bench.told(offer)) > posts, 60)  # noqa: B023
            told = bench.told(offer)[-1]
            counted["press after restart: no effect"] += bench.on_hand() == before
            counted["press after restart: first outcome told"] += outcome in told
    for what, right in counted.items():
        print(f"{what}: {right} of {times}")


async def _once(bench: Bench, ben: Person, number: int, counted: Counter[str]) -> tuple[dict[str, Any], str]:
    """One round of all; the offer that was settled and what was told."""
    before, server = bench.on_hand(), bench.server
    said = ben.message(f"received {number + 1} {SKU} at the warehouse")
    for retry in range(3):
        await server.deliver("events_api", said, retry=retry, seconds=60)
    await bench.shown(said["event"]["ts"])
    await asyncio.sleep(0.2)
    counted["redelivered: one effect"] += bench.on_hand() - before == number + 1
    counted["redelivered: answered once"] += len(bench.in_thread(said["event"]["ts"])) == 1
    offer = json.loads(json.dumps(await bench.asked(ben, f"we broke 1 {SKU} at the warehouse, maybe")))
    before, updates = bench.on_hand(), len(server.of("chat.update"))
    press = ben.pressing("Yes", offer)
    presses = [press, press, ben.pressing("Yes", offer), ben.pressing("No", offer)]
    posts = len(bench.told(offer))
    await asyncio.gather(*(server.deliver("interactive", one, seconds=60) for one in presses))
    await until(lambda: len(server.of("chat.update")) > updates, 60)
    await until(lambda: len(bench.told(offer)) >= posts + 2, 60)
    await asyncio.sleep(0.2)
    settled = server.messages[offer["channel"], offer["ts"]]
    told = bench.told(offer)[posts:]
    outcome = told[0].split(": ", 1)[-1][:50]
    counted["two presses at once: one effect"] += before - bench.on_hand() == 1
    counted["double press and the other button: first outcome told"] += all(outcome in one for one in told)
    counted["a press that is redelivered says nothing more"] += len(told) == 2
    words = words_of(settled)
    yes_no = [one for one in buttons_of(settled) if one["text"]["text"] in ("Yes", "No")]
    counted["the message says who did what and when"] += (
        "Ben Okafor" in words and "<!date" in words and not yes_no
    )
    return offer, outcome


async def shapes_(bench: Bench) -> None:
    """The official shapes, over the socket and over signed HTTP."""
    known, books = shapes(SHAPES), bench.state()
    log = Log(bench.data / "log")
    async with bench.app():
        acked = sum([await _acked(bench, kind_of(payload), payload) for payload in known])
        await asyncio.sleep(1)
    statuses: Counter[int] = Counter()
    async with bench.app(SLACK_SIGNING_SECRET=SECRET) as client:
        for payload in known:
            statuses[(await signed(client, payload)).status_code] += 1
    print(f"{acked} of {len(known)} payload shapes acknowledged over the socket; over HTTP: {dict(statuses)}")
    log.tell(bench.state() == books)


async def _acked(bench: Bench, kind: str, payload: Any) -> bool:
    try:
        await bench.server.deliver(kind, payload, seconds=30)
    except TimeoutError:
        print(f"  NOT acknowledged: {kind} {str(payload)[:200]}")
        return False
    return True


async def broken(bench: Bench, count: int) -> None:
    """Mutated envelopes of all kinds, from somebody known and somebody not."""
    books, log = bench.state(), Log(bench.data / "log")
    seeds = [
        *shapes(SHAPES),
        *own_payloads(bench.person(BEN)),
        *own_payloads(bench.person(NOBODY)),
    ] + own_payloads(bench.person(BEN)) * 5
    began, good, sent = time.perf_counter(), 0, 0
    async with bench.app():
        some: list[tuple[str, Any]] = []
        for one in mutated(count, seeds):
            some.append(one)
            if len(some) == 50:
                good, sent, some = good + await _all_acked(bench, some), sent + len(some), []
        good, sent = good + await _all_acked(bench, some), sent + len(some)
        answer = words_of(await bench.asked(bench.person(BEN), "how many bananas left"))
    print(
        f"{good} of {sent} mutated envelopes acknowledged in {time.perf_counter() - began:.0f} s; then: {answer[:60]!r}"
    )
    log.tell(bench.state() == books)


async def _all_acked(bench: Bench, some: Iterable[tuple[str, Any]]) -> int:
    return sum(await asyncio.gather(*(_acked(bench, kind, payload) for kind, payload in some)))


async def signatures(bench: Bench, count: int = 1_000) -> None:
    """Requests that Slack did not sign, or that came before: none may have an effect."""
    books, posts = bench.state(), len(bench.server.of("chat.postMessage"))
    ben = bench.person(BEN)
    sale = ben.message(f"received 1 {SKU} at the warehouse")
    async with bench.app(SLACK_SIGNING_SECRET=SECRET) as client:
        tried = {
            "wrong": [{"secret": f"{SECRET}{n}"} for n in range(count)],
            "missing": [
                {"leave_out": ("x-slack-signature", "x-slack-request-timestamp")[n % 2]} for n in range(count)
            ],
            "stale": [{"late": (1 if n % 2 else -1) * (330 + n)} for n in range(count)],
            "bit-flipped": [{"flip": n} for n in range(count)],
        }
        for kind, ways in tried.items():
            answers = Counter([(await signed(client, sale, **way)).status_code for way in ways])
            print(f"signatures {kind}: {answers[401]} of {count} refused")
        question = ben.message("how many bananas left")
        stamp = time.time()
        first = await signed(client, question, at=stamp)
        again = Counter([(await signed(client, question, at=stamp)).status_code for _ in range(count)])
        print(f"signatures replayed: {again[401]} of {count} refused (the first: {first.status_code})")
        await bench.shown(question["event"]["ts"])
    said = len(bench.server.of("chat.postMessage")) - posts
    print(
        f"  effect on the books: {'none' if bench.state() == books else 'CHANGED'}; messages shown: {said} (1 was right)"
    )


async def latency(bench: Bench, seconds: int = 40, rate: int = 20) -> None:
    """How long Slack waits for its acknowledgement while a forecast and imports run."""
    async with bench.app():
        people = [bench.person(user) for user in (BEN, "U04ANNA7B1", "U05PRIYA9K", "U05TOMWH31")]
        await bench.asked(people[0], "how many bananas left")
        stop = asyncio.Event()
        own = asyncio.ensure_future(_own_lag(stop))
        others = [
            asyncio.ensure_future(_run_on(bench, stop, words))
            for words in (["replan"], ["import", str(SHOP)])
        ]
        await asyncio.sleep(1)
        began, sent = time.perf_counter(), []
        for number in range(seconds * rate):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            question = QUESTIONS[number % len(QUESTIONS)][0]
            payload = people[number % len(people)].mention(question, f"C0SHOP{number % 10}")
            sent.append(asyncio.ensure_future(bench.server.deliver("events_api", payload, seconds=60)))
        acks = await asyncio.gather(*sent, return_exceptions=True)
        stop.set()
        ran, lag = await asyncio.gather(*others), await own
        took = [ack.seconds for ack in acks if not isinstance(ack, BaseException)]
    millis = {share: round(percentile(took, share) * 1_000) for share in (0.5, 0.95, 0.99)}
    print(
        f"{len(took)} of {len(acks)} events at {rate} a second acknowledged after {millis[0.5]} ms (median), "
        f"{millis[0.95]} ms (95 %), {millis[0.99]} ms (99 %), {max(took) * 1_000:.0f} ms (longest) "
        f"beside {ran[0]} forecasts and {ran[1]} imports; of that this measuring process itself was late by "
        f"{percentile(lag, 0.5) * 1_000:.0f} ms (median), {percentile(lag, 0.99) * 1_000:.0f} ms (99 %); load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores"
    )


async def _own_lag(stop: asyncio.Event) -> list[float]:
    """By how much this process is woken too late, again and again."""
    late: list[float] = []
    while not stop.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.01)
        late.append(time.perf_counter() - began - 0.01)
    return late


async def _run_on(bench: Bench, stop: asyncio.Event, words: list[str]) -> int:
    """Run a command again and again until told to stop; how often it was begun."""
    begun = 0
    while not stop.is_set():
        begun += 1
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "assistant", *words, env=bench.environment(), cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        waits = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        if process.returncode is None:
            process.terminate()
            await process.wait()
    return begun


async def manifests(_bench: Bench) -> None:
    """Both manifests against Slack's own schema."""
    import jsonschema

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    checker = jsonschema.validators.validator_for(schema)(schema)
    for name in ("socket", "http"):
        path = ROOT / "connectors" / "chat" / "slack" / f"manifest.{name}.json"
        faults = list(checker.iter_errors(json.loads(path.read_text(encoding="utf-8"))))
        print(
            f"manifest.{name}.json: {len(faults)} faults by Slack's schema {[fault.message for fault in faults[:3]]}"
        )


async def main() -> None:
    """All parts, one after the other."""
    for path in (SHOP, SHAPES, SCHEMA):
        need(path)
    random.seed(5)
    options = argparse.ArgumentParser()
    options.add_argument("--only", default="manifests,questions,effects,shapes,mutated,signatures,latency")
    options.add_argument("--mutated", type=int, default=10_000)
    chosen = options.parse_args()
    parts = {
        "questions": questions, "effects": effects, "shapes": shapes_, "signatures": signatures,
        "latency": latency, "manifests": manifests, "mutated": lambda bench: broken(bench, chosen.mutated),
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        command("import", str(SHOP), data=data, now=NOW)
        server = await SlackServer().start()
        bench = Bench(server, data, open_store(f"sqlite:///{data / 'shop.db'}"))
        for name in chosen.only.split(","):
            await parts[name](bench)
        bench.store.close()
        await server.stop()
    print(f"calls of the Web API: {dict(Counter(call.method for call in server.calls).most_common())}")
    print(f"payloads that Slack's models refuse: {len(server.problems)} {server.problems[:3]}")


if __name__ == "__main__":
    asyncio.run(main())

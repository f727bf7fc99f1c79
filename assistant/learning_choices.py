"""What is learned from how people answer: the product that was meant, the reading that was right.

Only answers that people gave are counted, and a choice only once the change was made with it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.memory import Recall
from assistant.turn import Turn
from intents.model_files import content_key
from intents.parser import Parser
from intents.taught import PRODUCT, key_of
from intents.understanding import Request
from tools.kit import Button, Call, Parse, Refused, Reply, Result, Tool, Unclear, all_tools
from tools.store import Actor, Store
from tools.store.learned import CHOSEN, TIMES_ENOUGH, LearnedName, Meaning

ALWAYS_ASK = "Ask me every time"
# What of a request says more about a person than its words do; it is not kept.
_PERSONAL = frozenset({"customer", "order", "text", "intent", "confirmed"})
_LONGEST = 60


def actor_of(turn: Turn) -> Actor:
    """Who says it, for the audit."""
    message, user = turn.message, turn.ask.user
    return Actor(user.name, message.channel, user.id, message.conversation, message.event_id)


def noted(turn: Turn, **changes: Any) -> None:
    """Remember (or with None forget) what may be learned from what is said next."""
    kept = {name: value for name, value in {**turn.recall.learning, **changes}.items() if value is not None}
    turn.recall = dataclasses.replace(turn.recall, learning=kept)


class Choices:
    """Counts answers to "which milk?" and takes what was answered the same twice."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def heard(self, turn: Turn, request: Request) -> None:
        """A new request: the words that may have to be asked about, and who could answer."""
        tool = all_tools().get(request.parse.intent)
        noted(turn, followed=request.follows or None)
        if request.follows or tool is None or tool.intent.startswith("meta."):
            return
        said = request.mentions.get("products")
        open_words = said is not None and said.how != "memory" and len(said.candidates) > 1
        asked = None
        if tool.writes and said is not None and open_words and 0 < len(said.words) <= _LONGEST:
            products = list(said.candidates)
            asked = {"words": said.words, "intent": tool.intent, "products": products}
        noted(turn, asked=asked, rests=None, taken=None)

    def taken(self, turn: Turn, tool: Tool, call: Call, result: Result) -> tuple[Call, Result]:
        """The request with the product that was always chosen for these words, where one was."""
        asked = turn.recall.learning.get("asked")
        if not isinstance(result, Unclear) or result.slot != "products" or not tool.writes or not asked:
            return call, result
        if asked["intent"] != call.intent or sorted(asked["products"]) != sorted(call.slots["products"]):
            return call, result
        known = self._known(asked)
        if known is None:
            return call, result
        settled = Call(call.intent, {**call.slots, "products": [known.code]})
        now = tool.call(turn.ask, settled.slots)
        if isinstance(now, Refused):
            return call, result
        turn.aside = _because(known, turn)
        noted(turn, taken=known.id)
        return settled, now

    def _known(self, asked: Mapping[str, Any]) -> LearnedName | None:
        """What was chosen twice from just these: where something new is on offer, it is asked again."""
        found = (one for one in self._store.learned.called(key_of(asked["words"])) if one.origin == CHOSEN)
        return next((one for one in found if one.counts and one.before == _among(asked)), None)

    def finish(self, turn: Turn, before: Recall) -> None:
        """After a turn: count the answer that a change was made with, or take one back."""
        undone = {reply.data["undone"] for reply in turn.replies if reply.data.get("undone")}
        rests = turn.recall.learning.get("rests")
        if rests and rests["group"] in undone:
            self._store.learned.doubted(key_of(rests["words"]), rests["code"])
            noted(turn, asked=rests, rests=None, taken=None)
        self._made(turn, before)

    def _made(self, turn: Turn, before: Recall) -> None:
        last, asked = turn.recall.last_write, turn.recall.learning.get("asked")
        if last is None or not asked or (before.last_write and before.last_write.group_id == last.group_id):
            return
        chosen = list(last.slots.get("products") or ())
        if last.intent != asked["intent"] or len(chosen) != 1 or chosen[0] not in asked["products"]:
            return
        taken = self._store.learned.get(turn.recall.learning.get("taken") or 0)
        if taken is not None and taken.code == chosen[0]:
            self._store.learned.use([taken.id], turn.ask.now)
        else:
            self._count(turn, asked, chosen[0])
        noted(turn, asked=None, taken=None, rests={**asked, "code": chosen[0], "group": last.group_id})

    def _count(self, turn: Turn, asked: Mapping[str, Any], sku: str) -> None:
        words = asked["words"]
        meaning = Meaning(key_of(words), words, PRODUCT, sku, _among(asked))
        now = self._store.learned.chose(meaning, actor_of(turn), turn.ask.now)
        if now.times == TIMES_ENOUGH and now.counts:
            name = _name(turn, sku)
            text = f"You chose {name} for “{words}” twice, so next time I take it without asking which."
            turn.add(Reply(text, {"learned": now.id}, buttons=(_ask_button(now),)))


def _among(asked: Mapping[str, Any]) -> str:
    return content_key(*sorted(asked["products"]))


def _name(turn: Turn, sku: str) -> str:
    product = turn.ask.catalogue.products.get(sku)
    return product.name if product else sku


def _ask_button(known: LearnedName) -> Button:
    return Button(ALWAYS_ASK, Call("learn.ask", {"id": known.id}))


def _because(known: LearnedName, turn: Turn) -> Any:
    said = f"“{known.words}” → {_name(turn, known.code)}, as you chose before."

    def told(reply: Reply) -> Reply:
        # Beside the answers to a question it would be one more answer, so there it is only said.
        asks = "group" not in reply.data
        way_out = f" (Say “forget {known.words}” to be asked.)" if asks else ""
        buttons = reply.buttons if asks else (*reply.buttons, _ask_button(known))
        return dataclasses.replace(reply, text=f"{said}{way_out} {reply.text}", buttons=buttons)

    return told


class Readings:
    """Keeps messages whose reading somebody picked or said yes to."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def unsure(self, turn: Turn, parser: Parser, readings: Sequence[Parse]) -> None:
        """The message is asked about: these are the readings on offer."""
        offered = {parse.intent: _kept(parse.slots) for parse in readings}
        noted(turn, reading={"text": self._masked(turn, parser), "offered": offered, "fresh": True})

    def picked(self, turn: Turn, intent: str) -> None:
        """One of the readings on offer was picked."""
        reading = turn.recall.learning.get("reading")
        if reading and intent in reading["offered"]:
            slots = reading["offered"][intent]
            self._store.readings.confirm(reading["text"], intent, slots, "picked", turn.ask.now)
            noted(turn, reading=None)

    def finish(self, turn: Turn, parser: Parser, before: Recall) -> None:
        """After a turn: a reading that was said yes to is confirmed; one undone at once is not."""
        self._close(turn)
        agreed = turn.recall.learning.get("agreed")
        undone = {reply.data["undone"] for reply in turn.replies if reply.data.get("undone")}
        if agreed and agreed["group"] in undone:
            self._store.readings.withdraw(agreed["text"], agreed["intent"])
            noted(turn, agreed=None)
        self._agree(turn, before)
        if any(reply.data.get("needs_yes") for reply in turn.replies):
            self._wait(turn, parser)

    def _close(self, turn: Turn) -> None:
        """A question about the reading is open for one turn, and only where it is the only one."""
        reading = turn.recall.learning.get("reading")
        if reading and (not reading["fresh"] or len(turn.parses) > 1):
            noted(turn, reading=None)
        elif reading:
            noted(turn, reading={**reading, "fresh": False})

    def _wait(self, turn: Turn, parser: Parser) -> None:
        if len(turn.parses) == 1 and not turn.recall.learning.get("followed"):
            parse = turn.parses[0]
            waits = {"text": self._masked(turn, parser), "intent": parse.intent, "slots": _kept(parse.slots)}
            noted(turn, waits=waits)

    def _agree(self, turn: Turn, before: Recall) -> None:
        waits, last = turn.recall.learning.get("waits"), turn.recall.last_write
        if not waits:
            return
        made = last and last.group_id != (before.last_write.group_id if before.last_write else "")
        if made and last and last.intent == waits["intent"]:
            text, intent = waits["text"], waits["intent"]
            self._store.readings.confirm(text, intent, waits["slots"], "yes", turn.ask.now)
            noted(turn, agreed={"text": text, "intent": intent, "group": last.group_id})
        if not turn.recall.words.awaiting_yes or made:
            noted(turn, waits=None)

    def _masked(self, turn: Turn, parser: Parser) -> str:
        text, catalogue = turn.message.text, self._store.catalogue()
        return parser.tagged(text, catalogue=catalogue, now=turn.ask.now)[0].masked()


def _kept(slots: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in slots.items() if name not in _PERSONAL}

"""The assistant learns from one shop: its words, its usual choices, how its messages are meant.

Everything learned is said when it is learned and when it is used, listed, and taken back with one
word.  It never makes a change less asked about than the same change said with the full name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from assistant import access
from assistant.codec import plain_json
from assistant.learning_choices import Choices, Readings, actor_of, noted
from assistant.learning_list import listing
from assistant.learning_things import Thing, objection, split_call, things_named
from assistant.learning_words import Lesson, asks_for_list, lessons, to_forget
from assistant.memory import Recall
from assistant.turn import Turn
from assistant.writes import request_name
from intents.parser import Parser
from intents.taught import key_of
from intents.understanding import Request
from intents.words import words_of
from tools.kit import Button, Call, Parse, Reply, Result, Right, Tool, listed
from tools.store import BooksError, Store
from tools.store.learned import CHOSEN, LearnedName, Meaning

MOST_OPTIONS = 6
ACTIONS = "learn."
GONE = "That was forgotten already."


class Learning:
    """What the dialogue tells of each turn, and what it asks before it asks the person."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._choices = Choices(store)
        self._readings = Readings(store)

    # -- what people say ---------------------------------------------------------------------------

    def said(self, turn: Turn, parser: Parser) -> bool:
        """Teach, forget or list, where the message is about that; whether it was."""
        text, open_lesson = turn.message.text, turn.recall.learning.get("lesson")
        noted(turn, lesson=None)
        if asks_for_list(text):
            turn.add(listing(self._store, turn.ask.catalogue))
            return True
        if open_lesson and self._answered(turn, parser, open_lesson):
            return True
        if any(self._forget(turn, words, plain=plain) for words, plain in to_forget(text)):
            return True
        return any(self._lesson(turn, parser, lesson) for lesson in lessons(text))

    def _lesson(self, turn: Turn, parser: Parser, lesson: Lesson) -> bool:
        catalogue, now = turn.ask.catalogue, turn.ask.now
        words, things = lesson.words, things_named(parser, lesson.thing, catalogue, now)
        if not words:
            split = split_call(parser, lesson.thing, catalogue, now)
            if split is None:
                return False
            words, things = split
            if objection(parser, words, things, catalogue, now):
                return False
        elif not things and not lesson.plain:  # "semi-skimmed milk = green top"
            words, things = lesson.thing, things_named(parser, words, catalogue, now)
        if not lesson.plain and (not things or _counts(words) or not any(map(str.isalpha, words))):
            return False
        turn.add(self._reply(turn, parser, words, things) if things else _unknown(lesson))
        return True

    def _reply(self, turn: Turn, parser: Parser, words: str, things: Sequence[Thing]) -> Reply:
        refusal = _may_not(turn) or objection(parser, words, things, turn.ask.catalogue, turn.ask.now)
        if refusal:
            return Reply(refusal, {"refused": refusal})
        if len(things) > 1:
            return self._which(turn, words, things)
        return self._teach(turn, words, things[0], request_name(turn.message, len(turn.replies)))

    def _which(self, turn: Turn, words: str, things: Sequence[Thing]) -> Reply:
        shown = things[:MOST_OPTIONS]
        names = [thing.name(turn.ask.catalogue) for thing in shown]
        calls = [Call("learn.teach", _slots(words, thing)) for thing in shown]
        noted(turn, lesson={"words": words, "things": [[thing.kind, thing.code] for thing in shown]})
        text = f"A word stands for one thing. Which do you mean by “{words}”: {listed(names, 'or')}?"
        offered = tuple(Button(name, call) for name, call in zip(names, calls, strict=True))
        return Reply(text, {"missing": "meaning", "options": names}, buttons=offered)

    def _answered(self, turn: Turn, parser: Parser, lesson: Mapping[str, Any]) -> bool:
        offered = [Thing(kind, code) for kind, code in lesson["things"]]
        said = turn.message.text.strip(" .!")
        if said.isdecimal() and 0 < int(said[:3]) <= len(offered):
            meant = [offered[int(said[:3]) - 1]]
        else:
            named = things_named(parser, said, turn.ask.catalogue, turn.ask.now)
            meant = [thing for thing in offered if thing in named]
        if len(meant) != 1:
            return False
        turn.add(self._reply(turn, parser, lesson["words"], meant))
        return True

    def _teach(self, turn: Turn, words: str, thing: Thing, request_id: str) -> Reply:
        meaning = Meaning(key_of(words), words, thing.kind, thing.code)
        known = next((one for one in self._store.learned.called(meaning.key) if one.origin != CHOSEN), None)
        try:
            now = self._store.learned.teach(meaning, actor_of(turn), turn.ask.now, request_id)
        except BooksError as error:
            return Reply(f"I can't learn that: {error}.", {"refused": str(error)})
        name = thing.name(turn.ask.catalogue)
        data = {"learned": now.id, "words": words, "kind": thing.kind, "code": thing.code}
        if known and known.id == now.id and known.request_id != request_id:
            forget = (Button("Forget it", Call("learn.forget", {"id": now.id})),)
            return Reply(f"I know: “{words}” means {name}.", data, buttons=forget)
        noted(turn, taught=now.id)
        kind, _, code = now.before.partition(":")
        before = f" Before, it meant {Thing(kind, code).name(turn.ask.catalogue)}." if code else ""
        text = f"From now on “{words}” means {name} ({thing.code}), whoever says it.{before}"
        return Reply(text, data, buttons=(Button("Undo", Call("learn.undo", {"id": now.id})),))

    def _forget(self, turn: Turn, words: str, *, plain: bool) -> bool:
        found = self._store.learned.called(key_of(words))
        if found:
            turn.add(_refused(turn) or self._forget_all(turn, words, found))
        elif plain:
            turn.add(Reply(f"I have learned nothing about “{words[:80]}”.", {"forgotten": ""}))
        return bool(found) or plain

    def _forget_all(self, turn: Turn, words: str, found: Sequence[LearnedName]) -> Reply:
        gone = [self._store.learned.forget(one.id, actor_of(turn), turn.ask.now) for one in found]
        names = [Thing(one.kind, one.code).name(turn.ask.catalogue) for one in gone if one]
        taught = [one for one in gone if one and one.origin != CHOSEN]
        back = tuple(
            Button("Undo", Call("learn.teach", _slots(one.words, Thing(one.kind, one.code))))
            for one in taught
        )
        meant = f"it meant {listed(names)}" if taught else f"I took it for {listed(names)}"
        return Reply(f"Forgotten: “{words}” ({meant}).", {"forgotten": words}, buttons=back)

    # -- buttons, and undo ----------------------------------------------------------------------------

    def press(self, turn: Turn, intent: str, slots: Mapping[str, Any], request_id: str) -> None:
        """A button of ours."""
        refused = _refused(turn)
        if refused:
            return turn.add(refused)
        if intent == "learn.teach":
            thing = Thing(str(slots["kind"]), str(slots["code"]))
            return turn.add(self._teach(turn, str(slots["words"]), thing, request_id))
        if intent == "learn.undo":
            return turn.add(self._take_back(turn, int(slots["id"])))
        actor, number = actor_of(turn), int(slots["id"])
        if intent == "learn.ask":
            known = self._store.learned.always_ask(number, actor, turn.ask.now)
            return turn.add(Reply(f"Fine, I ask every time you say “{known.words}”." if known else GONE))
        known = self._store.learned.forget(number, actor, turn.ask.now)
        return turn.add(Reply(f"Forgotten: “{known.words}”." if known else GONE))

    def undo_latest(self, turn: Turn) -> bool:
        """Take back what was taught here, where that was the latest change; whether it was."""
        taught = turn.recall.learning.get("taught")
        if not taught:
            return False
        turn.add(_refused(turn) or self._take_back(turn, taught))
        return True

    def _take_back(self, turn: Turn, number: int) -> Reply:
        noted(turn, taught=None)
        known = self._store.learned.take_back(number, actor_of(turn), turn.ask.now)
        if known is None:
            return Reply(GONE)
        kind, _, code = known.before.partition(":")
        now = (
            f"means {Thing(kind, code).name(turn.ask.catalogue)} again"
            if code
            else "means nothing special again"
        )
        return Reply(f"Undone: “{known.words}” {now}.", {"forgotten": known.words})

    # -- what the dialogue tells ----------------------------------------------------------------------

    def heard(self, turn: Turn, request: Request) -> None:
        """A request was understood."""
        if request.follows and turn.recall.words.slot == "intent":
            self._readings.picked(turn, request.parse.intent)
        self._choices.heard(turn, request)

    def settled(self, turn: Turn, tool: Tool, call: Call, result: Result) -> tuple[Call, Result]:
        """The request with what was always chosen, where the tool would have to ask."""
        return self._choices.taken(turn, tool, call, result)

    def unsure(self, turn: Turn, parser: Parser, readings: Sequence[Parse]) -> None:
        """The person is asked how the message was meant."""
        self._readings.unsure(turn, parser, readings)

    def picked(self, turn: Turn, intent: str) -> None:
        """A button was pressed that stands for a request."""
        self._readings.picked(turn, intent)

    def finish(self, turn: Turn, parser: Parser, before: Recall) -> None:
        """A turn is over: learn from it."""
        self._choices.finish(turn, before)
        self._readings.finish(turn, parser, before)
        if turn.recall.last_write != before.last_write:
            noted(turn, taught=None)
        self._used(turn, parser)

    def _used(self, turn: Turn, parser: Parser) -> None:
        catalogue = turn.ask.catalogue
        if not catalogue.taught or not turn.parses:
            return
        _, names = parser.tagged("", catalogue=catalogue, now=turn.ask.now)
        said = names.taught.said(words_of(turn.message.text))
        meant = json.dumps(plain_json([dict(parse.slots) for parse in turn.parses]), ensure_ascii=False)
        used = [taught.id for taught in said if json.dumps(taught.code, ensure_ascii=False) in meant]
        self._store.learned.use(used, turn.ask.now)


def _counts(words: str) -> bool:
    """Whether an amount stands in the words: "move 2 to the shop" teaches nothing."""
    return any(part.strip("x.,:;()").isdecimal() for part in words.split())


def _slots(words: str, thing: Thing) -> dict[str, str]:
    return {"words": words, "kind": thing.kind, "code": thing.code}


def _unknown(lesson: Lesson) -> Reply:
    text = (
        f"I know no product, place or supplier called “{lesson.thing[:80]}”,"
        f" so “{lesson.words[:80]}” can't mean it. Say it with the full name."
    )
    return Reply(text, {"refused": text})


def _may_not(turn: Turn) -> str:
    user = turn.ask.user
    if turn.ask.may(Right.MOVE_STOCK):
        return ""
    able = [role for role in access.ROLES if Right.MOVE_STOCK in access.RIGHTS[role]]
    return (
        f"Your role ({user.role}) may not teach me words for the whole shop; it takes {listed(able, 'or')}."
    )


def _refused(turn: Turn) -> Reply | None:
    refusal = _may_not(turn)
    return Reply(refusal, {"refused": refusal}) if refusal else None

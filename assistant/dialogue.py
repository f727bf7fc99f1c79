"""One turn: a message or a pressed button in, an answer out.  Synchronous; one thread per turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from assistant import access, buttons, phrases, suggestions
from assistant.codec import plain_json
from assistant.corrections import (
    about_the_draft,
    another,
    group_to_take_back,
    not_plainly,
    only_supposed,
    still_asked,
    still_asking,
    struck_out,
)
from assistant.days import days_ahead
from assistant.doubts import doubts_of
from assistant.learning import ACTIONS, Learning
from assistant.learning_head import ShopUnderstanding
from assistant.memory import Recall
from assistant.not_carried import told_of_unknown
from assistant.scanned import tell_codes
from assistant.sources import WHY, behind_the_number
from assistant.turn import Turn
from assistant.writes import (
    Write,
    apply,
    made_before,
    made_by,
    perform,
    plan_undo,
    refusal_reply,
    request_name,
)
from connectors.chat.message import MAX_TEXT, Answer, Hear, Message
from intents.parser import Parser
from intents.understanding import Request
from tools.kit import (
    Ask,
    Button,
    Call,
    Missing,
    Parse,
    Plan,
    Refused,
    Reply,
    Result,
    Tool,
    Unclear,
    all_tools,
)
from tools.kit.roads import Roads, no_roads
from tools.store import BooksError, Store, StoredAction
from tools.store.signal_facts import MinedText, Said

log = structlog.get_logger(__name__)

SURE = 0.6
CONTROLS = frozenset({"meta.affirm", "meta.deny", "meta.cancel", "meta.undo", "meta.unknown"})


class Dialogue:
    """The conversation over one shop's books."""

    def __init__(self, store: Store, parser: Parser, roads: Roads = no_roads) -> None:
        self.store = store
        self.parser = parser
        self._roads = roads
        self.reads: Callable[[Said], MinedText | None] = lambda _said: None
        self.learning = Learning(store)
        self._understanding = ShopUnderstanding(store, parser)

    def answer(self, message: Message, now: datetime, hear: Hear | None = None) -> Answer:
        """One turn.  The caller sees to it that a conversation has one turn at a time."""
        recall = Recall.from_json(self.store.talk.memory(message.conversation, message.user.name))
        turn = Turn(message, self._ask(message, now), recall, hear)
        self.parser = self._understanding.parser()
        if not message.user.active:
            text = phrases.NO_ACCESS.format(name=message.user.name)
            turn.add(Reply(text, {"refused": text}))
        elif message.action is not None:
            self._press(turn, message.action)
        elif not message.pictured or (tell_codes(turn) and message.text.strip()):
            self._say(turn)
        self.learning.finish(turn, self.parser, recall)
        answer = buttons.offered(turn, self.store)
        self.store.talk.remember(message.conversation, message.user.name, turn.recall.to_json(), now)
        return answer

    def done_so_far(self, message: Message, now: datetime) -> str:
        """The sentence about what a turn that failed had changed by then; "" where that is nothing."""
        made = made_by(self._ask(message, now), message)
        return phrases.DONE_SO_FAR.format(changes=made) if made else ""

    def _ask(self, message: Message, now: datetime) -> Ask:
        return Ask(
            store=self.store,
            user=message.user,
            now=now,
            conversation=message.conversation,
            channel=message.channel,
            text=message.text,
            position=self.store.stock.position(),
            may=lambda right: access.may(message.user, right),
            days_in=lambda words: days_ahead(words, now.date()),
            roads=self._roads,
            reads=self.reads,
        )

    # -- what was said -------------------------------------------------------------------------

    def _say(self, turn: Turn) -> None:
        text = turn.message.text.strip()
        if not text:
            return turn.add(Reply(phrases.NOTHING_SAID))
        if len(text) > MAX_TEXT:
            return turn.add(Reply(phrases.TOO_LONG.format(length=len(text), most=MAX_TEXT)))
        if WHY.match(text):
            return turn.add(behind_the_number(turn.recall))
        if self.learning.said(turn, self.parser):
            return None
        understanding = self.parser.read(
            text, turn.recall.words, catalogue=self.store.catalogue(), now=turn.ask.now
        )
        turn.footnote = phrases.read_as(understanding)
        for request in understanding.requests:
            turn.parses.append(request.parse)
            self._request(turn, request)
        if understanding.left_out:
            turn.add(Reply(phrases.left_out(understanding.left_out), {"left_out": understanding.left_out}))
        return None

    def _request(self, turn: Turn, request: Request) -> None:
        parse = request.parse
        self.learning.heard(turn, request)
        if parse.intent in CONTROLS:
            return self._control(turn, parse, request)
        if parse.confidence < SURE and still_asked(turn.recall):
            return turn.add(still_asking(turn.recall))
        if parse.confidence < SURE:
            return self._did_you_mean(turn, request)
        tool = all_tools()[parse.intent]
        if told_of_unknown(
            turn, tool, request, partial(self.parser.nearest, catalogue=self.store.catalogue())
        ):
            return None
        position = turn.ask.position
        call = Call(parse.intent, parse.slots)
        turn.preface = phrases.not_taken_in(request, writes=tool.writes)
        if self._only_supposed(turn, tool, request):
            turn.cleared()
            return turn.add(phrases.not_told(tool))
        said = turn.message.text
        doubts = (*doubts_of(tool, request), *another(turn.recall, request, said), *struck_out(said))
        group = group_to_take_back(turn.recall, request, turn.message.text)
        if group is not None and not self._taken_back(turn, group):
            return None
        if _continues(turn.recall, parse):
            turn.ask = dataclasses.replace(turn.ask, position=turn.recall.position)
        self._call(turn, tool, call, doubts=() if group else doubts)
        return turn.made(position)

    def _only_supposed(self, turn: Turn, tool: Tool, request: Request) -> bool:
        """Whether a change is only spoken of and not complete: then there is nothing to ask about."""
        if not only_supposed(tool, request) or request.follows or access.refusal(turn.ask.user, tool):
            return False
        return not isinstance(tool.call(turn.ask, request.parse.slots), Plan)

    def _taken_back(self, turn: Turn, group: str) -> bool:
        """Undo the change that is being put right; False where it can't be, which is told."""
        self._undo(turn, group)
        return "refused" not in turn.replies[-1].data

    def _call(
        self,
        turn: Turn,
        tool: Tool,
        call: Call,
        *,
        request_id: str = "",
        confirmed: bool = False,
        doubts: tuple[str, ...] = (),
    ) -> None:
        refusal = access.refusal(turn.ask.user, tool)
        if refusal:
            return turn.add(Reply(refusal, {"refused": refusal}))
        if not tool.built:
            log.info("not_built", intent=tool.intent, conversation=turn.message.conversation)
            able = suggestions.for_user(turn.ask, limit=3)
            return turn.add(Reply(phrases.not_built(tool, able), {"not_built": tool.intent}))
        outside = _outside(turn.ask, call.slots)
        if outside:
            return turn.add(Reply(outside, {"refused": outside}))
        request_id = request_id or request_name(turn.message, len(turn.replies))
        call, result = self.learning.settled(turn, tool, call, tool.call(turn.ask, call.slots))
        made = made_before(turn.ask, request_id) if tool.writes or turn.message.action else None
        if made:
            turn.add(made, repeated=True)
            return turn.answered(call, made)
        if isinstance(result, Plan):
            write = Write(turn.message, turn.ask, call, result, request_id, confirmed, doubts)
            return self._write(turn, write)
        return self._tell(turn, call, result)

    def _tell(self, turn: Turn, call: Call, result: Result) -> None:
        if isinstance(result, Reply):
            turn.add(result)
            turn.answered(call, result)
        elif isinstance(result, Missing):
            text = phrases.question(result.slot, result.question)
            turn.add(Reply(text, {"missing": result.slot}))
            turn.asked(call, result.slot, ())
        elif isinstance(result, Unclear):
            turn.add(buttons.choices(call, result))
            turn.asked(call, result.slot, tuple((o.label, dict(o.slots)) for o in result.options))
        elif isinstance(result, Refused):
            turn.add(refusal_reply(result))
            turn.cleared()

    def _write(self, turn: Turn, write: Write) -> None:
        turn.preface = ""  # its doubts tell
        reply, turn.recall = perform(write, turn.recall)
        turn.add(reply)
        if reply.data.get("needs_yes"):
            turn.confirming(write.settled())
        else:
            turn.answered(write.settled(), reply)
            turn.made(reply.data.get("position", 0))

    # -- yes, no, undo, never mind, what? --------------------------------------------------------

    def _control(self, turn: Turn, parse: Parse, request: Request) -> None:
        unclear = not_plainly(turn.recall, request)
        if unclear is not None:
            return turn.add(unclear)
        if parse.intent == "meta.affirm" and turn.recall.waiting:
            return self._settle(turn, yes=True)
        if parse.intent in {"meta.affirm", "meta.unknown"} and still_asked(turn.recall):
            return turn.add(still_asking(turn.recall))
        unmade = parse.intent == "meta.undo" and turn.recall.waiting  # what waits for a yes, not what is done
        if parse.intent in {"meta.deny", "meta.cancel"} or unmade:
            return self._drop(turn, parse)
        if parse.intent == "meta.undo" and self.learning.undo_latest(turn):
            return None
        if parse.intent == "meta.undo":
            return self._undo(turn, parse.slots.get("group"))
        if parse.intent == "meta.unknown":
            return self._unknown(turn, request)
        call = about_the_draft(turn.recall, parse, turn.message.text)
        return self._call(turn, all_tools()[call.intent], call)

    def _settle(self, turn: Turn, *, yes: bool) -> None:
        offers = [self.store.talk.offer_actions(offer) for offer in turn.recall.waiting.split()]
        wanted = [a.token for offer in offers for a in offer if bool(a.slots.get("confirmed")) == yes]
        turn.recall = dataclasses.replace(turn.recall, waiting="")
        if not wanted:
            turn.add(Reply(phrases.NOTHING_WAITING))
        for token in wanted:
            self._press(turn, token)

    def _drop(self, turn: Turn, parse: Parse) -> None:
        if turn.recall.waiting:
            return self._settle(turn, yes=False)
        if turn.recall.words.pending is not None:
            turn.cleared()
            return turn.add(Reply(phrases.DROPPED))
        return self._call(turn, all_tools()[parse.intent], Call(parse.intent))

    def _undo(self, turn: Turn, group: Any, request_id: str = "") -> None:
        request_id = request_id or request_name(turn.message, len(turn.replies))
        made = made_before(turn.ask, request_id)
        if made:
            return turn.add(made, repeated=True)
        plan = plan_undo(turn.ask, turn.message, group)
        if isinstance(plan, Refused):
            return turn.add(refusal_reply(plan))
        call = Call("meta.undo", plan.slots)
        write = Write(turn.message, turn.ask, call, plan, request_id, confirmed=True)
        try:
            applied = apply(write)
        except BooksError as error:
            return turn.add(Reply(f"I can't undo that: {error}.", {"refused": str(error)}))
        reply = plan.tell(applied)
        turn.made(applied.position)
        turn.recall = dataclasses.replace(turn.recall, last_write=None, waiting="")
        return turn.add(dataclasses.replace(reply, data={**reply.data, "undone": plan.slots["group"]}))

    def _unknown(self, turn: Turn, request: Request) -> None:
        log.info("out_of_scope", conversation=turn.message.conversation, confidence=request.parse.confidence)
        able = suggestions.for_user(turn.ask, limit=3)
        if request.out_of_scope and any(letter.isalpha() for letter in turn.message.text):
            text = f"{request.out_of_scope} You can ask me, for example, {suggestions.quoted(able)}."
        else:
            text = phrases.not_understood(turn.message.text.strip(), able)
        turn.add(Reply(text, {"understood": False}))

    def _did_you_mean(self, turn: Turn, request: Request) -> None:
        readings = [request.parse, *request.alternatives]
        known = [r for r in readings if r.intent in all_tools() and r.intent != "meta.unknown"]
        known = ([r for r in known if all_tools()[r.intent].built] or known)[:3]
        if not known:
            return self._unknown(turn, request)
        offered = tuple(
            Button(suggestions.reading(parse, self.store.catalogue()), Call(parse.intent, parse.slots))
            for parse in known
        )
        self.learning.unsure(turn, self.parser, known)
        text = phrases.which_reading(offered)
        turn.add(Reply(text, {"unsure": True}, buttons=offered))
        options = tuple((b.label, {"intent": b.call.intent, **b.call.slots}) for b in offered)
        return turn.asked(Call(known[0].intent, known[0].slots), "intent", options)

    # -- buttons -------------------------------------------------------------------------------

    def _press(self, turn: Turn, token: str) -> None:
        barred = self._barred(turn, token)
        if barred:
            return turn.add(barred)
        found = buttons.claim(turn, token, self.store)
        if isinstance(found, Reply):
            return turn.add(found, repeated=True)
        first, position = len(turn.replies), turn.ask.position
        turn.recall = dataclasses.replace(turn.recall, waiting="")
        self._run_action(turn, found.intent, dict(found.slots), f"action:{token}", found.position)
        turn.made(position)
        told = turn.replies[first:]
        done = any("group" in reply.data or "undone" in reply.data for reply in told)
        outcome = {"text": " ".join(reply.text for reply in told), "done": done}
        self.store.talk.finish(token, plain_json(outcome))
        return None

    def _barred(self, turn: Turn, token: str) -> Reply | None:
        """Why somebody else than the person who was asked may not press; the button stays theirs.

        Everybody may press what they could have asked for themselves.  Whoever could not say yes may not
        say no for others, either.
        """
        action = self.store.talk.action(token)
        if action is None or action.state != "offered" or action.user == turn.ask.user.name:
            return None
        if action.intent != "meta.deny":
            return self._why_barred(turn, action)
        offered = [other for other in self.store.talk.offer_actions(action.offer) if other.token != token]
        barred = [self._why_barred(turn, other) for other in offered]
        return barred[0] if all(barred) and barred else None

    def _why_barred(self, turn: Turn, action: StoredAction) -> Reply | None:
        ask = turn.ask
        if action.intent.startswith(ACTIONS):  # whoever presses, their own right decides
            return None
        if action.intent == "meta.undo":
            planned: Result = plan_undo(ask, turn.message, action.slots.get("group"))
        else:
            tool = all_tools()[action.intent]
            refusal = access.refusal(ask.user, tool) or _outside(ask, action.slots)
            planned = Refused(refusal) if refusal else tool.call(ask, action.slots)
        if isinstance(planned, Plan):
            beyond = access.too_much(ask, planned)
            return Reply(beyond, {"refused": beyond}) if beyond else None
        return refusal_reply(planned) if isinstance(planned, Refused) else None

    def _run_action(
        self, turn: Turn, intent: str, slots: dict[str, Any], request_id: str, position: int
    ) -> None:
        if intent.startswith(ACTIONS):
            return self.learning.press(turn, intent, slots, request_id)
        self.learning.picked(turn, intent)
        if intent == "meta.deny":
            turn.cleared()
            return turn.add(Reply(phrases.DROPPED))
        if intent == "meta.undo":
            return self._undo(turn, slots.get("group"), request_id)
        confirmed = bool(slots.pop("confirmed", False))
        turn.ask = dataclasses.replace(turn.ask, position=position)
        tool = all_tools()[intent]
        return self._call(turn, tool, Call(intent, slots), request_id=request_id, confirmed=confirmed)


def _continues(recall: Recall, parse: Parse) -> bool:
    """Whether this answers what was asked about a request, so that its moment is that of the request."""
    pending = recall.words.pending
    if pending is None or recall.words.awaiting_yes or pending.intent != parse.intent:
        return False
    kept = {name: value for name, value in pending.slots.items() if name != "products"}
    return recall.position > 0 and all(parse.slots.get(name) == value for name, value in kept.items())


def _outside(ask: Ask, slots: Mapping[str, Any]) -> str | None:
    """A place that this person may not see, said without naming what is there."""
    for name in ("location", "source", "destination"):
        code = slots.get(name)
        if code and ask.catalogue.location(code) and code not in ask.places and name != "destination":
            return f"You have no access to {ask.catalogue.location_name(code)}."
    return None

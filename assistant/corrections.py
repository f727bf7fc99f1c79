"""What is said right after a change: "no, 4" puts it right, "and 3 teas" is one more, "4" is unclear."""

from __future__ import annotations

import re

from assistant import phrases
from assistant.buttons import MOST_BUTTONS
from assistant.memory import Recall
from intents.understanding import Request
from tools.kit import Button, Call, Parse, Reply, Tool, listed

_CORRECTS = re.compile(
    r"^\W*(?:no|nope|sorry|oops|wait|actually|correction|wrong|rather|mean|meant|not)\b|"
    r"\b(?:i mean|i meant|i said|make (?:it|that|them)|should (?:be|have been)|shouldve been|instead|not)\b",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"(?<![\w~])(~{1,2})(?=\S)[^~]{1,1000}(?<=\S)\1(?![\w~])")
_DRAFTED = re.compile(r"^(?:That was done before: )?Draft (PO-\d+):")
_ADDS = re.compile(r"\b(?:and|also|another|plus|more|again|same|too|then|next)\b|&", re.IGNORECASE)


def _follows_the_change(recall: Recall, request: Request) -> bool:
    """Whether the words only add to the request of the change that was made last, nothing asked since."""
    last, frame = recall.last_write, recall.words.last
    if last is None or frame is None or recall.waiting or recall.words.pending is not None:
        return False
    return (
        request.follows
        and frame.intent == last.intent == request.parse.intent
        and frame.slots.get("products") == last.slots.get("products")
    )


def _leans_on_nothing_made(recall: Recall, request: Request) -> bool:
    """Whether bare words repeat a change that was taken back or never made, with no question open."""
    last, frame = recall.last_write, recall.words.last
    if not request.follows or frame is None or recall.words.pending is not None:
        return False
    made = last is not None and last.intent == frame.intent
    return frame.intent == request.parse.intent and not made


def group_to_take_back(recall: Recall, request: Request, text: str) -> str | None:
    """The change that the words put right, which is to be undone before the right one is made."""
    if not _follows_the_change(recall, request) or not _CORRECTS.search(text) or recall.last_write is None:
        return None
    if request.unasserted or request.unexplained:  # "no, maybe 4" puts nothing right yet
        return None
    return recall.last_write.group_id


def another(recall: Recall, request: Request, text: str) -> tuple[str, ...]:
    """The doubt whether bare words after a change ("4") mean one more of it or put it right.

    Beside a change that still waits for its yes they may be meant instead of it.
    """
    if recall.waiting and request.follows and not _CORRECTS.search(text):
        return (phrases.INSTEAD,)
    if _leans_on_nothing_made(recall, request):
        return (phrases.NOTHING_TO_ADD_TO,)
    if not _follows_the_change(recall, request) or _ADDS.search(text) or recall.last_write is None:
        return ()
    last, now = recall.last_write.slots, request.parse.slots
    slots = ("quantity", "products", "location", "source", "destination")
    if all(now.get(slot) == last.get(slot) for slot in slots):  # said twice, which is asked about anyway
        return ()
    return (f"This comes on top of what is done ({recall.last_write.text.rstrip('.')}).",)


def struck_out(text: str) -> tuple[str, ...]:
    """The doubt about words that chat markup shows as struck out."""
    return (phrases.STRUCK_OUT,) if _STRUCK.search(text) else ()


def only_supposed(tool: Tool, request: Request) -> bool:
    """Whether a change is only asked about, denied or imagined, so that it must not be made at once."""
    return tool.writes and tool.built and asserts(tool) and bool(request.unasserted)


def asserts(tool: Tool) -> bool:
    """Whether its change says that something is so; a wish to be told and a quotation say no such thing."""
    return tool.intent.partition(".")[0] not in ("alert", "feedback")


def not_plainly(recall: Recall, request: Request) -> Reply | None:
    """What to say to a yes or an undo with an if, a question or more words in it; None where it is plain."""
    intent = request.parse.intent
    if not (request.unasserted or request.unexplained or request.other_days):
        return None
    if intent == "meta.affirm" and recall.waiting:
        return Reply(phrases.NOT_PLAIN_YES, {"changed": False})
    if intent == "meta.undo" and not recall.waiting:
        return Reply(phrases.NOT_PLAIN_UNDO, {"changed": False})
    return None


def still_asked(recall: Recall) -> bool:
    """Whether a question about a request is open that only its answer can settle."""
    words = recall.words
    return words.pending is not None and not words.awaiting_yes and words.slot not in ("", "intent")


def still_asking(recall: Recall) -> Reply:
    """The open question once more, where the words were no answer to it."""
    words = recall.words
    pending = words.pending
    labels = [choice.label for choice in words.options[:MOST_BUTTONS]]
    slots = pending.slots if pending else {}
    intent = pending.intent if pending else ""
    offered = tuple(
        Button(choice.label, Call(intent, {**slots, **choice.slots}))
        for choice in words.options[:MOST_BUTTONS]
    )
    wanted = f"I still need one of these: {listed(labels, 'or')}." if labels else phrases.question(words.slot)
    text = f"I can't take that as the answer. {wanted} Say never mind to drop it."
    return Reply(text, {"missing": words.slot}, buttons=offered)


def about_the_draft(recall: Recall, parse: Parse, said: str) -> Call:
    """What a word like "yes" asks for: "approve it" is about the order that was drafted last here."""
    found = _DRAFTED.search(recall.last_write.text) if recall.last_write else None
    if parse.intent == "meta.affirm" and found and "approve" in said.lower():
        return Call("po.approve", {"po": found[1]})
    return Call(parse.intent)

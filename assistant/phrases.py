"""What the assistant says by itself: questions, refusals, offers.  Tools bring their own words."""

from __future__ import annotations

from collections.abc import Sequence

from intents.understanding import Request, Understanding
from tools.kit import Button, Reply, Tool, listed
from tools.meta.help import shown

QUESTIONS = {
    "products": "Which product?",
    "category": "Which category?",
    "quantity": "How many?",
    "unit": "In which unit?",
    "location": "At which place?",
    "source": "From which place?",
    "destination": "To which place?",
    "supplier": "Which supplier?",
    "customer": "Which customer?",
    "order": "Which order?",
    "po": "Which purchase order?",
    "period": "For which days?",
    "status": "Was it delivered, started or failed?",
    "text": "What did they say?",
    "threshold": "Below which number?",
}

# Mended words shorter than this seldom decide what is meant ("teh").
SHOWN_FIX = 4
SAY_YES = "Say yes to do it, or no to leave it."
NOT_PLAIN_YES = f"I only take a plain yes for a yes, so it still waits. {SAY_YES}"
NOT_PLAIN_UNDO = "I have not undone anything. Say undo, and nothing else, to take back the last change."
INSTEAD = "The change before this one still waits for a yes; this would be made instead."
NOTHING_TO_ADD_TO = "What you told before this was not done or was taken back, so I ask first."
STRUCK_OUT = "Some of that is struck out."
SURE_FIRST = "Just to be sure I understood:"
NOT_TOLD = "That sounds like a question, a no or a maybe, so I have not done it."
NOTHING_SAID = "I got an empty message. Ask me something like “how many red mugs left?”, or say help."
TOO_LONG = (
    "That message is longer than I can read ({length:,} characters; {most:,} at most)."
    " Send it in parts, or import a file."
)
BROKEN = "Something went wrong on my side. The person who runs me finds it in the log under {fault}."
DONE_SO_FAR = " Before that this was done, and it stands: {changes}."
UNKNOWN_BUTTON = "That button is not one of mine any more. Ask again and I'll make a new one."
NO_ACCESS = "“{name}” has no access here. Say your full name, or ask an owner to let you in."
EXPIRED_BUTTON = "That button is more than a day old, so I did nothing. Ask again and I'll make a new one."
TODAY_ONLY = "You said “{days}”, but I write every change down on today's date."
NOTHING_WAITING = "There is nothing waiting for a yes."
DROPPED = "Fine, I did nothing."
NOTHING_TO_UNDO = "There is no change of yours in this conversation that I could undo."
NO_NUMBER_YET = "I haven't given you a number in this conversation yet. Ask me something, then ask why."


def question(slot: str, given: str = "") -> str:
    """What to ask for a missing slot."""
    return given or QUESTIONS.get(slot, f"Which {slot.replace('_', ' ')}?")


def choice(buttons: Sequence[Button]) -> str:
    """What can be chosen, in one phrase: "a, b or c"."""
    return listed([button.label for button in buttons], "or")


def which_reading(buttons: Sequence[Button]) -> str:
    """The ways in which a message may be meant, to choose from by number."""
    lines = [f"{number}. {button.label}" for number, button in enumerate(buttons, 1)]
    return "\n".join(["I'm not sure what you mean. Which of these is it?", *lines])


def not_built(tool: Tool, able: Sequence[str]) -> str:
    """An intent that is understood but whose tool is not there yet."""
    deed = tool.description[0].lower() + tool.description[1:].rstrip(".")
    instead = f" You can ask me {listed([f'“{example}”' for example in able], 'or')}." if able else ""
    return f"I understood that, but I can't {deed} yet.{instead}"


def not_told(tool: Tool) -> Reply:
    """A change that was only asked about, denied or supposed: nothing was done, and how to say it."""
    text = f"{NOT_TOLD} To have it done, say it plainly, for example “{shown(tool)}”."
    return Reply(text, {"changed": False})


def not_understood(text: str, able: Sequence[str]) -> str:
    """A message that fits nothing: say what would."""
    heard = text if len(text) <= 80 else f"{text[:77]}…"
    instead = (
        f" I do understand, for example: {listed([f'“{example}”' for example in able], 'or')}."
        if able
        else ""
    )
    return f"I'm not sure what you want with “{heard}”.{instead} Say help to see everything."


def unknown_product(words: str) -> str:
    """Product words that fit nothing in the catalogue."""
    return f"I know no product called “{words}” in this shop."


def known_instead(words: str) -> str:
    """Words beside a known product that make it one that is not in the catalogue."""
    return f"I know no “{words}” in this shop; this is about what comes nearest."


_NOUNS = {"location": "place", "supplier": "supplier"}


def not_taken_in(request: Request, *, writes: bool = False) -> str:
    """What of a request was not taken into account: a name or a thing that the shop does not have."""
    if writes:
        return f"{unknown_name(request)}." if unknown_name(request) else ""
    return " ".join(filter(None, (_all_of_them(request), _unknown_thing(request))))


def unknown_name(request: Request) -> str:
    """A place or a supplier that is none of the shop's, as a sentence without its end; else ""."""
    slot, name = request.unknown_name
    if not name or request.parse.slots.get(slot):
        return ""
    return f"I know no {_NOUNS[slot]} called “{name}”"


def _all_of_them(request: Request) -> str:
    told = unknown_name(request)
    return f"{told}, so this is for all {_NOUNS[request.unknown_name[0]]}s." if told else ""


def _unknown_thing(request: Request) -> str:
    known = request.parse.slots.get("products") or request.parse.slots.get("category")
    if request.unknown_product and known:
        said = request.mentions.get("products") or request.mentions.get("category")
        about = f"; this is for “{said.words}”" if said and said.words else ""
        return f"I know no “{request.unknown_product}”{about}."
    return ""


def read_as(understanding: Understanding) -> str:
    """How misspelt words were read, where a thing that was named or the whole request hangs on them."""
    if all(parse.intent == "meta.unknown" for parse in understanding.parses):
        return ""
    named = " ".join(heard.words for one in understanding.requests for heard in one.mentions.values())
    decided = [
        fix for fix in understanding.fixes if fix.said in named.split() or len(fix.read_as) >= SHOWN_FIX
    ]
    strangers = {word for one in understanding.requests for word in one.unknown_name[1].split()}
    decided = [fix for fix in decided if fix.said not in strangers]
    told = [f"“{fix.said}” as “{fix.read_as}”" for fix in decided]
    return f"(I read {listed(told)}.)" if told else ""


def left_out(words: str) -> str:
    """What was too much for one message."""
    heard = words if len(words) <= 120 else f"{words[:117]}…"
    return f"That is more than I take up at once. I left out: “{heard}”. Please send it again by itself."


def seconds_ago(seconds: float) -> str:
    """How long ago, for a person."""
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole != 1 else ''} ago"

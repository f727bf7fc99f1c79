"""Messages that must not change the books without a question, through the whole dialogue; and commands that must.

    python bench/not_meant.py [--seed 1] [--rounds 1] [--show 20]

Every pattern of ``not_meant_language/`` is filled from the shop of ``language/shop`` and said in each of its
conversations: a fresh one, one that has just spoken of the product, one with an open question, one in which a
change waits for a yes, one in which a change was just made.  What was written is told by the ledger.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import structlog  # noqa: E402
from not_meant_fill import FOLDER, Goods, Names, Pattern, patterns  # noqa: E402

from assistant.dialogue import SURE_ENOUGH_TO_WRITE, Dialogue  # noqa: E402
from connectors.chat.message import Answer, Message  # noqa: E402
from connectors.feeds import load  # noqa: E402
from intents.context import Memory  # noqa: E402
from intents.parser import Parser  # noqa: E402
from tools.kit import all_tools  # noqa: E402
from tools.store import Actor, Store, User, open_store  # noqa: E402

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
OWNER = User(id=None, name="owner", role="owner")
SETTING = {
    "fresh": ("",),
    "topic": ("how many {p} at {L}?", "where is the {p}?"),
    "pending": ("sold {p} at {L}", "we broke {p} at {L}"),
    "waiting": ("received 900 {p} at {L}", "900 {p} came in at {L}"),
    "after": ("sold 1 {p} at {L}", "received 1 {p} at {L}"),
}
COMMAND_ROUNDS = 3
# A draft is only a proposal to the buyer, who approves it or not; words of wanting may well ask for one.
DRAFTS = "reorder.create"
MAY_BE_DRAFTED = "wishes and orders"


@dataclass(frozen=True, slots=True)
class Said:
    """One message with what came of it."""

    pattern: Pattern
    context: str
    before: str
    text: str
    outcome: str
    told: str


class Shop:
    """The books, the dialogue over them, and one conversation after another."""

    def __init__(self, folder: Path, parser: Parser, seed: int) -> None:
        self.store: Store = open_store(f"sqlite:///{folder / 'shop.db'}", clock=lambda: NOW)
        load(self.store, Path(__file__).parent / "language" / "shop", actor=Actor("owner", "bench"), at=NOW)
        self.dialogue = Dialogue(self.store, parser)
        self.names = Names(self.store, seed, NOW.date())
        self._number = 0

    def say(self, text: str) -> Answer:
        """One more message of the conversation under way."""
        self._number += 1
        conversation, event = f"c{self._conversation}", f"e{self._number}"
        return self.dialogue.answer(Message(conversation, OWNER, "bench", text, event_id=event), NOW)

    def begin(self, context: str, goods: Goods) -> str | None:
        """A new conversation, brought into the state that is wanted; None where that failed."""
        self._conversation = self._number
        pattern = self.names.random.choice(SETTING[context])
        if not pattern:
            return ""
        text = self.names.fill(pattern, goods)
        answer = self.say(text)
        reached = {
            "topic": bool(answer.parses),
            "pending": answer.data.get("missing") == "quantity",
            "waiting": bool(answer.data.get("needs_yes")),
            "after": "group" in answer.data,
        }
        return text if reached[context] else None

    def run(self, pattern: Pattern, context: str) -> Said | None:
        """Say the pattern in that kind of conversation and look at the ledger."""
        for _ in range(20):
            goods = self.names.some()
            before = self.begin(context, goods)
            if before is not None:
                return self._said(pattern, context, before, goods)
        return None

    def _said(self, pattern: Pattern, context: str, before: str, goods: Goods) -> Said:
        text = self.names.fill(pattern.text, goods)
        position = self.store.stock.position()
        try:
            answer = self.say(text)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault to be counted
            return Said(pattern, context, before, text, "exception", repr(error))
        moved = self.store.stock.position() != position
        return Said(pattern, context, before, text, outcome_of(answer, moved=moved), answer.text)


def outcome_of(answer: Answer, *, moved: bool) -> str:
    """In one word, what the message led to."""
    found = [reply.data for reply in answer.replies]
    if moved or any("group" in data or "undone" in data for data in found):
        return "drafted" if {parse.intent for parse in answer.parses} == {DRAFTS} else "written"
    if any(data.get("needs_yes") for data in found):
        return "yes asked"
    if any(data.get("refused") for data in found):
        return "refused"
    if any(data.get("changed") is False for data in found):
        return "told why not"
    if any(data.get("understood") is False for data in found):
        return "not understood"
    if any("missing" in data or "unsure" in data or "unknown_product" in data for data in found):
        return "asked"
    if any("choices" in data for data in found) or any(reply.buttons for reply in answer.replies):
        return "asked"
    return "not built" if any("not_built" in data for data in found) else "answered"


def is_fault(one: Said) -> bool:
    """Whether the books were changed where nothing was meant to be, or nothing was answered."""
    drafted = one.outcome == "drafted" and one.pattern.family != MAY_BE_DRAFTED
    return drafted or one.outcome in {"written", "exception"}


def unbuilt(shop: Shop, parser: Parser, text: str) -> str:
    """The writing intent without a tool yet that the message would go to with nothing in doubt; "" for none."""
    understood = parser.read(text, Memory(), catalogue=shop.store.catalogue(), now=NOW)
    for request in understood.requests:
        tool = all_tools().get(request.parse.intent)
        doubted = request.unasserted or request.unexplained or request.other_days
        if tool is None or not tool.writes or tool.built or doubted:
            continue
        if request.parse.confidence >= SURE_ENOUGH_TO_WRITE and tool.missing(request.parse.slots) is None:
            return tool.intent
    return ""


def conversations(
    found: list[Pattern], rounds: int, only: Collection[str] = tuple(SETTING)
) -> Iterator[tuple[Pattern, str]]:
    """Each pattern in each of its kinds of conversation that are wanted."""
    for _ in range(rounds):
        for pattern in found:
            for context in (one for one in pattern.contexts if one in only):
                yield pattern, context


def not_meant(shop: Shop, parser: Parser, wanted: argparse.Namespace) -> int:
    """Say what is not meant; the number of faults."""
    found = patterns(FOLDER / "not_meant.txt")
    said = [
        one
        for pair in conversations(found, wanted.rounds, wanted.only)
        if (one := shop.run(*pair)) is not None
    ]
    print(f"not meant: {len({pattern.text for pattern in found}):,} patterns, {len(said):,} messages")
    table(said, by="family")
    table(said, by="context")
    faults = [one for one in said if is_fault(one)]
    for one in faults[: wanted.show]:
        print(f"  FAULT {one.context}: {one.before!r} / {one.text!r}\n        {one.told}")
    texts = [one.text for one in said if one.context == "fresh"]
    later = Counter(intent for text in texts if (intent := unbuilt(shop, parser, text)))
    print(f"would be sure enough for tools that are not built: {dict(later) or 'none'}")
    print(f"written without a question or failed: {len(faults)} of {len(said):,}")
    return len(faults)


def table(said: list[Said], by: str) -> None:
    """Outcomes in columns, a line for each group."""
    group = {"family": lambda one: one.pattern.family, "context": lambda one: one.context}[by]
    columns = sorted({one.outcome for one in said})
    print(f"\n{by:36}" + "".join(f"{name:>16}" for name in columns))
    for name in dict.fromkeys(group(one) for one in said):
        counts = Counter(one.outcome for one in said if group(one) == name)
        print(f"{name:36}" + "".join(f"{counts[column]:16}" for column in columns))


def meant(shop: Shop, show: int) -> None:
    """Say what is meant: how much of it is done."""
    found = patterns(FOLDER / "commands.txt")
    said = [one for pair in conversations(found, COMMAND_ROUNDS) if (one := shop.run(*pair)) is not None]
    print(f"\ncommands: {len(found)} patterns, {len(said)} messages")
    table(said, by="family")
    counts = Counter(one.outcome for one in said)
    for outcome, number in counts.most_common():
        print(f"  {outcome:16} {number:5}  {100 * number / len(said):5.1f} %")
    missed = [one for one in said if one.outcome not in {"written", "yes asked"}]
    for one in missed[:show]:
        print(f"  {one.outcome}: {one.text!r}\n        {one.told[:160]}")


def main() -> int:
    """Run both sets; the exit code says whether anything was written that was not meant."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--rounds", type=int, default=1)
    ask.add_argument("--only", nargs="*", default=list(SETTING), choices=list(SETTING))
    ask.add_argument("--show", type=int, default=20)
    wanted = ask.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    parser = Parser.load()
    with tempfile.TemporaryDirectory() as folder:
        shop = Shop(Path(folder), parser, wanted.seed)
        faults = not_meant(shop, parser, wanted)
        meant(shop, wanted.show)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

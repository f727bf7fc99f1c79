"""What was learned, shown."""

from __future__ import annotations

from assistant.learning_things import Thing
from tools.kit import Reply, Table
from tools.store import Catalogue, Store
from tools.store.learned import TAUGHT, LearnedName

MOST_SHOWN = 12
HOW_TO = "Teach me a word with “by 'green top' I mean semi-skimmed milk”."


def listing(store: Store, catalogue: Catalogue) -> Reply:
    """Everything learned that counts: in words, and as a table."""
    names = [name for name in store.learned.all() if name.counts]
    readings = len(store.readings.all())
    if not names and not readings:
        return Reply(f"Nothing yet. {HOW_TO}", {"rows": []})
    lines = [f"• {line(name, catalogue)}" for name in names[:MOST_SHOWN]]
    left = len(names) - len(lines)
    more = [f"and {left:,} more."] if left > 0 else []
    confirmed = f" Besides, you confirmed how {readings:,} kinds of message are meant." if readings else ""
    plural = "s" if len(names) != 1 else ""
    top = f"I have learned {len(names):,} word{plural} of this shop.{confirmed}"
    rows = [
        {"id": name.id, "words": name.words, "kind": name.kind, "code": name.code, "origin": name.origin,
         "by": name.learned_by, "used": name.used}
        for name in names
    ]  # fmt: skip
    end = ["Say “forget …” to drop one."] if names else []
    text = "\n".join([top, *lines, *more, *end])
    return Reply(text, {"rows": rows, "confirmed_messages": readings}, blocks=_table(names, catalogue))


def line(name: LearnedName, catalogue: Catalogue) -> str:
    """One learned word in one line."""
    thing = Thing(name.kind, name.code).name(catalogue)
    how = f"taught by {name.learned_by}" if name.origin == TAUGHT else f"chosen {name.times} times"
    return f"“{name.words}” → {thing} ({how}, used {name.used:,} time{'s' if name.used != 1 else ''})"


def _table(names: list[LearnedName], catalogue: Catalogue) -> tuple[Table, ...]:
    if len(names) <= MOST_SHOWN:
        return ()
    rows = tuple(
        (name.words, Thing(name.kind, name.code).name(catalogue), name.learned_by, name.used)
        for name in names
    )
    return (Table(("Words", "Meaning", "From", "Used"), rows),)

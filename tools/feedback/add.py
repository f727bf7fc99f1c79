"""One customer's remark, noted, with what was understood in it."""

from __future__ import annotations

import re
from collections.abc import Callable

from tools.kit import Ask, Button, Call, Detail, Plan, Refused, Reply, Result, Right, Text, tool
from tools.kit.plans import full_slots
from tools.kit.purchases import packed, unpacked
from tools.kit.said import ASPECTS, quoted, usual_days
from tools.kit.said_mail import looks_like_mail, plain_mail
from tools.kit.said_wishes import picks
from tools.store import Applied, Catalogue
from tools.store.changes import NoteRemark
from tools.store.remarks import KNOWN
from tools.store.said_changes import AddSignal, CorrectSignal, Label
from tools.store.signal_facts import OTHER, PRODUCT, TYPES, MinedText, Said, Signal

SHOWN = 200
NOTED = "till_note"
WRONG, LABEL = "wrong", "label"
# "A customer asked for …", and nothing named: what is likely is offered.
_NOTHING_NAMED = re.compile(
    r"(?:an?|the|another)?\s*(?:customer|client|someone|somebody)s?\s*(?:has |have |just )?"
    r"(?:asked|asks|asking|wants|wanted)\s*(?:for)?\s*(?:something|a thing|an? (?:item|product))?\s*[.…]*",
    re.IGNORECASE,
)


@tool(
    right=Right.TALK,
    writes=True,
)
def add(
    ask: Ask,
    text: Text,
    detail: Detail | None = None,
) -> Result:
    """Note what a customer said."""
    told = unpacked(detail)
    if told.get("do") == WRONG:
        return _which(ask, text, int(told.get("remark", 0)))
    if told.get("do") == LABEL:
        return _labelled(ask, text, int(told.get("remark", 0)), str(told.get("type", "")))
    mail = plain_mail(ask.text) if looks_like_mail(ask.text) else None
    said = mail.text or mail.subject if mail else " ".join(text.split())
    if not any(letter.isalnum() for letter in said):
        return Refused("There is nothing in that to note. Say what the customer said.")
    if _NOTHING_NAMED.fullmatch(said):
        return _offered(picks(ask, usual_days(ask, None)[0]))
    shown = _shown(said)
    change = NoteRemark(said, NOTED, source=ask.channel or "note")
    if mail:
        change = NoteRemark(said, "email", mail.sender, said_at=mail.sent, source=ask.channel or "note")
    summary = f"Note what a customer said: “{shown}”"
    return Plan(summary, change, _telling(ask, said, shown), full_slots(text=text), data={"text": said})


def _shown(said: str) -> str:
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"


def _telling(ask: Ask, said: str, shown: str) -> Callable[[Applied], Reply]:
    def tell(applied: Applied) -> Reply:
        number = _number(applied)
        kept = ask.store.said.remark(number)
        data = {"text": kept.text if kept else said, "group": applied.group_id, "remark": number}
        again = "I had noted that already" if KNOWN in applied.notes else "Noted"
        start = f"{again}: “{_shown(kept.text) if kept else shown}”."
        if kept is not None and kept.masked:
            start += " I left out what is personal."
        found = ask.reads(Said(kept.text, NOTED, None, kept.at)) if kept is not None else None
        if found is None:
            return Reply(start, data)
        rows = [_row(one.type, one.sku, one.mention or "", one.attribute or "") for one in found.signals]
        wrong = Call("feedback.add", {"text": data["text"], "detail": packed(do=WRONG, remark=number)})
        read = _understood(found, ask.catalogue)
        return Reply(f"{start} {read}", {**data, "signals": rows}, buttons=(Button("That's not it", wrong),))

    return tell


def _number(applied: Applied) -> int:
    """The remark's number, out of "remark 17"."""
    return next((int(one.split()[1]) for one in applied.documents if one.startswith("remark ")), 0)


def _row(kind: str, sku: str | None, mention: str, attribute: str) -> dict[str, str | None]:
    return {"type": kind, "sku": sku, "mention": mention, "attribute": attribute}


def _understood(found: MinedText, catalogue: Catalogue) -> str:
    if not found.readable:
        return "I can't read that language, so it counts for nothing until somebody says what it is."
    told = [
        _thing(ASPECTS[one.type], one.sku, one.mention or "", one.attribute or "", catalogue)
        for one in found.signals
        if one.type != OTHER and one.sure
    ]
    if told:
        return f"I take it as: {'; '.join(told)}."
    unsure = any(one.type != OTHER for one in found.signals)
    return "I am not sure what it is about." if unsure else "I see no wish and no trouble in it."


def _thing(aspect: str, sku: str | None, mention: str, attribute: str, catalogue: Catalogue) -> str:
    product = catalogue.products.get(sku or "")
    name = product.name if product else mention
    parts = [aspect.lower(), f"({name}{f', {attribute}' if attribute else ''})" if name else ""]
    return " ".join(part for part in parts if part)


def _offered(buttons: tuple[Button, ...]) -> Reply:
    names = [button.label for button in buttons]
    question = "What did the customer ask for?"
    if not names:
        return Reply(f"{question} Say it like “a customer asked for oat milk”.", {"options": []})
    return Reply(f"{question} Choose, or say it in your words.", {"options": names}, (), buttons)


# -- put right ---------------------------------------------------------------------------------------


def _which(ask: Ask, text: str, number: int) -> Result:
    remark = ask.store.said.remark(number)
    if remark is None:
        return Refused("That remark is gone.")

    def press(kind: str) -> Call:
        return Call("feedback.add", {"text": text, "detail": packed(do=LABEL, remark=number, type=kind)})

    buttons = tuple(Button(ASPECTS[kind], press(kind)) for kind in TYPES if kind != OTHER)
    nothing = Button("Nothing of these", press(OTHER))
    question = f"What is {quoted(remark.text)} about? The page “Customers' words” can say more."
    return Reply(question, {"remark": number}, buttons=(*buttons, nothing))


def _labelled(ask: Ask, text: str, number: int, kind: str) -> Result:
    remark = ask.store.said.remark(number)
    if remark is None or kind not in TYPES:
        return Refused("That remark is gone.")
    read = ask.store.said.read_from([number])
    if len(read) > 1:
        return Refused("There are several things in it: put them right on the page “Customers' words”.")
    change = _correction(read[0], kind) if read else AddSignal(number, Label(kind))
    about = ASPECTS[kind].lower()

    def tell(applied: Applied) -> Reply:
        data = {"remark": number, "type": kind, "group": applied.group_id}
        return Reply(f"Thanks: {quoted(remark.text)} counts as {about} from now on.", data)

    detail = packed(do=LABEL, remark=number, type=kind)
    summary = f"Count {quoted(remark.text)} as {about}"
    return Plan(summary, change, tell, full_slots(text=text, detail=detail), data={"type": kind})


def _correction(read: Signal, kind: str) -> CorrectSignal:
    sku = None if kind in (PRODUCT, OTHER) else read.sku
    return CorrectSignal(read.id, Label(kind, sku, read.polarity, read.urgency, read.attribute))

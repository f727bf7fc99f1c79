"""What is said about the codes in a picture: a product's card, a choice, or what to do."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from assistant import access
from assistant.turn import Turn
from tools.kit import Ask, Button, Call, Parse, Refused, Reply, all_tools, listed
from tools.kit.codes import Scanned, numbers_of, understood
from tools.kit.holdings import holdings, scope_of
from tools.kit.stocktalk import where_words

CARD = "product.info"
MOST_SHOWN = 6
LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Read:
    """One code of the picture, as it came and as it was understood."""

    code: str
    scanned: Scanned


def tell_codes(turn: Turn) -> bool:
    """Answer the picture of this turn; whether exactly one product is now spoken of."""
    message, ask = turn.message, turn.ask
    refusal = access.refusal(ask.user, all_tools()[CARD])
    if refusal:
        turn.add(Reply(refusal, {"refused": refusal}))
        return False
    if not message.codes:
        turn.add(Reply(message.trouble, {"codes": [], "trouble": message.trouble}))
        return False
    found = _found(ask, message.codes)
    products = {sku: read for read in reversed(found) for sku in reversed(read.scanned.products)}
    if not products:
        turn.add(_none_known(found))
        return False
    if len(products) > 1:
        turn.add(_which(ask, found))
        return False
    return _card(turn, found, *products.popitem())


def _found(ask: Ask, codes: Sequence[str]) -> list[_Read]:
    """The codes, each meaning once; lot and date told by a second code go to the one product."""
    numbers = numbers_of(ask.catalogue)
    reads = [_Read(code, understood(code, numbers)) for code in dict.fromkeys(codes)]
    reads = [read for read in reads if read.scanned.shown]
    known = {sku for read in reads for sku in read.scanned.products}
    if len(known) != 1:
        return reads
    return [_with_extras(read, reads) if read.scanned.products else read for read in reads]


def _with_extras(read: _Read, reads: Sequence[_Read]) -> _Read:
    lots = {other.scanned.lot for other in reads} - {""}
    dates = {other.scanned.expiry for other in reads} - {None}
    own = read.scanned
    lot = own.lot or (lots.pop() if len(lots) == 1 else "")
    expiry = own.expiry or (dates.pop() if len(dates) == 1 else None)
    return dataclasses.replace(read, scanned=dataclasses.replace(own, lot=lot, expiry=expiry))


def _card(turn: Turn, found: Sequence[_Read], sku: str, read: _Read) -> bool:
    call = Call(CARD, {"products": [sku], "detail": read.scanned.to_detail()})
    reply = all_tools()[CARD].call(turn.ask, call.slots)
    if not isinstance(reply, Reply):
        reason = reply.reason if isinstance(reply, Refused) else ""
        turn.add(Reply(reason, {"refused": reason}))
        return False
    others = [other.scanned for other in found if not other.scanned.products and not other.scanned.lot]
    turn.parses.append(Parse(CARD, 1.0, {"products": [sku]}))
    # Words under the picture say what to do: their answer brings its own buttons.
    offered = () if turn.message.text.strip() else reply.buttons
    turn.add(dataclasses.replace(reply, text=f"{reply.text}{_beside(others)}", buttons=offered))
    turn.answered(call, reply)
    return True


def _beside(others: Sequence[Scanned]) -> str:
    if not others:
        return ""
    names = listed([_shown(other) for other in others[:MOST_SHOWN]])
    return f" I also read {names}, which no product has."


def _which(ask: Ask, found: Sequence[_Read]) -> Reply:
    """Each code told; the products to choose from as buttons."""
    lines, buttons, rows = [], [], []
    for read in found:
        names = [ask.catalogue.products[sku].name for sku in read.scanned.products]
        lines.append(f"{_shown(read.scanned)}: {listed(names, 'or') or 'no product has it'}")
        for sku in read.scanned.products:
            detail = read.scanned.to_detail()
            buttons.append(Button(_label(ask, sku), Call(CARD, {"products": [sku], "detail": detail})))
            rows.append({"code": read.scanned.shown, "sku": sku})
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    several = f"I read {len(found)} codes" if len(found) > 1 else "Several products have this code"
    text = "\n".join([f"{several}. Which product do you mean?", *numbered])
    return Reply(
        text, {"codes": [read.scanned.shown for read in found], "rows": rows}, buttons=tuple(buttons)
    )


def _label(ask: Ask, sku: str) -> str:
    product = ask.catalogue.products[sku]
    held = holdings(ask, (product,), scope_of(ask, None))[0]
    where = where_words(ask.catalogue, held)
    return f"{product.name} ({where})" if where and len(where) < LONGEST // 2 else product.name


def _none_known(found: Sequence[_Read]) -> Reply:
    shown = [_shown(read.scanned) for read in found[:MOST_SHOWN]]
    what = (
        f"No product has the code {shown[0]}" if len(found) == 1 else f"No product has {listed(shown, 'or')}"
    )
    code = next((read.scanned.shown for read in found if read.scanned.gtin), found[0].scanned.shown)
    text = (
        f"{what}. Say “when I say {code} I mean” and the product's name to give it to a product of yours; a "
        "new product comes in with an import, its number in the column “barcode”."
    )
    return Reply(text, {"codes": [read.scanned.shown for read in found], "rows": []})


def _shown(scanned: Scanned) -> str:
    text = scanned.shown
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

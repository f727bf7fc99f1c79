"""What is said where a product was asked for that the shop does not carry."""

from __future__ import annotations

from collections.abc import Callable

from assistant import phrases
from assistant.turn import Turn
from intents.understanding import Request
from tools.kit import Button, Call, Reply, Tool

NEAR = 3
# Words that a tool reads itself and that are no goods.
READS = {"reorder.suggest": frozenset({"budget", "spend", "spending", "most", "max", "maximum", "limit"})}


def told_of_unknown(
    turn: Turn, tool: Tool, request: Request, nearest: Callable[..., tuple[str, ...]]
) -> bool:
    """Tell of a product that the shop does not carry; whether that is all there is to say.

    Beside a known product the request goes on.
    """
    if not request.unknown_product or "products" not in tool.slot_kinds:
        return False
    if {"products", "category"} & set(request.parse.slots):
        return False  # told with the answer, or among the doubts of a change
    if set(request.unknown_product.lower().split()) <= READS.get(tool.intent, frozenset()):
        return False
    _offer(turn, request, nearest(request.unknown_product, limit=NEAR))
    return True


def _offer(turn: Turn, request: Request, near: tuple[str, ...]) -> None:
    call = Call(request.parse.intent, request.parse.slots)
    text = phrases.unknown_product(request.unknown_product)
    data = {"unknown_product": request.unknown_product}
    if not near:
        return turn.add(Reply(text, data))
    names = turn.ask.catalogue.products
    offered = tuple(
        Button(names[sku].name, Call(call.intent, {**call.slots, "products": [sku]})) for sku in near
    )
    turn.add(Reply(f"{text} Did you mean {phrases.choice(offered)}?", data, buttons=offered))
    options = tuple((button.label, {"products": button.call.slots["products"]}) for button in offered)
    return turn.asked(call, "products", options)

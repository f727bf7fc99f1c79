"""Why a change is asked about before it is made, as far as the words themselves are doubtful."""

from __future__ import annotations

from assistant import phrases
from assistant.corrections import asserts
from intents.understanding import Request
from tools.kit import Tool

SURE_ENOUGH_TO_WRITE = 0.9
# Tools that read further numbers of a message themselves ("6 of 10 came, 1 broken").
# Tools that keep what is said beside as a note ("left with the neighbour").
KEEPS_WORDS = frozenset({"delivery.update"})
READS_NUMBERS = frozenset({"po.receive", "reorder.create"})


def doubts_of(tool: Tool, request: Request) -> tuple[str, ...]:
    """What makes it doubtful that this change was meant; nothing for a question."""
    if not tool.writes:
        return ()
    doubts = []
    if request.unasserted and asserts(tool):
        doubts.append(phrases.NOT_TOLD)
    elif unknown := phrases.unknown_name(request):
        doubts.append(f"{unknown}.")
    elif beside := _beside(tool, request):
        doubts.append(f"I don't know what to make of “{' '.join(beside)}”, so I ask first.")
    elif request.unknown_product:
        doubts.append(phrases.known_instead(request.unknown_product))
    elif request.parse.confidence < SURE_ENOUGH_TO_WRITE:
        doubts.append(phrases.SURE_FIRST)
    if request.other_days:
        doubts.append(phrases.TODAY_ONLY.format(days=request.other_days))
    return tuple(doubts)


def _beside(tool: Tool, request: Request) -> tuple[str, ...]:
    """The words that nobody took in; further numbers of a delivery ("6 of 10, 1 broken") its tool reads."""
    if tool.intent in KEEPS_WORDS:
        return ()
    numbers = tool.intent in READS_NUMBERS
    return tuple(word for word in request.unexplained if not (numbers and word.isdigit()))

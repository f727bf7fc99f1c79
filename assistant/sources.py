"""``why?``: the rows behind the last number."""

from __future__ import annotations

import dataclasses
import re

from assistant import phrases
from assistant.memory import Recall
from tools.kit import Reply

WHY = re.compile(
    r"^\W*(but\s+)?(why(\s+(so|that|this|not)(\s+(many|much|few|little|more|less))?)?|"
    r"how come|how so|says who|prove it|source|sources|"
    r"(where|how)\s+(does|do|did)\s+(that|this|it|you)\s+(number\s+)?"
    r"(come from|get (that|this|it)|know( that)?))\W*$",
    re.IGNORECASE,
)


_LONG = 160


def behind_the_number(recall: Recall) -> Reply:
    """What the last number rests on, row by row."""
    if not recall.sources:
        return Reply(phrases.NO_NUMBER_YET)
    lines = [f"“{_beginning(recall.asked_as)}” rests on:"]
    for source in recall.sources:
        lines.append(f"• {source.what}{f' ({source.as_of})' if source.as_of else ''}")
        lines.extend(f"   {row}" for row in source.rows)
    return Reply("\n".join(lines), {"sources": [dataclasses.asdict(source) for source in recall.sources]})


def _beginning(text: str) -> str:
    """The first words of a long answer, cut between two of them."""
    return text if len(text) <= _LONG else text[:_LONG].rsplit(" ", 1)[0].rstrip(",;:.") + " …"

"""Words around a fragment: what opens a correction, what is ruled out, where goods are left unsaid."""

from __future__ import annotations

import re

from intents import readers
from intents.masks import MASKS
from intents.quantities import UNITS
from intents.readers import EXPIRY
from intents.tags import Tags
from tools.kit import Tool
from tools.kit.slots import Kind

Span = tuple[int, int]

_LEAD = r"(?:(?:no|nope|sorry|oops|wait|actually|ok|okay|oh|and|so|um|er|right|now|lets|,|\.|!|-) )*"
_OPENER = re.compile(
    rf"{_LEAD}(?:"
    r"(?:scrap|scratch|forget|ignore|cancel|strike|change|drop|correct) (?:that|this|it|them)(?: to)?|"
    r"(?:hang|hold) on|my (?:mistake|bad)|correction|i take that back|typo|as well as|along with|"
    r"as for|regarding|re|concerning|with regards? to|(?:and )?(?:what|how) about|"
    r"(?:compared?|compare (?:that|it)|versus|vs|against|relative)(?: (?:to|with))?|"
    r"do the same|(?:the )?same (?:again|thing|question)|(?:go |going |coming |turning )?back (?:to|on)|"
    r"returning to|return to|(?:the )?other way (?:a)?round|vice versa|"
    r"swap (?:that|them|it)(?: (?:a)?round)?|"
    r"i (?:need|want|said|meant|mean)|(?:can|could) (?:you|we) (?:do|make it|try)|give me|show me) ",
)
_BACK = re.compile(
    rf"{_LEAD}(?:go |going |coming |turning )?(?:back (?:to|on)|return(?:ing)? to|as for|regarding) "
)
_SWAPPED = re.compile(r"\b(?:other way (?:a)?round|vice versa|swap (?:that|them|it)|wrong way (?:a)?round)\b")
_RULED_OUT = frozenset({"not", "except", "without", "excluding", "than"})
_BETWEEN = frozenset({"the", "a", "any", "those", "these", "of"})


def opener(tags: Tags, span: Span) -> frozenset[int]:
    """The places of words that only open a correction or an addition ("scrap that, 12")."""
    found = _OPENER.match(_said(tags, span) + " ")
    if found is None:
        return frozenset()
    return frozenset(range(span[0], span[0] + len(found[0].split())))


_DEEDS = frozenset({"put", "use", "came", "come", "they", "went", "go", "send", "did", "thats", "its", "got"})
_OF_KEEPING = EXPIRY | {"lot", "batch", "no", "number"}
_OF_ARRIVAL = frozenset({"short", "missing", "damaged", "broken", "over", "extra"})


def added_words(tool: Tool, tags: Tags, span: Span) -> frozenset[int]:
    """The places of words that only tie a place, a lot or the like to the last request.

    As in "put them in the fridge", "use the red van", "best before 20 March", "2 short".
    """
    part = tags.within(*span)
    counted = any(amount.kind == "count" for amount in part.amounts)
    told: frozenset[str] = frozenset() if counted else _DEEDS
    if "expiry" in tool.slot_kinds and not counted:
        told |= _OF_KEEPING
    if tool.intent == "po.receive" and counted:
        told |= _OF_ARRIVAL
    return frozenset(at for at in range(*span) if tags.low(at) in told) | _lot_places(tool, tags, span)


def tells_lot(tool: Tool, tags: Tags, span: Span) -> bool:
    """Whether the words name a lot that the request may have."""
    return bool(_lot_places(tool, tags, span))


def _lot_places(tool: Tool, tags: Tags, span: Span) -> frozenset[int]:
    words = tags.words[slice(*span)]
    shift = words[0].start if words else 0
    said = tags.text[shift : words[-1].end] if words else ""
    found = readers.lot_of(said) if "lot" in tool.slot_kinds else None
    if found is None:
        return frozenset()
    start, end = found[1] + shift, found[2] + shift
    return frozenset(at for at in range(*span) if start <= tags.words[at].start < end)


def goes_back(tags: Tags, span: Span) -> bool:
    """Whether the words return to something that was spoken of before ("back to the mugs")."""
    return bool(_BACK.match(_said(tags, span)))


def swapped(tags: Tags, span: Span) -> bool:
    """Whether the words turn a transfer around."""
    return bool(_SWAPPED.search(_said(tags, span)))


def _said(tags: Tags, span: Span) -> str:
    return " ".join(tags.low(at) for at in range(*span))


def ruled_out(tags: Tags, span: Span) -> frozenset[int]:
    """The places of what is named only to be left out: in "not red, blue" the red."""
    out: set[int] = set()
    for at in range(*span):
        instead = tags.low(at) == "instead" and tags.low(at + 1) == "of"
        rather = tags.low(at) == "rather" and tags.low(at + 1) == "than"
        if tags.low(at) not in _RULED_OUT and not instead:
            continue
        begin = at + 1 + instead + rather
        while begin < span[1] and tags.low(begin) in _BETWEEN:
            begin += 1
        tag = next((tag for tag in tags.all() if tag.start == begin), None)
        out.update(range(at, tag.end if tag else min(begin + 1, span[1])))
    return frozenset(out)


_UNIT = "|".join(sorted({unit for unit in UNITS.values() if unit != "each"}, key=len, reverse=True))
_COUNTED = re.compile(rf"\b(?:another )?12(?: (?:more|extra|less|fewer))?(?: (?:{_UNIT}))?(?= |$)")
_GOODS = MASKS[Kind.PRODUCTS]


def with_goods(masked: str) -> str:
    """A masked sentence with the goods that its amount counts but does not name ("we broke 12 items")."""
    return _COUNTED.sub(lambda found: f"{found[0]} {_GOODS}", masked, count=1)


_LEADING = re.compile(r"^(?:and|also|plus|ok|so|then|but|,|what about|how about|what of|hm|um) ")


def without_lead(masked: str) -> str:
    """A masked sentence without the words that only tie it to what was said before."""
    return _LEADING.sub("", masked).rstrip(" ?.!")


_IDIOM = (
    r"(?<!\bforget )(?<!\bdo )(?<!\bcancel )(?<!\bundo )(?<!\bscrap )(?<!\bmake )(?<!\bapprove )"
    r"(?<!\bleave )(?<!\bstop )(?<!\bdrop )(?<!\bconfirm )(?<!\bsend )(?<!\bgot )(?<!\bcall )"
)
_THEM = re.compile(
    rf"{_IDIOM}\b(?:them|em|those|they|it|these)\b(?! (?:all )?(?:is|was) (?:right|wrong|fine|ok))"
)


def name_goods(masked: str) -> str:
    """A masked sentence in which a pronoun is named as the goods that were spoken of."""
    return _THEM.sub(_GOODS, masked, count=1)


_ITS = re.compile(r"\b(?:its|their)\b")
_OTHERS = re.compile(rf"{_IDIOM}\b(?:it|they|them|that one|this one)\b")
_OF_A_PERSON = re.compile(r"\b(?:his|hers?)\b(?= \w+)(?! (?:get|be|have|when|where|a|the)\b)")
_A_PERSON = re.compile(r"\b(?:she|he|her|him|they|them)\b")


def name_other(masked: str, mask: str, *, person: bool) -> str:
    """A masked sentence in which a pronoun is named as the order, the supplier or the customer spoken of."""
    if person:
        return _A_PERSON.sub(mask, _OF_A_PERSON.sub(f"{mask} s", masked), count=1)
    return _OTHERS.sub(mask, _ITS.sub(f"{mask} s", masked))


def counts_the_unsaid(tags: Tags, span: Span) -> bool:
    """Whether there is a bare number of goods that nothing in the words names."""
    part = tags.within(*span)
    counts = [amount for amount in part.amounts if amount.kind == "count"]
    covered = part.covered()
    deed = any(at not in covered and tags.low(at).isalpha() for at in range(*span))
    return deed and len(counts) == 1 and not part.mentions and not part.references

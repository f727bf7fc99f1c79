"""Words that tell a field, a state, a cause, a remark; and the sign of a change."""

from __future__ import annotations

import re
from collections.abc import Sequence

from intents.words import Word
from tools.kit.lot_words import LOT

_FIELDS: tuple[tuple[str, str], ...] = (
    (r"lead ?time|how long\b.*\b(?:take|come|arrive|get here|deliver|to get)|how (?:quick|fast|"
    r"soon)\w*\b.*\b(?:come|get|arrive|deliver|supply)|delivery time|turnaround|days? to (?:come|arrive|get)",
     "lead_time"),
    (r"shelf ?life|how long\b.*\b(?:keep|last|good for|stay|shelf|go off|expire)|keeps? for|"
    r"best before (?:days|period)|how many days\b.*\b(?:keep|last)|storage life", "shelf_life"),
    (r"(?:pack|case|box|carton|outer|bundle) ?(?:size|qty|quantity|count)|(?:how many|number|units?|pieces|"
    r"pcs|what)\b.*\b(?:in|per|to|come in|inside)\b (?:a|an|one|each|the|every)? ?(?:\w+ )?(?:pack|case|box|"
    r"crate|carton|outer|tray|sleeve)|per (?:case|pack|box|carton|outer)|packed in|packs? of what|case pack|"
    r"come in (?:what|which) (?:packs?|cases?)", "pack_size"),
    (r"margin|mark ?up|profit|(?:we|i|you) (?:make|earn|clear)\b (?:on|per|from|with)|make on|gross|"
    r"earn on|what do we make", "margin"),
    (r"barcode|bar code|\bean\b|\bupc\b|\bgtin\b|scan code|\bplu\b", "barcode"),
    (r"supplier|supplies|supply|supplied|vendor|who (?:makes|sells us|delivers|do we (?:buy|get|order))|"
    r"made by|where do we (?:get|buy|order|source)|where\b.*\bcome from|(?:get|buy|order|source) (?:them|it|"
    r"these|those|the \w+)? ?from|sourced|wholesaler|manufactur|distributor|producer|who brings", "supplier"),
    (r"\bcosts? price|cost us|costs? (?:us|me)\b|\bwe pay|\bwe paid|do (?:we|i) pay|(?:purchase|buying|buy|"
    r"trade|wholesale|landed|unit|supplier|net|invoice) (?:price|cost|rate)|buy(?:ing)? (?:in )?at|"
    r"paying (?:for|the supplier)|charged? us|our cost|\bcost of\b|cost (?:per|each)\b|\bcosting\b|"
    r"pay (?:for|per)|price we pay|(?:^|\bthe )cost\b|\bcost ?\??$|price from supplier", "cost"),
    (r"pric\w*|how much|cost|charge|sell(?:ing)? (?:for|at)|rrp|retail|\bmrp\b|\brate\b|expensive|go for|"
    r"worth|till price|\bsp\b|what do .* (?:sell|go) for", "price"),
)  # fmt: skip
_FAILED = re.compile(
    r"fail|nobody|no ?one|no answer|refus|reject|(?:not|un|isnt|wasnt|never) ?(?:been )?deliver|"
    r"could ?n[o']?t|couldnt|could not|cant|cannot|unable|"
    r"wrong address|clos(?:ed|e)|card(?:ed)?\b|miss(?:ed|ing)|not (?:at )?home|not in\b|wasnt in|werent in|"
    r"wasnt (?:there|home)|arent in|isnt in|"
    r"bring(?:ing)? .*back|brought .*back|com(?:e|ing) back|back to (?:the )?(?:shop|depot|warehouse)|"
    r"locked|did ?n[o']?t|didnt|wont (?:take|open)|wouldnt|"
    r"not available|no access|undeliver|bounced|return(?:ed|ing)? to|gone away|moved away|no such|no reply|"
    r"away\b|empty house|not (?:there|accept|answer|possible|found)"
)  # fmt: skip
_STARTED = re.compile(
    r"on (?:my|our|its|the|his|her|their) way|start|leav(?:e|ing)|\bleft (?:with|the (?:shop|depot|"
    r"warehouse|yard)|for|just|now)|has left|have left|just left|head(?:ing|ed)|set(?:ting)? (?:off|out)|"
    r"loaded|out for|en ?route|driving|drive|picked up|on the road|off to|off with|on the van|in the van|"
    r"on board|going (?:to|out)|gone out|dispatch|depart|"
    r"taking|begin|began|way to|out with|next (?:up|stop)|rolling|moving|collected"
)  # fmt: skip


def field_of(text: str) -> str | None:
    """Which of a product's facts is asked for, or None where the words do not say."""
    for pattern, field in _FIELDS:
        if re.search(pattern, text):
            return field
    return None


def status_of(text: str) -> str:
    """What became of a delivery: ``failed``, ``started`` or ``delivered``."""
    if _FAILED.search(text):
        return "failed"
    if re.search(r"\bdelivered\b|dropped off|handed|signed", text):
        return "delivered"
    return "started" if _STARTED.search(text) else "delivered"


_REASON = re.compile(
    r"(?:(?:has|have|had|are|were|was|is|got|get|gets|they|theyve|been|went|gone|go|going|all) )*(?:"
    r"gone off|went off|going off|off\b(?=$| in| at)|gone (?:mouldy|moldy|bad|stale|soft|black|missing|"
    r"walkabout|hard|rotten)|went (?:mouldy|moldy|bad|stale|soft|missing|walkabout|hard)|"
    r"(?:past|over|beyond) (?:its|their|the)? ?(?:sell by|use by|best before|date|expiry)|past (?:it|best|"
    r"sell by)|out of date|out of code|short dated|sell by|use by|"
    r"expir\w+|date expired|mou?ld\w*|rotten|rotting|rotted|spoil\w*|stale|sour\w*|smell\w*|curdled|"
    r"bruised|squash\w*|squish\w*|wilted|melted|defrost\w*|"
    r"brok\w+|break\w*|smash\w*|crack\w*|chip(?:ped|s)?\b|shatter\w*|damag\w*|drop(?:ped)?\b|torn|ripped|"
    r"dent\w*|scratch\w*|crush\w*|knocked \w+(?: \w+)?|fell\b(?: \w+){0,3}|split\b|leak\w*|burst|bent|"
    r"snapped|faulty|defective|"
    r"stole\w*|theft|nick(?:ed)?\b|pinch\w*|shoplift\w*|robbed|swiped|lifted|gone missing|missing|lost|"
    r"misplaced|disappear\w*|vanish\w*|walkabout|unaccounted|"
    r"(?:for |as |to |in )?(?:a |an |the |our )?(?:in ?store |in house |staff |window |shop |press |"
    r"customer |charity |school |tasting |photo )*(?:sampl\w+|tast(?:er|ers|ing|ings)|display\w*|demo\w*|"
    r"gift(?:ed)?(?: to \w+)?|giveaway|raffle|prize|donat\w*|charity|promo\w*|photo ?shoot|internal use|"
    r"own use|staff (?:room|party|lunch|use|tea|meal|kitchen)|kitchen|blogger|influencer|press)\b|gave away|"
    r"given away|giving away|"
    r"found\b|turned up|miscount\w*|mis-?count\w*|count(?:ing)? (?:error|mistake)|counted wrong|"
    r"count(?:ed)? (?:was )?(?:off|wrong)|system (?:error|was wrong|wrong|says)|stock ?take|stock check|"
    r"correction|recount\w*|typo|extra|surplus|"
    r"(?:customer )?return(?:ed|s)?(?: by (?:a )?customers?)?|sent back|brought back|came back|"
    r"(?:water|flood|fire|smoke|heat|frost|freezer|fridge|power|transit|rain|wine|coffee) (?:damag\w*|"
    r"spill\w*|fail\w*|broke\w*|cut|leak\w*)|flood\w*|spill\w*|spilt|leak\w*|soak\w*|wet\b|"
    r"(?:got |were |was )?(?:rained on|wet in the (?:\w+ )?\w+)|(?:got )?eaten(?: by \w+)?|"
    r"mice|mouse|rats?|pests?|vermin|moths?|weevils?|wast(?:e|age|ed)|bin(?:ned)?\b|recall\w*|"
    r"contaminat\w*|no longer sellable|cant be sold|not fit for sale|unsellable|write ?off|quality|"
    r"shrinkage|dud"
    r")(?: (?:in (?:the )?(?:transit|delivery|store|window|fridge|oven|sink|rain|flood|move|van|post)|"
    r"on (?:the )?(?:floor|shelf)|by (?:a )?(?:customer|customers|kid|child|staff|toddler|mice|rats)|"
    r"(?:from|for) (?:the )?(?:display|tasting|samples?|window|staff|raffle|shelf|photos?)|damage|issue))?"
)  # fmt: skip
_BECAUSE = re.compile(
    r"\b(?:because(?: of)?|due to|reason:?|cause:?|cos|coz|since they|owing to|"
    r"on account of)\b[ :]*(.{2,80})$"
)


def reason_of(text: str) -> str | None:
    """The words that tell why stock changed; ``text`` is lower case without names and amounts."""
    told = _BECAUSE.search(text)
    if told:
        return told[1].strip(" .,!?;:")
    found = [match[0].strip() for match in _REASON.finditer(text)]
    weak = {
        "extra",
        "found",
        "drop",
        "lost",
        "system says",
        "bin",
        "binned",
        "waste",
        "write off",
        "writeoff",
        "write-off",
    }
    strong = [piece for piece in found if piece not in weak]
    return (strong or found or [None])[0]  # type: ignore[list-item]


_LOSS = re.compile(
    r"\bbrok\w*|\bsmash\w*|\bcrack(?:ed|s)?\b|\bchipped\b|\bshatter\w*|\bdamaged\b|\bmou?ld\w*|\bexpired\b|"
    r"\bgone off\b|\bwent off\b|\bstole\w*|"
    r"\bnicked\b|\bpinched\b|\bshoplift\w*|\bbinned\b|\bthr(?:ew|own|ow) (?:away|out)\b|"
    r"\bchuck(?:ed)? (?:out|away)\b|\bwr(?:ite|ote) off\b|\bspoil\w*|"
    r"\brotten\b|\bspilt\b|\bspilled\b|\bdropped\b(?! (?:off|below|to|by|under))|\bripped\b|\bsquash\w*|"
    r"\bcrush\w*|\bwasted\b"
)


def told_loss(text: str) -> bool:
    """Whether the words tell of goods that were lost or spoilt."""
    return bool(_LOSS.search(text))


_RISES = re.compile(
    r"\bfound\b|\bextra\b|\badd(?:ed|ing)?\b|\bplus\b|\bincreas\w*|turned up|\breturn(?:ed|s)?\b|"
    r"put (?:\w+ )*back|\bback (?:on|in|into|to)\b|\bsurplus\b|"
    r"\bmore (?:than|in|on)\b|\bgain\w*|\bup by\b|\bover by\b|\bbrought back\b|\bcame back\b|\bup\b \d"
)
_FALLS = re.compile(
    r"\bdown by\b|\bless\b|\bfewer\b|\bshort\b|\bminus\b|\bremov\w*|\breduc\w*|\bdeduct\w*|"
    r"\btake\b.*\b(?:off|out)\b|\bwr(?:ite|ote) off\b|\bdecreas\w*|\bmissing\b|"
    r"\breturn(?:ed|s)? to (?:the )?supplier|\bback to (?:the )?supplier|\bbin\w*|\bbroke\w*|\bbreak\w*|"
    r"\bdamag\w*|\bgone\b|\bstole\w*"
)


def stock_rises(text: str) -> bool:
    """Whether an adjustment adds stock."""
    return bool(_RISES.search(text)) and not _FALLS.search(text)


def tells_direction(text: str) -> bool:
    """Whether the words say by themselves that stock rises or falls."""
    return bool(_RISES.search(text) or _FALLS.search(text))


_LESS = re.compile(
    r"\bdrop\w*|\bfall\w*|\bfell\b|\bdown\b|\bless\b|\bfewer\b|\blower\w*|\bdecreas\w*|\bdeclin\w*|"
    r"\bslump\w*|\bslow\w*|\bcut\w*|\breduc\w*|\blos[et]\w*|\bshrink\w*|\bdip\w*|\bminus\b|\bquiet\w*|"
    r"\bworse\b|- (?:20 %|20)|\bcrash\w*|\btank\w*|\bsink\w*|\bweaker\b|\bsoft\w*"
)
_SOONER = re.compile(
    r"\bearl\w*|\bfast\w*|\bsoon\w*|\bquick\w*|\bshorter\b|\bless\b|\breduc\w*|\bcuts?\b|\bdrops?\b|"
    r"\bshorten\w*|\bahead\b"
)


def demand_falls(text: str) -> bool:
    """Whether a supposed change of demand is downwards."""
    return bool(_LESS.search(text))


def comes_sooner(text: str) -> bool:
    """Whether a supposed change of delivery time is a shortening."""
    return bool(_SOONER.search(text))


MULTIPLES: tuple[tuple[str, int], ...] = (
    (r"\bdoubl\w*|\btwice\b|\btwo ?fold\b", 100),
    (r"\btripl\w*|\btreble\w*|\bthree times\b", 200),
    (r"\bquadrupl\w*|\bfour times\b", 300),
    (r"\bhalv\w*|\b(?:by|in) half\b|\bhalf as\b|\bhalf the\b|\bonly half\b", -50),
    (r"\bby a quarter\b|\ba quarter (?:more|up|extra)\b", 25),
    (r"\bby a third\b|\ba third (?:more|up|extra)\b", 33),
)
"""Words that are percentages of change."""

_NOTE = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|also|and|pls|please|kindly|can you|could you|would you|just)[ ,]+)*(?:"
    r"(?:fyi|for (?:the )?record|(?:customer |client |shop )?(?:feedback|complaint|compliment|request|"
    r"comment|suggestion|remark|review)(?: (?:received|from (?:a )?customer))?)\s*[:,-]+\s*|fyi\s+|"
    r"for (?:the )?record\s+|"
    r"(?:please |kindly )?(?:make|take|add|leave|log|note|record|write|put|jot|pass|save|file|register|"
    r"enter|capture|mention|store|remember)\b"
    r"(?: (?:a|an|the|this|that|it|down|on|in|as|to|of|for|me|us|following|new|customer|client|customers|"
    r"note|notes|comment|complaint|compliment|feedback|request|requests|remark|record|list|please|log|book|"
    r"system))*\s*[:,-]*\s*(?:that\s+)?"
    r")",
    re.IGNORECASE,
)  # fmt: skip
_NOTE_END = re.compile(
    r"[\s,.;:-]+(?:(?:can|could|would|will) you (?:please )?(?:log|note|record|write|put|add|save|"
    r"take)\b.*|(?:please |pls |kindly )?(?:note|log|record|write|jot|put|add|save|pass)\b (?:that|it|"
    r"this)\b.*|(?:please |pls |kindly )?(?:note|log|record) (?:it|that|this)? ?(?:down)?(?: please| pls)?|"
    r"(?:can|could) (?:this|that|it) be (?:noted|logged|recorded).*|for the record|as feedback|"
    r"note (?:it )?(?:down|please))[\s.!]*$",
    re.IGNORECASE,
)  # fmt: skip


def remark_of(text: str) -> str:
    """The remark without the request to note it down."""
    said = _NOTE.sub("", text.strip(), count=1)
    said = _NOTE_END.sub("", said).strip(" \"'")
    return said if len(said) > 2 else text.strip()


def lot_of(text: str) -> tuple[str, int, int] | None:
    """A lot's code and where its expression stands in the text."""
    found = LOT.search(text)
    return (re.sub(r"\s+", "", found[1]).upper(), found.start(), found.end()) if found else None


def lot_words(text: str, words: Sequence[Word]) -> set[str]:
    """The words, as they stand in the text, that tell of lots."""
    found = [(match.start(), match.end()) for match in LOT.finditer(text)]
    return {word.low for word in words for start, end in found if start <= word.start < end}


EXPIRY = frozenset(
    {
        "exp",
        "expiry",
        "expires",
        "expire",
        "expiring",
        "expiration",
        "bb",
        "bbe",
        "bbd",
        "bbf",
        "best",
        "before",
        "use",
        "by",
        "sell",
        "dated",
        "date",
        "good",
        "until",
        "till",
    }
)
"""Words before the day until which goods keep."""

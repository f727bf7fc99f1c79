"""Words that tell what a text is about and how much it matters: speech acts, feelings, dangers, days.

They are features of what is learned, not rules that decide.  The speech acts follow the pattern lists
of the suggestion-mining task (Negi, Daudert and Buitelaar 2019); the lists are our own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from intents.signals.known import HEAD, Known
from intents.signals.tokens import Token, level, tokens_of

_LISTS = {
    "asks_have": (
        r"\b(?:do|does|did|have|has|got|will|would) (?:you|u|ye|yis|yous|they|we|anyone|"
        r"ya)\b.{0,25}\b(?:have|sell|stock|do|keep|carry|got|get|any)\b|^(?:any|got|have you|"
        r"do you|is there)\b"
    ),
    "asks_back": (
        r"\b(?:back (?:in|yet|soon|again)|in yet|restock\w*|when\b.{0,30}\b(?:in|back|more|"
        r"again|next)|getting (?:more|any)|any left|still (?:have|got|do)|in stock|put (?:by|"
        r"aside)|set aside|hold)\b"
    ),
    "gone": (
        r"\b(?:sold out|out of|none left|all gone|no more|empty shel\w+|ran out|run out|"
        r"again no|gone|unavailable|never (?:have|any|in)|nothing left|last one|the last of|"
        r"cleaned out|not in)\b"
    ),
    "wish": (
        r"\b(?:wish|would love|i'd love|please (?:stock|sell|get|do|bring)|start (?:stocking|"
        r"selling)|think of|consider|petition|should (?:do|stock|sell)|why (?:don't|dont|no)|"
        r"bring back|used to)\b"
    ),
    "another": (
        r"\b(?:in (?:a )?(?:other|another|different|bigger|smaller|larger|red|blue|green|"
        r"black|white|pink|yellow|navy|grey|brown)|bigger|smaller|larger|longer|shorter|wider|"
        r"narrower|other colours?|size|sizes|without|free|instead of|refill|half|double|mini|"
        r"xl|decaf|vegan|organic|come in|comes in|only in)\b"
    ),
    "broken": (
        r"\b(?:brok\w*|crack\w*|chip\w*|split\w*|snap\w*|leak\w*|rip\w*|tore|torn|burst|"
        r"fell (?:off|apart)|came off|stopp?ed? work\w*|won't|wont|doesn't|doesnt|didn't|dead|"
        r"faulty|defect\w*|warp\w*|bent|rust\w*|fad\w+|shrank|shrunk|shrinks?|peel\w*|"
        r"scratch\w*|dent\w*|wobbl\w*|blunt|loose|stuck)\b"
    ),
    "spoilt": (
        r"\b(?:mou?ld\w*|stale|rotten|off|sour|rancid|fizzy|soft|soggy|smell\w*|stink\w*|"
        r"stank|tast\w+|hair|slug|weevil\w*|maggot\w*|out of date|past its|best before|dry|"
        r"burnt|watery|mush\w*|flat)\b"
    ),
    "courier": (
        r"\b(?:deliver\w*|courier|driver|parcel|package|packet|order|postman|tracking|"
        r"dispatch\w*|posted|shipped|arriv\w*|late|left (?:it|them|at|in|on|outside|out)|"
        r"doorstep|neighbour\w*|box)\b"
    ),
    "lacking": (
        r"\b(?:missing|forgot\w*|left out|wrong|instead of|not in the|without the|short|"
        r"only (?:one|two|half)|i ordered|we ordered|never came|didn't come|no sign)\b"
    ),
    "money": (
        r"[\u20ac\u00a3$]|\b(?:price\w*|pricey|dear|dearer|expensive|cost\w*|cheap\w*|euros?|"
        r"quid|pounds?|discount|voucher|code|charged?|overcharged|robbery|rip[- ]?off|money|"
        r"worth|postage|deal|per cent|off)\b"
    ),
    "gives_back": (
        r"\b(?:refund\w*|money back|return\w*|send(?:ing)? (?:it|them|this)? ?back|sent back|"
        r"bring(?:ing)? (?:it|them)? ?back|take (?:it|them) back|exchang\w*|swap\w*|replac\w*|"
        r"cancel\w*|credit note|store credit|give back|took back)\b"
    ),
    "thanks": (
        r"\b(?:thank\w*|thx|tnx|ta|cheers|love\w*|luv|lovely|great|brilliant|best|perfect|"
        r"amazing|fab\w*|gorgeous|beautiful\w*|stunning|delicious|superb|excellent|wonderful|"
        r"class|deadly|spot on|well done|compliments|happy|delighted|favourite|favorite|"
        r"recommend|fair play|10/10|5 stars|treat|grand|obsessed)\b"
    ),
    "bad": (
        r"\b(?:awful|terrible|horrible|disgust\w*|bad|worst|useless|rubbish|junk|"
        r"disappoint\w*|shame|sad|angry|furious|annoy\w*|ridiculous|joke|poor|dreadful|"
        r"hopeless|rude|sick of|fed up|waste|never again)\b"
    ),
    "danger": (
        r"\b(?:glass|cut|blood|bled|burn\w*|fire|flame|smoke|shock\w*|electr\w*|allerg\w*|"
        r"nuts?|rash|welts|chok\w*|swallow\w*|vet|doctor|hospital|a&e|poison\w*|sick|ill|"
        r"vomit\w*|threw up|stitches|splinter\w*|metal|screw|needle|toxic|droppings|bulging|"
        r"swollen|exploded?|explosion|tooth|teeth|injur\w*|died|dangerous|unsafe|scald\w*|"
        r"anaphyla\w*|epipen|coeliac|reaction)\b"
    ),
    "leaving": (
        r"\b(?:never (?:again|coming|shop\w*|back)|last time|last straw|last chance|"
        r"go(?:ing)? elsewhere|elsewhere|taking my (?:business|custom|money)|solicitor|lawyer|"
        r"trading standards|court|legal|consumer|chargeback|dispute|report you|the press|"
        r"done with|finished with|lost a customer|moving to|switch\w* to)\b"
    ),
    "days": (
        r"\b(?:today|tonight|tomorrow|tmrw|tmr|tomoz|2moro|monday|tuesday|wednesday|thursday|"
        r"friday|saturday|sunday|mon|tues?|weds?|thurs?|fri|sat|sun|weekend|wknd|this (?:week|"
        r"evening|morning|afternoon)|asap|urgent\w*|before|by the|by (?:noon|\d)|deadline|"
        r"in time|right now)\b"
    ),
    "feast": (
        r"\b(?:birthday|wedding|christening|funeral|party|anniversary|communion|guests|exam|"
        r"flight|flying|baby|surgery|interview|event|supper|barbecue|bbq)\b"
    ),
    "again": (
        r"\b(?:again|still|third|3rd|fourth|second|twice|every (?:single )?time|always|keeps?|"
        r"third time|another one|both times|times|x ?[2-9]|how many|yet again|once more|"
        r"already replaced|first was)\b"
    ),
    "over": (
        r"\b(?:sorted|fixed|replaced|thanks for|thank you for|last time|used to|was going to|"
        r"at first|thought|expected|turned out|in the end|since then|now it|finally)\b"
    ),
    "unreal": (r"\b(?:if|would have|had (?:it|they)|could i|can i|what if|suppose|say the|in case)\b"),
    "hedge": (
        r"\b(?:maybe|might|perhaps|not sure|could be|i think|sort of|kind of|a bit|slightly|"
        r"suppose|in fairness)\b"
    ),
    "others": (
        r"\b(?:aldi|lidl|tesco|amazon|other shop|the other crowd|next door|supermarket|"
        r"elsewhere|theirs)\b"
    ),
    "hours": (
        r"\b(?:open|close\w*|closing|hours|opening|parking|car park|toilet\w*|wifi|hiring|"
        r"jobs?|queue\w*|music|staff|vacanc\w*|newsletter|unsubscribe|invoice|ignore|select|"
        r"script|http\w*|www)\b"
    ),
    "how_to": (
        r"\b(?:how (?:do|does|long|often|to)|what(?:'s| is)|which|is (?:the|it|this)|"
        r"does (?:the|it)|can (?:you|i) (?:freeze|wash|use|put)|suitable|safe|dishwasher|"
        r"recipe|difference)\b"
    ),
    "many": (
        r"\b(?:\d{2,}|dozen|case|crate|tray|wholesale|trade|restaurant|school|office|club|"
        r"people|asked|x\d)\b"
    ),
    "mocking": (
        r"\b(?:thanks for nothing|congratulations|well done|bravo|lol|clearly|obviously|"
        r"apparently|sure|brilliant|super|what a|love how|love a|love that|nothing says|"
        r"if you (?:enjoy|like)|great,|oh great)\b"
    ),
    "not": (
        r"\b(?:no|not|never|none|nothing|without|n't|dont|didnt|isnt|wasnt|cant|wont|hasnt|"
        r"havent)\b|n't\b"
    ),
    "but": (r"\b(?:but|though|although|however|except|shame|pity|if only|only wish|just wish)\b"),
    "part": (
        r"\b(?:lid|handle|cover|case|spare|refill|cartridge|strap|stand|seal|filter|holder|"
        r"bulb|battery)\b"
    ),
    "joke_price": (
        r"\b(?:mortgage|kidney|arm and a leg|taking the mick|taking the p\w*|daylight|"
        r"extort\w*|steep)\b"
    ),
}
CUES = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _LISTS.items()}
LONG_TEXT = (30, 60, 160, 400)
MOST_LETTERS = 4000
MOST_COUNTED = 3
REMEMBERED = 1024
"""A text is asked for its features once for its types and once for each signal."""
THING = "THING"


@lru_cache(maxsize=REMEMBERED)
def cues(text: str) -> tuple[str, ...]:
    """The kinds of telling words that stand in a text, by name.

    >>> cues("is the feta back in yet?")
    ('asks_back', 'how_to', '?')
    """
    said = level(text[:MOST_LETTERS])
    found = [name for name, pattern in CUES.items() if pattern.search(said)]
    found.extend(sign for sign in "?!\u20ac" if sign in said)
    return tuple(found)


@lru_cache(maxsize=REMEMBERED)
def bag(
    text: str, known: tuple[Known, ...], channel: str = "", rating: int | None = None
) -> Mapping[str, int]:
    """What a text is made of, by name: n-grams, cues, pairs of cues, channel, stars.

    Catalogue words ("mug", "compost") all count as one: what is said of them matters, not which they are.
    """
    tokens = tokens_of(text[:MOST_LETTERS])
    things = {start for start, _, much in known if much >= HEAD}
    said = [_plain(token, things) for token in tokens]
    said = [word for at, word in enumerate(said) if word != THING or said[at - 1 : at] != [THING]]
    letters = letter_grams(token.low for token in tokens)
    out: Counter[str] = Counter({f"l:{gram}": count for gram, count in letters.items()})
    out.update(f"w:{word}" for word in said)
    out.update(f"w:{first} {second}" for first, second in zip(["^", *said], [*said, "$"], strict=True))
    out.update(told(text, things))
    out.update(f"c:longer than {size}" for size in LONG_TEXT if len(text) > size)
    out[f"c:in {channel}"] += 1
    if rating is not None:
        out[f"c:{rating} stars"] += 1
    return MappingProxyType(out)


@lru_cache(maxsize=REMEMBERED)
def _of_word(word: str) -> tuple[str, ...]:
    """The letters of a word, 2 to 5 at a time, with its ends."""
    padded = f" {word} "
    sizes = range(2, min(6, len(padded)))
    found = [padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1)]
    return (*found, padded) if len(padded) < 6 else tuple(found)


def letter_grams(words: Iterable[str]) -> Counter[str]:
    """Counts of letter n-grams inside words."""
    out: Counter[str] = Counter()
    for word in words:
        out.update(_of_word(word))
    return out


def told(text: str, things: Collection[int]) -> list[str]:
    """The cues of a text as features: each, each two together, each with or without a known thing."""
    found = cues(text)
    kind = "known" if things else "none"
    return [
        *(f"c:{cue}" for cue in found),
        *(f"c:{one}+{other}" for at, one in enumerate(found) for other in found[at + 1 :]),
        *(f"c:{cue} {kind}" for cue in found),
        f"c:{min(len(things), MOST_COUNTED)} things",
    ]


def _plain(token: Token, things: Collection[int]) -> str:
    if token.start in things:
        return THING
    return "#" if token.low[0].isdigit() else token.low

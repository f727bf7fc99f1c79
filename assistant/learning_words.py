"""How people teach words: "by 'green top' I mean semi-skimmed", "we call the warehouse 'the barn'"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intents.words import clean

LONGEST = 60
MOST_WORDS = 6

_PEOPLE = (
    r"(?:i|we|they|you|people|staff|the staff|everybody|everyone|everyone here|somebody|someone|anyone|"
    r"customers|a customer|all of us|tom|lets|let's|let us)"
)
_QUOTED = r"[\"'](?P<words>[^\"]{1,300}?)[\"']"
_BARE = r"(?P<words>\S.{0,299}?)"
_THING = r"(?P<thing>\S.{0,299}?)"
_BEGIN = (
    r"^\W*(?:(?:please|hey|hi|ok|okay|so|and|btw|by the way|fyi|note|remember|learn|know|from now on|"
    r"just so you know|can you|could you)\b(?: that| this)?\W*)*"
)
_END = r"(?:,?\s*(?:from now on|please|pls|ok|okay|thanks|thank you|around here|here))*\s*[.!]*$"
_STANDS_FOR = (
    r"(?:means|always means|stands for|is short for|refers to|is what (?:i|we|they) call|is the same as|"
    r"is (?:our|my|the|a|another|shop|staff|short) ?"
    r"(?:word|name|nickname|slang|shorthand|code ?word|alias) ?for)"
)
_MEAN = (
    rf"(?:(?:{_PEOPLE} (?:always |usually |actually |really |just )*|it |that )(?:means?|am talking about|"
    r"want|wants)|it is|it's|its|that is|that's|thats)"
)


def _sentence(pattern: str) -> re.Pattern[str]:
    return re.compile(f"{_BEGIN}{pattern}{_END}", re.IGNORECASE)


def _either(pattern: str) -> tuple[re.Pattern[str], ...]:
    """The pattern for words in quotation marks and for bare ones."""
    return _sentence(pattern.replace("WORDS", _QUOTED)), _sentence(pattern.replace("WORDS", _BARE))


_TEACHES = (
    *_either(
        rf"(?:when|whenever|if|where) {_PEOPLE} "
        rf"(?:say|says|write|writes|type|types|ask for|asks for|mention) WORDS,?(?: then)? {_MEAN} {_THING}"
    ),
    *_either(rf"(?:by|with) (?!the way\b)WORDS,? {_MEAN} {_THING}"),
)
_MAY_TEACH = (
    *_either(rf"WORDS {_STANDS_FOR} {_THING}"),
    *_either(rf"WORDS\s*=\s*{_THING}"),
    *_either(rf"(?:(?:make|add|create|set) )?(?:an )?alias:? WORDS (?:for|to|=) {_THING}"),
    *_either(
        rf"(?:add|use|have|keep) WORDS as (?:an? |another |the )?(?:alias|nickname|name|word|shorthand)"
        rf" (?:for|of) {_THING}"
    ),
    *_either(rf"(?:{_PEOPLE} )?(?:treat|read|take|understand|interpret) WORDS (?:as|to mean) {_THING}"),
    *_either(rf"{_PEOPLE} use WORDS (?:for|to mean) {_THING}"),
    *_either(rf"{_THING} (?:is|are)(?: also| usually| always)* (?:called|known as|nicknamed) WORDS"),
    *_either(rf"{_PEOPLE} (?:refer to|know) {_THING} as WORDS"),
    _sentence(rf"{_QUOTED} (?:is|are) {_THING}"),
    _sentence(rf"(?:{_PEOPLE} (?:all |always |usually |just )*)?(?:calls?|nickname) {_THING} {_QUOTED}"),
)
_DENIES = re.compile(r"\b(?:no longer|not|never|n't)$", re.IGNORECASE)
_CALLS = _sentence(rf"(?:{_PEOPLE} (?:all |always |usually |just )*)?(?:calls?|nickname) {_THING}")
_LISTS = re.compile(
    r"^\W*(?:(?:can|could) you )?(?:please )?(?:"
    r"what (?:else )?(?:have|did) (?:you|u) (?:learn|learned|learnt|remember|remembered)"
    r"(?: so far| from us)?|"
    r"what (?:words|names|nicknames) (?:do|have) (?:you|u) (?:know|learn|learned|learnt|remember)|"
    r"(?:what|which words|which names) (?:have|did) (?:i|we) (?:teach|taught) (?:you|u)|"
    r"(?:show|list|tell)(?: me| us)? (?:all |my |our |the )*(?:what you(?:'ve| have)? (?:learned|learnt)|"
    r"(?:shop )?(?:nicknames|aliases)|"
    r"(?:the |all |our |my )*(?:words|names|nicknames) (?:that )?you(?:'ve| have)? (?:learned|learnt|know)|"
    r"(?:the |our |my )?(?:learned|learnt|taught) words)"
    r")(?: please)?\W*$",
    re.IGNORECASE,
)
_FORGETS = (
    re.compile(
        r"^\W*(?:please )?(?:forget|unlearn|stop using|don't use|remove|delete|drop)(?: about)?"
        r"(?P<plain> (?:the |my |our )?(?:word|words|nickname|alias)| what (?:i|we) said about)?"
        r" (?P<words>\S.{0,299}?)(?: again| please| any ?more)*\W*$",
        re.IGNORECASE,
    ),
    re.compile(
        r"^\W*(?P<words>\S.{0,299}?) (?:no longer means?|(?:doesn'?t|does not|don'?t) mean) .{1,300}$",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a message teaches.

    ``words`` shall mean ``thing``; where ``words`` is empty, ``thing`` ends with them.  ``plain``
    says that the sentence can mean nothing else.
    """

    words: str
    thing: str
    plain: bool


def lessons(text: str) -> tuple[Lesson, ...]:
    """The ways in which a message may teach a word, the surest first."""
    said = clean(text)
    if said.endswith("?"):
        return ()
    found = [
        Lesson(bare(match["words"]), bare(match["thing"]), plain)
        for patterns, plain in ((_TEACHES, True), (_MAY_TEACH, False))
        for pattern in patterns
        if (match := pattern.match(said)) and not _DENIES.search(bare(match["words"]))
    ]
    calls = _CALLS.match(said)
    if calls:
        found.append(Lesson("", bare(calls["thing"]), plain=False))
    return tuple(found)


def asks_for_list(text: str) -> bool:
    """Whether somebody wants to see what was learned."""
    return _LISTS.match(clean(text)) is not None


def to_forget(text: str) -> tuple[tuple[str, bool], ...]:
    """The words that a message may want forgotten, and whether it can mean nothing else."""
    said = clean(text)
    found = [match for pattern in _FORGETS if (match := pattern.match(said))]
    return tuple((bare(match["words"]), bool(match.groupdict().get("plain"))) for match in found)


def bare(words: str) -> str:
    """Words without quotation marks and signs around them."""
    return words.strip(" \"'.,;:!()[]<>")

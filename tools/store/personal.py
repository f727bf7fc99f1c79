"""Personal data in customers' words: found by rules and taken out, each piece replaced by what it was.

What is found: e-mail addresses, phone numbers, payment cards, bank accounts (IBAN), postcodes and
addresses, names after a title, in a greeting or a signature or beside a contact, and the full names of
the shop's customers.  Words of the shop's products, their codes and plain quantities are never taken out.
Rules find what is written the usual way; a name in the middle of a sentence that nobody knows stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

EMAIL, PHONE, CARD, ACCOUNT = "[email]", "[phone]", "[card number]", "[bank account]"
ADDRESS, NAME = "[address]", "[name]"
PLACEHOLDERS = (EMAIL, PHONE, CARD, ACCOUNT, ADDRESS, NAME)

_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,4}[a-zA-Z]{2,24}\b")
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z0-9_][A-Za-z0-9_.]{1,28}[A-Za-z0-9_]\b")
_DIGITS = re.compile(r"(?<![\w£$€.,/#-])\+?\(?\d(?:[\s().\-/]{0,2}\d){6,21}(?![\w%]|[.,]\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_DATE = re.compile(
    r"(?:19|20)\d\d[-/. ]\d{1,2}[-/. ]\d{1,2}|\d{1,2}[-/. ]\d{1,2}[-/. ](?:19|20)?\d\d(?:[ T]\d\d)?|"
    r"(?:19|20)\d\d ?[-/] ?(?:19|20)\d\d"
)
# The last two letters of a postcode are never C I K M O V, which keeps "pk", "kg", "ml" and "cm" out.
_POSTCODE = re.compile(
    r"\b(?!(?-i:a4|A4) \d)[A-Z]{1,2}\d[A-Z\d]? ?\d(?!(?:lb|gb|ft)\b)[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w'’\-]*"
_STREETS = (
    r"Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Crescent|Cres|Terrace|Mews|Boulevard|Blvd|Drive|Close|Court|Way"
)
_LOOSE_STREETS = r"Square|Place|Park|Row|Walk|Hill|Gardens|Grove|Green|Rise|View|Quay|Wharf"
_TOWN = rf", ?{_CAPITAL}(?: {_CAPITAL})?"
_CODE = r",? ?\[address\]"
_FLAT = r"(?:(?:[Ff]lat|[Aa]partment|[Aa]pt\.?|[Uu]nit) ?\w{1,4},? )?"
_ADDRESSES = (
    re.compile(
        rf"\b{_FLAT}\d{{1,4}}[a-zA-Z]?,? (?:{_CAPITAL} ){{1,3}}(?:{_STREETS})\b\.?(?:{_TOWN})?(?:{_CODE})?"
    ),
    re.compile(
        rf"\b{_FLAT}\d{{1,4}}[a-zA-Z]?,? (?:{_CAPITAL} ){{1,3}}(?:{_LOOSE_STREETS})"
        rf"(?:{_TOWN}(?:{_CODE})?|{_CODE})"
    ),
    re.compile(
        rf"(?<=\bat )\d{{1,4}}[a-zA-Z]? (?:[\w'’]+ ){{1,3}}(?:{_STREETS}|{_LOOSE_STREETS})\b", re.IGNORECASE
    ),
    re.compile(r"\b[A-ZÄÖÜ][\wäöüß\-]*(?:straße|strasse|str\.|gasse|weg|platz|allee) ?\d{1,4}[a-z]?\b"),
    re.compile(
        r"\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|bd|chemin|impasse|allée|quai) "
        rf"(?:(?:de|du|des|la|le|les) |[dl]['’])*{_CAPITAL}(?: {_CAPITAL})?"
    ),
    re.compile(rf"\b(?:[Cc]alle|[Vv]ia|[Rr]ua) (?:{_CAPITAL} ){{1,3}}(?:n\.? ?)?\d{{1,4}}\b"),
)
_TITLES = r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Rev|Sir|Madam|Herr|Frau|Mme|Mlle|Monsieur|Madame|Señora?|Signora?"
_NAME = rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}"
_TITLED = re.compile(rf"\b(?:{_TITLES})\.? ((?:[A-Z]\.? ){{0,2}}{_CAPITAL}(?: {_CAPITAL})?)")
_INTRODUCED = re.compile(
    r"\b(?:[Mm]y name(?:['’]s| is)|[Mm]y names|[Tt]he name is|[Tt]he name['’]s|[Nn]ame[:=]|"
    r"(?:customer|lady|man|gentleman|woman|guy|chap|lad|regular|neighbour) (?:called|named)|"
    r"[Ii]['’]m called|[Ii]ch hei(?:ß|ss)e|[Mm]ein Name ist|[Jj]e m['’]appelle|[Mm]e llamo|[Mm]i chiamo) "
    rf"({_NAME})"
)
_CALLING = re.compile(rf"\b[Tt]his is ({_NAME})(?= (?:here|calling|from|at|again)\b|,)")
_BESIDE = re.compile(
    rf"\b({_NAME})(?=(?:,| -| –|:)? ?(?:\(|on |at |tel\.? |phone |mob(?:ile)? )?\[(?:phone|email)\])"
)
_GREETED = re.compile(
    r"^(?:Hi|Hello|Hey|Dear|Hallo|Liebe[rs]?|Bonjour|Hola|Ciao) "
    rf"({_CAPITAL})(?=\s*(?:[,!:]|\n|$))",
    re.MULTILINE,
)
_CLOSING = (
    r"(?:[Kk]ind(?:est)?|[Bb]est|[Ww]arm(?:est)?|[Mm]any)? ?"
    r"(?:[Rr]egards|[Ww]ishes|[Tt]hanks(?: in advance)?|[Tt]hank you|[Cc]heers|[Tt]hx|[Tt]a|[Ll]ove|"
    r"[Yy]ours(?: sincerely| faithfully| truly)?|[Ss]incerely|[Bb]est|[Gg]r(?:üße|uesse|uß)|"
    r"[Cc]ordialement|[Ss]aludos)"
)
_SIGNED = re.compile(
    rf"\b{_CLOSING}(?:[ \t]*[,.!\-–—]*[ \t]*\n\s*|[ \t]*[,!\-–—]+[ \t]*|[ \t]+)"
    rf"({_CAPITAL}(?:[ \t]+{_CAPITAL}){{0,2}})(?=[ \t]*(?:x{{1,4}}|[.!,])?[ \t]*(?:\n|$|\())"
)
_SIGNED_SMALL = re.compile(
    rf"\b{_CLOSING}[ \t]*[,.!]*[ \t]*\n\s*([a-zà-þ]{{2,15}}(?: [a-zà-þ]{{1,15}})?)\s*x*\s*$"
)
_DASHED = re.compile(rf"(?:^|\s)[–—-]{{1,2}} ?({_NAME})\s*$")
_INITIALS = re.compile(rf"(?:[.!?]\s+|\n\s*)((?:[A-Z]\.? ?){{1,2}} ?{_CAPITAL})\s*$")
_NAMES: tuple[re.Pattern[str], ...] = (
    _TITLED, _INTRODUCED, _CALLING, _BESIDE, _GREETED, _SIGNED, _SIGNED_SMALL, _DASHED, _INITIALS,
)  # fmt: skip
# What stands where names stand, and is none.
_NO_NAMES = frozenset(
    _WORD.findall(
        "a all again always any anyone anybody both but call called chat customer customers dad delivery do "
        "dear everybody everyone everything folks for friends from fully good great guys happy have hello "
        "help here hi how i if in ireland is it kindly kitty ladies later love lovely lots madam mam manager "
        "many mate me merry mum more morning much my name nice no not now order our out owner please quick "
        "regards ring sales santa service shop sir sirs so soon staff store still super support sure sweet "
        "team tel thank thanks that the them there these this those to today tomorrow tonight top uk us very "
        "we welcome well what when where which while who why will wishes with would yes you your yours "
        "cheers best kind email phone mobile monday tuesday wednesday thursday friday saturday sunday "
        "january february march april may june july august september october november december christmas"
    )
)
# Makers whose name is a person's with a title: somebody asks for the thing.
_BRANDS = frozenset(
    _WORD.findall(
        "pepper bronner bronners martens oetker karg beckmann teal kipling muscle porky men potato bean "
        "freeze beeton tilly elswood crimble hinch piggy kensington whippy"
    )
)


@dataclass(frozen=True)
class Masker:
    """Takes personal data out of one shop's texts.

    Args:
        people: Full names of the shop's customers, word by word, and ``firsts`` the first of each.
        vocabulary: All words in names of products and of the shop: they stay, whatever they look like.
        codes: SKUs, barcodes and numbers of orders, likewise.
    """

    people: frozenset[tuple[str, ...]] = frozenset()
    vocabulary: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    firsts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[str], goods: Iterable[str], codes: Iterable[str]) -> Masker:
        """The masker of a shop with these customers, products and codes."""
        names = frozenset(name for one in people if len(name := _name_words(one)) > 1)
        words = frozenset(word.lower() for one in goods for word in _WORD.findall(one))
        firsts = frozenset(name[0] for name in names)
        return cls(names, words, frozenset(_bare(code) for code in codes) - {""}, firsts)

    def mask(self, text: str) -> str:
        """The text without personal data; the very same text where there is none."""
        masked = _EMAIL.sub(EMAIL, text)
        masked = _HANDLE.sub(_if(self._is_person, NAME), masked)
        masked = _IBAN.sub(_if(_is_iban, ACCOUNT), masked)
        masked = _DIGITS.sub(self._number, masked)
        masked = _POSTCODE.sub(_if(self._is_postcode, ADDRESS), masked)
        for pattern in _ADDRESSES:
            masked = pattern.sub(_if(self._is_address, ADDRESS), masked)
        masked = self._without_known(masked)
        for pattern in _NAMES:
            masked = pattern.sub(self._named, masked)
        return masked

    def _number(self, match: re.Match[str]) -> str:
        said = match[0]
        digits = re.sub(r"\D", "", said)
        if digits in self.codes or _DATE.fullmatch(said.strip()):
            return said
        if 14 <= len(digits) <= 19 and _is_card(digits):
            return CARD
        return PHONE if _is_phone(said, digits) else said

    def _is_person(self, handle: str) -> bool:
        return _bare(handle) not in self.codes

    def _is_postcode(self, said: str) -> bool:
        return re.sub(r"\W", "", said).lower() not in self.codes

    def _is_address(self, said: str) -> bool:
        """A quantity of goods is no address, even where one is called a garden way."""
        words = [word.lower() for word in _WORD.findall(said)]
        return not all(word in self.vocabulary for word in words)

    def _without_known(self, text: str) -> str:
        """Full names of the shop's customers, however they are written."""
        words = list(_WORD.finditer(text))
        lower = [word[0].lower() for word in words]
        spans = []
        for place, word in enumerate(lower):
            if word in self.firsts:
                size = next((n for n in (4, 3, 2) if tuple(lower[place : place + n]) in self.people), 0)
                if size and not all(each in self.vocabulary for each in lower[place : place + size]):
                    spans.append((words[place].start(), words[min(place + size, len(words)) - 1].end()))
        for start, end in reversed(spans):
            text = text[:start] + NAME + text[end:]
        return text

    def _named(self, match: re.Match[str]) -> str:
        said = match[1]
        names = [part.lower() for part in _WORD.findall(said)]
        if any(name in _NO_NAMES for name in names[:1]) or all(name in self.vocabulary for name in names):
            return match[0]
        if names[0] in _BRANDS or names[0].removesuffix("'s") in _BRANDS:
            return match[0]
        start, end = match.start(1) - match.start(), match.end(1) - match.start()
        end -= 2 if said.endswith(("'s", "’s")) else 0
        return match[0][:start] + NAME + match[0][end:]


NOBODY = Masker()


def _if(fits: Callable[[str], bool], instead: str) -> Callable[[re.Match[str]], str]:
    return lambda match: instead if fits(match[0]) else match[0]


def _is_phone(said: str, digits: str) -> bool:
    """A number as phones are written: with a country, a leading zero, or in groups with a bracket."""
    if not 7 <= len(digits) <= 15 or (len(digits) in (8, 12, 13, 14) and _is_barcode(digits)):
        return said.startswith("+") and 8 <= len(digits) <= 15
    if said.startswith("0."):
        return False
    grouped = re.fullmatch(r"\(?\d{3}\)?[ .\-]\d{3}[ .\-]\d{4}", said.strip()) is not None
    return said.startswith(("+", "(0")) or (digits.startswith("0") and len(digits) >= 9) or grouped


def _is_barcode(digits: str) -> bool:
    """Whether the check digit is that of a GTIN (GS1 General Specifications, section 7.9)."""
    body, check = digits[:-1], int(digits[-1])
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return (10 - total % 10) % 10 == check


def _is_card(digits: str) -> bool:
    """Whether the check digit is that of a payment card (Luhn; ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _is_iban(said: str) -> bool:
    """Whether the check digits hold (ISO 13616: the number modulo 97 is 1)."""
    plain = said.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in plain[4:] + plain[:4])) % 97 == 1


@lru_cache(maxsize=20_000)
def _name_words(name: str) -> tuple[str, ...]:
    """A name's words in small letters, its title left out."""
    words = [word.lower() for word in _WORD.findall(name)]
    titles = {title.lower() for title in _TITLES.replace("?", "").split("|")}
    return tuple(words[1:] if words and words[0] in titles else words)


def _bare(code: str) -> str:
    return re.sub(r"\W", "", code).lower()

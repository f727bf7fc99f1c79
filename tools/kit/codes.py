"""What a bar code says: which product of the catalogue it is, and the lot and use-by date it carries.

A shop's numbers are written in many ways (EAN-13, UPC-A with or without its leading zero, GTIN-14,
ISBN-10, without check digit); they are compared as the same 14 digits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tools.store import Catalogue

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementStrings

GTIN_DIGITS = 14
_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1_IDENTIFIERS = ("]C1", "]e0", "]d2", "]Q3", "]J1")
_READABLE_GS1 = re.compile(r"\(\d{2,4}\)")
_ISBN10 = re.compile(r"\d{9}[\dXx]")
_EXPIRY = ("17", "15", "16")
_COUNT = ("37", "30")
_WEIGHT = re.compile(r"310\d")


@dataclass(frozen=True, slots=True)
class Scanned:
    """One code as understood.

    ``shown`` is what a person would read out, ``gtin`` its 14 digits where it is a trade item's,
    ``outer`` whether it is the number of an outer packaging (a case) of the product.  ``quantity`` is in
    pieces, ``kilograms`` the net weight.
    """

    shown: str
    gtin: str = ""
    products: tuple[str, ...] = ()
    lot: str = ""
    expiry: date | None = None
    quantity: Decimal | None = None
    kilograms: Decimal | None = None
    outer: bool = False

    def to_detail(self) -> str:
        """For a button."""
        carried = {
            "shown": self.shown,
            "lot": self.lot,
            "expiry": self.expiry.isoformat() if self.expiry else "",
            "quantity": str(self.quantity or ""),
            "kilograms": str(self.kilograms or ""),
            "outer": self.outer,
        }
        return json.dumps({name: value for name, value in carried.items() if value})

    @classmethod
    def from_detail(cls, detail: str) -> Scanned:
        """What a button carried; the products are the call's own."""
        raw = json.loads(detail)
        day, quantity, weight = (raw.get(name, "") for name in ("expiry", "quantity", "kilograms"))
        return cls(
            shown=raw.get("shown", ""),
            lot=raw.get("lot", ""),
            expiry=date.fromisoformat(day) if day else None,
            quantity=Decimal(quantity) if quantity else None,
            kilograms=Decimal(weight) if weight else None,
            outer=bool(raw.get("outer")),
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """The catalogue by what its codes are: ``exact`` by full number, ``bare`` without check digit."""

    exact: dict[str, list[str]] = field(default_factory=dict)
    bare: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, list[str]] = field(default_factory=dict)


def known_to(catalogue: Catalogue) -> Callable[[str], bool]:
    """Whether a code (as a message carries it) is that of a product."""
    numbers = numbers_of(catalogue)
    return lambda code: bool(understood(code, numbers).products)


def numbers_of(catalogue: Catalogue) -> Numbers:
    """Every number and name by which a code can be found."""
    numbers = Numbers()
    for product in catalogue.products.values():
        for written in (product.sku, product.barcode, *product.aliases):
            _enter(numbers, written, product.sku)
    for taught in catalogue.taught:
        if taught.kind == "product" and taught.code in catalogue.products:
            _enter(numbers, taught.words, taught.code)
    return numbers


def _enter(numbers: Numbers, written: str, sku: str) -> None:
    if not written:
        return
    for gtin in _as_gtins(written):
        numbers.exact.setdefault(gtin, []).append(sku)
    if _lacks_check(written):
        numbers.bare.setdefault(_digits(written).zfill(GTIN_DIGITS - 1), []).append(sku)
    numbers.names.setdefault(_plain(written), []).append(sku)


def understood(code: str, numbers: Numbers) -> Scanned:
    """What one code says, found in the catalogue where it is there."""
    identifier, text = _taken_apart(code)
    carried = _gs1(identifier, text)
    if carried is None:
        return _by_number(text.strip(), numbers) or _by_name(text, numbers)
    return _with_application(text, carried, numbers)


def is_gtin(digits: str) -> bool:
    """Whether these are 8, 12, 13 or 14 digits with the right check digit."""
    return len(digits) in (8, 12, 13, 14) and digits.isdecimal() and check_digit(digits[:-1]) == digits[-1]


def check_digit(body: str) -> str:
    """The GS1 check digit of a number without it (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _taken_apart(code: str) -> tuple[str, str]:
    found = _IDENTIFIER.match(code)
    return (found[0], code[3:]) if found else ("", code)


def _by_number(text: str, numbers: Numbers) -> Scanned | None:
    digits = _digits(text)
    if not digits or len(digits) > GTIN_DIGITS:
        return None
    gtin = digits.zfill(GTIN_DIGITS)
    skus = numbers.exact.get(gtin) or numbers.names.get(_plain(text)) or numbers.bare.get(gtin[:-1])
    if skus:
        return Scanned(digits, gtin, _once(skus))
    inner = numbers.exact.get(_inner(gtin), []) if is_gtin(gtin) else []
    weighed = numbers.exact.get(_unweighed(gtin), []) if is_gtin(gtin) else []
    return Scanned(digits, gtin if is_gtin(digits) else "", _once(inner or weighed), outer=bool(inner))


def _by_name(text: str, numbers: Numbers) -> Scanned:
    skus = numbers.names.get(_plain(text), [])
    if not skus and "/" in text:  # the address of a product's page on a label of our own
        skus = numbers.names.get(_plain(unquote(_path(text)).rpartition("/")[2]), [])
    return Scanned(text.strip(), products=_once(skus))


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def _with_application(text: str, carried: GS1ElementStrings, numbers: Numbers) -> Scanned:
    item = carried.get(ai="01") or carried.get(ai="02")
    found = _by_number(item.value, numbers) if item else None
    lot, expiry = carried.get(ai="10"), _first(carried, _EXPIRY)
    count, weight = _first(carried, _COUNT), next((one for one in carried if _WEIGHT.match(one.ai.ai)), None)
    return Scanned(
        shown=found.shown.lstrip("0") if found else text.replace("\x1d", " "),
        gtin=item.value if item else "",
        products=found.products if found else (),
        lot=lot.value if lot else "",
        expiry=expiry.date if expiry else None,
        quantity=Decimal(count.value) if count and int(count.value) else None,
        kilograms=weight.decimal if weight else None,
        outer=found.outer if found else False,
    )


def _first(carried: GS1ElementStrings, identifiers: Iterable[str]) -> Any:
    return next((one for ai in identifiers if (one := carried.get(ai=ai)) is not None), None)


def _gs1(identifier: str, text: str) -> GS1ElementStrings | None:
    """The element strings of a GS1 code or Digital Link; None where it is neither."""
    if identifier in _GS1_IDENTIFIERS or _looks_like_gs1(text):
        return _message(text)
    return _link(text) if text[:8].lower().startswith(("http://", "https://")) else None


def _looks_like_gs1(text: str) -> bool:
    """Readers that keep the start sign to themselves, and people who print the readable form."""
    item = text[2:16]
    return bool(_READABLE_GS1.match(text)) or (len(text) > 16 and text.startswith("01") and is_gtin(item))


def _message(text: str) -> GS1ElementStrings | None:
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    try:
        parsed = GS1Message.parse_hri(text) if text.startswith("(") else GS1Message.parse(text)
    except (ParseError, ValueError):
        return None
    return parsed.element_strings


def _link(text: str) -> GS1ElementStrings | None:
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    try:
        return GS1DigitalLinkURI.parse(text).element_strings
    except (ParseError, ValueError):
        return None


def _digits(text: str) -> str:
    """The digits of a written number; "" where it is no number."""
    bare = text.strip().replace(" ", "").replace("-", "")
    return bare if bare.isascii() and bare.isdecimal() else ""


def _as_gtins(written: str) -> set[str]:
    """The 14 digits under which a written number is found."""
    digits = _digits(written)
    bare = written.replace("-", "").strip()
    found = {digits.zfill(GTIN_DIGITS)} if 6 <= len(digits) <= GTIN_DIGITS else set()
    if _ISBN10.fullmatch(bare):
        book = f"978{bare[:9]}"
        found.add(f"{book}{check_digit(book)}".zfill(GTIN_DIGITS))
    if len(digits) == 8 and digits[0] in "01":
        found.add(expanded(digits).zfill(GTIN_DIGITS))
    return found


def expanded(upc_e: str) -> str:
    """UPC-A of an eight-digit UPC-E (GS1 General Specifications, 5.2.2.4)."""
    system, body, last = upc_e[0], upc_e[1:7], upc_e[6]
    if last in "012":
        middle = f"{body[:2]}{last}0000{body[2:5]}"
    elif last in "34":
        middle = f"{body[: int(last)]}{'0' * (8 - int(last))}{body[int(last) : 5]}"
    else:
        middle = f"{body[:5]}0000{last}"
    return f"{system}{middle}{upc_e[7]}"


def _lacks_check(written: str) -> bool:
    digits = _digits(written)
    return len(digits) in (11, 12, 13) and not is_gtin(digits.zfill(GTIN_DIGITS))


def _inner(gtin: str) -> str:
    """The item in a case: its number starts with 0 and has its own check digit."""
    body = f"0{gtin[1:-1]}"
    return f"{body}{check_digit(body)}" if gtin[0] in "12345678" else ""


def _unweighed(gtin: str) -> str:
    """A number that a scale printed, with zeros where weight or price stand (prefix 2, five digits)."""
    body = f"{gtin[:8]}00000"
    return f"{body}{check_digit(body)}" if gtin.startswith("02") else ""


def _plain(name: str) -> str:
    return name.strip().casefold()


def _once(skus: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(skus))

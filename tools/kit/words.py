"""How numbers, days, money and names are said.  Plain text that reads well aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tools.kit.reply import listed
from tools.kit.slots import Period
from tools.store import Catalogue, Product

SYMBOLS = {"GBP": "£", "EUR": "€", "USD": "$", "INR": "₹"}
PIECES = frozenset({"", "each", "unit", "piece", "item"})
MEASURES = frozenset({"kg", "g", "l", "ml", "m", "cm"})
CENT = Decimal("0.01")
# Nouns that a shop does not put into the plural: "20 whole milk".
UNCOUNTED = frozenset(
    {
        *("milk", "coffee", "tea", "chocolate", "bread", "butter", "cream", "oil", "rice", "flour", "sugar"),
        *("cheese", "juice", "water", "honey", "wine", "beer", "soap", "salt", "pasta", "ham", "salmon"),
        *("bakery", "dairy", "deli", "drink", "fruit", "glassware", "kitchenware", "stationery", "cheddar"),
    },
)
SIZES = frozenset({"small", "medium", "large", "mini", "big", "xs", "s", "m", "l", "xl", "xxl"})


def amount(value: Decimal | int) -> str:
    """A number without trailing zeros, thousands with commas: "1,250", "2.8"."""
    text = f"{Decimal(value):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def signed(value: Decimal | int) -> str:
    """A change, always with its sign: "+3", "-2.5"."""
    return f"+{amount(value)}" if value > 0 else amount(value)


def plural(count: Decimal | int, noun: str, many: str = "") -> str:
    """The count with its noun: "1 product", "3 boxes"."""
    return f"{amount(count)} {noun if count == 1 else (many or plural_of(noun))}"


def plural_of(noun: str) -> str:
    """The plural of an English noun, nouns of stuff left alone ("milk")."""
    lower = noun.lower()
    if lower in UNCOUNTED or (lower.endswith("s") and not lower.endswith(("ss", "us"))):
        return noun
    if lower.endswith(("ss", "us", "x", "ch", "sh", "z")):
        return f"{noun}es"
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    if lower.endswith("loaf"):
        return f"{noun[:-1]}ves"
    return f"{noun}s"


def quantity(product: Product, value: Decimal) -> str:
    """An amount of a product in its base unit: "42", "2.8 kg", "3 packs"."""
    if product.unit in PIECES:
        return amount(value)
    return f"{amount(value)} {product.unit}" if product.unit in MEASURES else plural(value, product.unit)


def quantity_of(product: Product, value: Decimal) -> str:
    """An amount with the product's name: "3 × Red Mug 350ml", "2.8 kg of Red Grapes"."""
    joint = "×" if product.unit in PIECES else "of"
    return f"{quantity(product, value)} {joint} {product.name}"


def money(value: Decimal, currency: str) -> str:
    """Money to the penny (a half goes up): "£1,234.50"; prices below a penny keep their places."""
    exact = abs(value)
    shown = amount(exact) if 0 < exact < CENT else f"{exact.quantize(CENT, ROUND_HALF_UP):,f}"
    sign = "-" if value < 0 else ""
    symbol = SYMBOLS.get(currency.upper())
    return f"{sign}{symbol}{shown}" if symbol else f"{sign}{shown} {currency}"


def pennies(value: Decimal) -> Decimal:
    """Money rounded to the penny, as :func:`money` shows it."""
    return value.quantize(CENT, ROUND_HALF_UP)


def number(value: Decimal | float | None) -> int | float | None:
    """A figure for ``data``: whole numbers as int, others as float."""
    if value is None:
        return None
    return int(value) if value == int(value) else float(value)


def day(when: date, today: date) -> str:
    """A day as people name it: "Mon 16 Mar", with the year where it is another one."""
    text = f"{when:%a} {when.day} {when:%b}"
    return text if when.year == today.year else f"{text} {when.year}"


def near_day(when: date, today: date) -> str:
    """A day seen from today: "today", "yesterday", "tomorrow", else as :func:`day`."""
    names = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return names.get((when - today).days) or day(when, today)


def span(period: Period, today: date) -> str:
    """A period by its name where it has one: "last week (Mon 9 – Sun 15 Mar)", "November 2011"."""
    if period.days == 1:
        return near_day(period.first, today)
    if _is_month(period):
        return _month_name(period, today)
    monday = today - timedelta(days=today.weekday())
    weeks = {0: "this week", -7: "last week", 7: "next week"}
    name = weeks.get((period.first - monday).days) if period.days == 7 else None
    return f"{name} ({_from_to(period, today)})" if name else _from_to(period, today)


def during(period: Period, today: date) -> str:
    """A period as the end of a sentence: "in November 2011", "on Tue 10 Mar", "last week (...)"."""
    text = span(period, today)
    if period.days == 1:
        return text if (period.first - today).days in (-1, 0, 1) else f"on {text}"
    if _is_month(period):
        return f"in {text}"
    return text if text.startswith(("this ", "last ", "next ")) else f"from {text.replace(' – ', ' to ')}"


def product_name(product: Product) -> str:
    """How the product is called."""
    return product.name


def group_name(products: Sequence[Product]) -> str:
    """What several products are called together: "red mugs", "mugs", or "" where nothing fits.

    The words that all names share count only if they end in the same head noun, sizes left out.
    """
    names = [_plain_words(product.name) for product in products]
    heads = {words[-1].lower() for words in names if words}
    if len(heads) == 1 and all(names):
        shared = [word.lower() for word in names[0] if all(_has(words, word) for words in names)]
        return " ".join([*shared[:-1], plural_of(shared[-1])])
    categories = {product.category for product in products}
    return plural_of(categories.pop().lower()) if len(categories) == 1 and "" not in categories else ""


def first_few(names: Sequence[str], most: int = 5, noun: str = "more") -> str:
    """The first names, and how many were left out: "a, b and 4 more"."""
    shown = list(names[:most])
    rest = len(names) - len(shown)
    return listed([*shown, f"{rest} {noun}"] if rest else shown)


def place_name(catalogue: Catalogue, code: str | None) -> str:
    """How people call a place; every place together where ``code`` is None."""
    return catalogue.location_name(code)


def sentences(*parts: str) -> str:
    """Join sentences, leaving out the empty ones."""
    return " ".join(part for part in parts if part)


def capital(text: str) -> str:
    """The text with a capital first letter, the rest left as it is."""
    return text[:1].upper() + text[1:]


def summed(values: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    return sum(values, Decimal(0))


def facts(**values: Any) -> dict[str, Any]:
    """A row of ``data``: Decimals as numbers, days as ISO text, the rest as it is."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, Period):
        return value.to_json()
    return value.isoformat() if isinstance(value, date) else value


def _is_month(period: Period) -> bool:
    after = period.last + timedelta(days=1)
    return period.first.day == 1 and after.day == 1 and period.days <= 31


def _month_name(period: Period, today: date) -> str:
    name = f"{period.first:%B}"
    return name if period.first.year == today.year else f"{name} {period.first.year}"


def _from_to(period: Period, today: date) -> str:
    last = day(period.last, today)
    first = day(period.first, period.last if period.first.year == period.last.year else today)
    if period.first.year != period.last.year and period.first.year == today.year:
        first = f"{first} {period.first.year}"
    if (period.first.year, period.first.month) == (period.last.year, period.last.month):
        first = f"{period.first:%a} {period.first.day}"
    return f"{first} – {last}"


def _plain_words(name: str) -> list[str]:
    words = name.split("(")[0].replace(",", " ").split()
    return [word for word in words if word.lower() not in SIZES and not any(map(str.isdigit, word))]


def _has(words: Iterable[str], wanted: str) -> bool:
    return any(word.lower() == wanted.lower() for word in words)

"""Units: what was said becomes the product's base unit, exactly or not at all.

All factors are whole fractions, so a conversion there and back gives the same amount.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tools.kit.reply import Refused
from tools.kit.words import MEASURES, PIECES, amount, plural
from tools.store import Product

STEP = Decimal("0.001")
SYNONYMS = {
    **dict.fromkeys(("unit", "units", "piece", "pieces", "pc", "pcs", "no", "nos"), "each"),
    **dict.fromkeys(("item", "items", "ea", "single", "singles"), "each"),
    **dict.fromkeys(("packs", "packet", "packets", "pk", "pkt", "pks", "multipack"), "pack"),
    **dict.fromkeys(("cases", "box", "boxes", "crate", "crates", "bx", "cs", "tray", "trays"), "case"),
    **dict.fromkeys(("dozens", "doz", "dz"), "dozen"),
    **dict.fromkeys(("pairs",), "pair"),
    **dict.fromkeys(("kilo", "kilos", "kilogram", "kilograms", "kgs"), "kg"),
    **dict.fromkeys(("gram", "grams", "gm", "gms"), "g"),
    **dict.fromkeys(("litre", "litres", "liter", "liters", "ltr"), "l"),
    **dict.fromkeys(("millilitre", "millilitres", "milliliter", "milliliters"), "ml"),
}
# What one piece may be called by the thing that holds it.
VESSELS = {
    *("bottle", "jar", "tin", "can", "bag", "tub", "tube", "bar"),
    *("loaf", "roll", "pot", "punnet", "set", "card", "bunch"),
}
COUNTED = {"each": 1, "pair": 2, "dozen": 12}
SCALES = {
    ("kg", "g"): Fraction(1, 1000),
    ("g", "kg"): Fraction(1000),
    ("l", "ml"): Fraction(1, 1000),
    ("ml", "l"): Fraction(1000),
}


def unit_name(unit: str | None, product: Product) -> str:
    """The unit's one name ("kilos" is "kg"); the product's own unit where none was said."""
    word = (unit or product.unit or "each").strip().lower().rstrip(".")
    return SYNONYMS.get(word) or (word[:-1] if word[:-1] in VESSELS else word)


def factor(product: Product, unit: str | None) -> Fraction | Refused:
    """How many base units one ``unit`` of the product is; refused where nobody knows."""
    name, base = unit_name(unit, product), unit_name(None, product)
    if name == base:
        return Fraction(1)
    if (base, name) in SCALES:
        return SCALES[(base, name)]
    if name in ("case", "pack", "carton"):
        return _packed(product, name, base)
    if base not in MEASURES and name in VESSELS | COUNTED.keys():
        return Fraction(COUNTED.get(name, 1), COUNTED.get(base, 1))
    return Refused(f"{product.name} is kept {_kept(product)}, so I can't take it in {name}.")


def to_base(product: Product, quantity: Decimal, unit: str | None = None) -> Decimal | Refused:
    """The amount in the product's base unit; refused where it does not come out exactly."""
    each = factor(product, unit)
    if isinstance(each, Refused):
        return each
    exact = Fraction(quantity) * each
    steps = exact / Fraction(STEP)
    said = f"{amount(quantity)} {unit or ''}".strip()
    if steps.denominator != 1:
        return Refused(f"{said} of {product.name} needs more than three decimal places, and I don't round.")
    base = Decimal(steps.numerator) * STEP
    if unit_name(None, product) not in MEASURES and base != base.to_integral_value():
        return Refused(f"{product.name} is kept {_kept(product)}: {amount(base)} is no whole number of them.")
    return base.normalize() + 0


def from_base(product: Product, base: Decimal, unit: str | None = None) -> Fraction | Refused:
    """The exact inverse of :func:`to_base`, as a fraction of ``unit``."""
    each = factor(product, unit)
    return each if isinstance(each, Refused) else Fraction(base) / each


def both_units(product: Product, said: Decimal, unit: str | None, base: Decimal) -> str:
    """What was said beside what it means, where they differ: "4 packs = 24 pcs"; else ""."""
    name, own = unit_name(unit, product), unit_name(None, product)
    if unit is None or name == own or (Fraction(said) == Fraction(base) and name in VESSELS | {"each"}):
        return ""
    mine = "pcs" if own in PIECES else own
    return f"{_counted(said, unit.strip().lower())} = {_counted(base, mine)}"


def _counted(value: Decimal, unit: str) -> str:
    if unit in MEASURES or unit.endswith("s") or SYNONYMS.get(unit) in MEASURES or unit == "dozen":
        return f"{amount(value)} {'pc' if unit == 'pcs' and value == 1 else unit}"
    return plural(value, unit)


def _packed(product: Product, name: str, base: str) -> Fraction | Refused:
    if product.pack_size is None or product.pack_size <= 0:
        own = _in_own(base)
        return Refused(f"I don't know how many {product.name} are in a {name}: please say it {own}.")
    if name == "carton":
        size = amount(product.pack_size)
        return Refused(f"A carton of {product.name} could be one or a case of {size}: please say which.")
    return Fraction(product.pack_size)


def _in_own(base: str) -> str:
    return "in pieces" if base in PIECES else f"in {base}" if base in MEASURES else f"in {base}s"


def _kept(product: Product) -> str:
    base = unit_name(None, product)
    return "by the piece" if base in PIECES else f"by the {base}"

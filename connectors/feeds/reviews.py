"""What is particular about exports of reviews: stars in many spellings, a title above the text, handles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.store.imports_known import Known

DEFAULTS: Mapping[str, str] = {"channel": "review", "source": "reviews"}
"""What a review is where its table does not say."""
LONGEST_CUSTOMER = 64
_STARS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:/|out of|von|of)?\s*(\d+)?(?:\s*(?:stars?|sterne|★))?", re.IGNORECASE
)
_NUMBERS = {name: str(number) for number, name in enumerate(("one", "two", "three", "four", "five"), 1)}
_ENDS = ".!?…:"


def review(row: Mapping[str, str], known: Known) -> dict[str, str]:
    """A row of a table of reviews as one of feedback.csv: a product that is not known is left open."""
    sku = row.get("sku", "")
    sku = sku if sku in known.skus else _by_handle(row.get("name", ""), known)
    return {
        **row,
        "text": whole_text(row.get("title", ""), row.get("text", "")),
        "rating": stars(row.get("rating", "")),
        "customer": row.get("customer", "")[:LONGEST_CUSTOMER],
        "sku": sku,
    }


def whole_text(title: str, text: str) -> str:
    """The title and the text as one; a title that only begins or repeats the text is left out."""
    title, text = title.strip(), text.strip()
    begins = title.rstrip(f"{_ENDS} ").lower()
    if not title or text.lower().startswith(begins):
        return text
    return f"{title if title[-1] in _ENDS else f'{title}.'} {text}".strip()


def stars(cell: str) -> str:
    """One to five as a digit, out of "4.5", "8/10", "5 stars", "★★★★☆" or "FIVE"; "" for anything else."""
    said = cell.strip().lower()
    if said.count("★"):
        said = str(said.count("★"))
    match = _STARS.fullmatch(_NUMBERS.get(said.removesuffix(" stars").removesuffix(" star"), said))
    if match is None:
        return ""
    value, most = float(match[1].replace(",", ".")), float(match[2] or 5)
    if not 0 < value <= most or most > 100:
        return ""
    return str(min(max(int(value / most * 5 + 0.5), 1), 5))


def _by_handle(handle: str, known: Known) -> str:
    """The product whose name is the handle of its page ("red-mug-350ml"), or its name in any case."""
    return known.by_name.get(handle.lower()) or known.by_name.get(handle.replace("-", " ").lower(), "")

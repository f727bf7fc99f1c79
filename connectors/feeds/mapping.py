"""Which column of a stranger's table is what: guessed from headers and values, corrected by a small file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from connectors.feeds.headers import CALLED, FIELDS, REVIEWS, WHAT, called, plain_name
from connectors.feeds.sheets import fail
from connectors.feeds.values import looks_like_date

_KEYS = frozenset(("kind", "columns", "date_format", "decimal", "encoding", "defaults", "guessed"))


@dataclass(frozen=True)
class TableMapping:
    """What a table is and what its columns are (ours -> theirs).

    ``date_format`` is a format of ``strptime``, or "day-first"/"month-first"; ``decimal`` the
    decimal sign; empty: to be seen from the values.  ``defaults`` fill columns that are not there.
    """

    kind: str
    columns: Mapping[str, str]
    date_format: str = ""
    decimal: str = ""
    encoding: str = "utf-8"
    defaults: Mapping[str, str] = field(default_factory=dict)
    guessed: bool = False

    def to_json(self) -> dict[str, Any]:
        """For the report, and as a file to correct."""
        return asdict(self)


def guess(
    file: str, header: Sequence[str], sample: Sequence[Sequence[str]], wanted: Mapping[str, Any]
) -> TableMapping:
    """The likeliest mapping of a table; what ``wanted`` declares is not guessed.

    Raises:
        FeedError: it cannot be told what the table is, or the declared columns are not in it.
    """
    declared = _declared(file, header, wanted)
    kind = str(wanted.get("kind") or _kind(header, sample, declared))
    if kind not in FIELDS:
        fail(
            file,
            "a table of products, stock, sales or reviews (say which in a mapping file)",
            row=1,
            value=", ".join(header),
        )
    columns = {**_columns(kind, header, sample, set(declared.values())), **declared}
    columns = {ours: theirs for ours, theirs in columns.items() if ours in FIELDS[kind] and theirs}
    _check(file, kind, columns, header)
    date_format, decimal = str(wanted.get("date_format") or ""), str(wanted.get("decimal") or "")
    defaults = {str(name): str(value) for name, value in dict(wanted.get("defaults") or {}).items()}
    encoding = str(wanted.get("encoding") or "utf-8")
    return TableMapping(kind, columns, date_format, decimal, encoding, defaults, guessed=not declared)


def read_mapping(mapping: Path | Mapping[str, Any] | None) -> dict[str, Any]:
    """A declared mapping: from a TOML or JSON file, or given as it is; a flat one means its columns.

    Raises:
        FeedError: the file cannot be read, or has unknown keys.
    """
    if mapping is None:
        return {}
    name = str(mapping) if isinstance(mapping, Path) else "mapping"
    given = _parsed(mapping) if isinstance(mapping, Path) else dict(mapping)
    if given and not _KEYS & given.keys():
        given = {"columns": given}
    unknown = given.keys() - _KEYS
    if unknown:
        fail(
            name,
            "only kind, columns, date_format, decimal, encoding and defaults",
            value=", ".join(sorted(unknown)),
        )
    if not isinstance(given.get("columns", {}), Mapping) or given.get("decimal", ".") not in ("", ".", ","):
        fail(name, 'columns as a table of our names and theirs, and decimal as "." or ","')
    return given


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        fail(path.name, f"a mapping in TOML or JSON ({error})")
    return dict(found)


def _declared(file: str, header: Sequence[str], wanted: Mapping[str, Any]) -> dict[str, str]:
    """The declared columns under the headers' exact names; an empty one says: there is none."""
    by_name = {plain_name(cell): cell for cell in reversed(header)}
    found = {}
    for ours, theirs in dict(wanted.get("columns") or {}).items():
        if ours not in CALLED:
            fail(file, f"one of our columns: {', '.join(CALLED)}", column=str(ours))
        exact = theirs if theirs in header else by_name.get(plain_name(str(theirs)), "")
        if theirs and not exact:
            fail(file, f"the column that the mapping names: {theirs}", row=1, value=", ".join(header))
        found[ours] = exact
    return found


def _kind(header: Sequence[str], sample: Sequence[Sequence[str]], declared: Mapping[str, str]) -> str:
    words = {**_columns(REVIEWS, header, sample, set()), **declared}
    if words.get("text") and words.get("received_at") and (words.get("rating") or words.get("customer")):
        return REVIEWS
    ours = {**_columns("sales", header, sample, set()), **declared}
    named = any(ours.get(what) for what in WHAT)
    if named and ours.get("sold_at") and ours.get("quantity"):
        return "sales"
    if named and ours.get("quantity") and not ours.get("sold_at"):
        return "stock"
    return "products" if ours.get("sku") or ours.get("name") else ""


def _columns(
    kind: str, header: Sequence[str], sample: Sequence[Sequence[str]], taken: set[str]
) -> dict[str, str]:
    names = {plain_name(cell): cell for cell in reversed(header) if cell and cell not in taken}
    found: dict[str, str] = {}
    for ours in FIELDS[kind]:
        hits = (names[each] for each in called(kind, ours) if each in names)
        hit = next((each for each in hits if each not in found.values()), None)
        if hit is not None:
            found[ours] = hit
    date = {"sales": "sold_at", REVIEWS: "received_at"}.get(kind)
    if date and date not in found:
        found |= _date_by_value(date, header, sample, set(found.values()) | taken)
    return found


def _date_by_value(
    ours: str, header: Sequence[str], sample: Sequence[Sequence[str]], taken: set[str]
) -> dict[str, str]:
    for index, cell in enumerate(header):
        values = [row[index] for row in sample if row[index]]
        if cell not in taken and values and all(looks_like_date(value) for value in values):
            return {ours: cell}
    return {}


def _check(file: str, kind: str, columns: Mapping[str, str], header: Sequence[str]) -> None:
    needed = {"products": (), "stock": ("quantity",), "sales": ("sold_at", "quantity")}
    needed[REVIEWS] = ("received_at", "text")
    missing = [name for name in needed[kind] if name not in columns]
    if kind != REVIEWS and not any(what in columns for what in WHAT):
        missing.append("sku or name")
    if missing:
        expected = f"a column for {', '.join(missing)} (name it in a mapping file)"
        fail(file, expected, row=1, value=", ".join(header))

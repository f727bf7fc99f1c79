"""What an import did to the rows of one file, and what is known of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Tally:
    """Rows by what became of them.  ``cleared``: stock of lots that a snapshot no longer names."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    cleared: int = 0

    @property
    def touched(self) -> int:
        """How many made a difference to the books."""
        return self.added + self.changed + self.cleared


@dataclass(frozen=True, slots=True)
class PastImport:
    """An import that took place.  ``state``: applied or undone."""

    id: int
    source: str
    format: str
    state: str
    at: datetime
    actor: str


@dataclass(frozen=True)
class Outcome:
    """What applying did, per staged table; no ``import_id`` where nothing was written."""

    import_id: int | None
    tallies: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class Undone:
    """What undoing did: rows taken back per table.  ``refusal`` says why it was not done, if so."""

    tallies: Mapping[str, Tally] = field(default_factory=dict)
    refusal: str = ""

"""What a message was understood as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intents.spelling import Fix
from tools.kit import Parse


@dataclass(frozen=True, slots=True)
class Heard:
    """What one slot was read from: the words, the codes that they may mean, and how sure that is.

    ``how`` is ``code``, ``exact``, ``head``, ``part``, ``category``, ``name``, ``memory`` or ``words``.
    """

    words: str
    candidates: tuple[str, ...] = ()
    how: str = "words"


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a message.

    ``alternatives`` are the next likeliest readings; ``unexplained`` are content words that nothing
    accounts for (they hold up a write); ``unknown_product`` are words that look like a product which
    the shop does not carry; ``out_of_scope`` is what to say to a request of a family that the assistant
    does not serve; ``unasserted`` are words by which a change is only asked about, denied or supposed;
    ``follows`` where the words only add to what was said before; ``other_days`` are words for days other
    than today that the request has no slot for; ``unknown_name`` is a slot ("location", "supplier")
    and the word that stands where it is told and is none of the shop's.  Texts are ``""`` where there is
    nothing to tell.
    """

    parse: Parse
    alternatives: tuple[Parse, ...] = ()
    unexplained: tuple[str, ...] = ()
    mentions: Mapping[str, Heard] = field(default_factory=dict)
    unknown_product: str = ""
    out_of_scope: str = ""
    unasserted: str = ""
    follows: bool = False
    other_days: str = ""
    unknown_name: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Understanding:
    """All requests of a message, in the order in which they were said.

    ``fixes`` is the spelling that was mended, ``left_out`` what was too much for one message.
    """

    requests: tuple[Request, ...]
    fixes: tuple[Fix, ...] = ()
    left_out: str = ""

    @property
    def parses(self) -> tuple[Parse, ...]:
        """The requests' parses."""
        return tuple(request.parse for request in self.requests)

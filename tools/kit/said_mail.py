"""A customer's e-mail, pasted or forwarded: what they wrote, without headers, quotes and signature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr, parsedate_to_datetime

_HEADER = re.compile(
    r"^\s*>?\s*(From|To|Cc|Bcc|Subject|Date|Sent|Reply-To|Message-ID|Von|An|Betreff|Datum|Gesendet|De|À|Objet)"
    r"\s*:\s*(.*)$",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"^\s*(?:-{2,}\s*(?:Forwarded message|Original Message|Ursprüngliche Nachricht|Message transféré)"
    r"\s*-{2,}|Begin forwarded message:)\s*$",
    re.IGNORECASE,
)
# Above what is answered: "On Tue 3 Mar 2026 at 10:12, The Shop <shop@example.com> wrote:".
_ANSWERED = re.compile(
    r"^\s*>?\s*(?:On\b.{4,200}\bwrote|Am\b.{4,200}\bschrieb\b.{0,80}|Le\b.{4,200}\ba écrit|"
    r"El\b.{4,200}\bescribió)\s*:\s*$",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"^\s*(?:Sent from my\b|Get Outlook for\b|Von meinem\b|Envoyé de mon\b).*$", re.IGNORECASE
)
_SIGNATURE = re.compile(r"^\s*(?:--|—|_{3,})\s*$")
_LEGAL = re.compile(
    r"^\s*(?:This (?:e-?mail|message) (?:and any|is|may|contains)|CONFIDENTIAL)", re.IGNORECASE
)
_CLOSING = re.compile(
    r"^\s*(?:(?:kind|best|warm|many)?\s*(?:regards|wishes|thanks)|yours(?: sincerely| faithfully)?|sincerely|"
    r"cheers|thank you|mit freundlichen grüßen|viele grüße|cordialement|saludos)\s*[,.!]?\s*$",
    re.IGNORECASE,
)
MOST_HEADERS, MOST_SIGNED = 12, 6


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says; ``sender`` is its address (or name), ``sent`` naive as it was written."""

    text: str
    sender: str = ""
    subject: str = ""
    sent: datetime | None = None


def looks_like_mail(text: str) -> bool:
    """Whether a text is an e-mail with its headers, or an answer with what it answers below it."""
    lines = text.strip().splitlines()
    head = [match[1].lower() for line in lines[:MOST_HEADERS] if (match := _HEADER.match(line))]
    return len(
        set(head) & {"from", "subject", "date", "sent", "to", "von", "betreff", "de", "objet"}
    ) > 1 or any(_FORWARDED.match(line) or _ANSWERED.match(line) for line in lines)


def plain_mail(text: str) -> Mail:
    """The customer's own words of an e-mail, the latest first, with who sent it and when.

    What was forwarded is what counts: the note above it is the shop's own.
    """
    lines = text.replace("\r\n", "\n").strip().split("\n")
    forwarded = next((place for place, line in enumerate(lines) if _FORWARDED.match(line)), None)
    lines = lines[forwarded + 1 :] if forwarded is not None else lines
    while lines and not lines[0].strip():
        lines = lines[1:]
    headers: dict[str, str] = {}
    while lines and (match := _HEADER.match(lines[0])):
        headers.setdefault(match[1].lower(), match[2].strip())
        lines = lines[1:]
    sender = headers.get("from") or headers.get("von") or headers.get("de") or ""
    subject = headers.get("subject") or headers.get("betreff") or headers.get("objet") or ""
    sent = headers.get("date") or headers.get("sent") or headers.get("datum") or headers.get("gesendet") or ""
    name, address = parseaddr(sender)
    return Mail(
        "\n".join(_own(lines)).strip(), address if "@" in address else name or sender, subject, _when(sent)
    )


def _own(lines: list[str]) -> list[str]:
    """The lines that the writer wrote: up to what is answered, the signature or the small print."""
    found: list[str] = []
    for line in lines:
        if _ANSWERED.match(line) or _FORWARDED.match(line) or _SIGNATURE.match(line) or _LEGAL.match(line):
            break
        if not line.lstrip().startswith(">") and not _DEVICE.match(line):
            found.append(line.rstrip())
    closed = next((place for place, line in enumerate(found) if place and _CLOSING.match(line)), None)
    near_the_end = closed is not None and sum(bool(line) for line in found[closed:]) <= MOST_SIGNED
    return found[:closed] if near_the_end else found


def _when(said: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(said)
    except (TypeError, ValueError, IndexError):
        try:
            found = datetime.fromisoformat(said.strip())
        except ValueError:
            return None
    return found.replace(tzinfo=None)

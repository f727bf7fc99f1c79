"""Whether words tell that something happened, or only ask, deny or suppose it."""

from __future__ import annotations

import re

_POLITE = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|ok|okay|so|and|also|please|pls|well|um|er|then|,|!)\s+)*"
    r"(?:(?:can|could|would|will) (?:you|u|we|i get you)|would you mind|"
    r"do you mind|please|pls|kindly|may i ask)\b"
)
_OPENING = r"^(?:(?:hi|hiya|hello|hey|ok|okay|so|and|also|but|well|um|er|then|,|!)\s+)*"
_WHO = r"(?:i|we|you|they|he|she|it|u|the|this|that|these|those|any|anyone|anybody|someone|somebody|our|my)"
_ASKED = re.compile(
    _OPENING + r"(?:"
    rf"(?:did|didnt|does|doesnt|should|shouldnt|shall|may|might|must)\b|"
    rf"(?:do|dont|have|havent|has|hasnt|had|was|were|is|isnt|are|arent|am|can|could|would|will) {_WHO}\b|"
    r"(?:how|why|when|where|who|whose|which|what|whats)\b)"
)
_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|suppose|supposing|imagine|pretend|hypothetically|"
    r"almost|nearly|wish|going to|gonna|about to|would have|could have|wouldve|couldve|might have|"
    r"(?:did|do|does|have|has|had|was|were|will|would) (?:not|never)|never|"
    r"didnt|dont|doesnt|havent|hasnt|hadnt|wasnt|werent|wont|wouldnt|thought|thinks?|reckons?|"
    r"apparently|supposedly|allegedly|rumou?r|"
    r"(?:i|we|he|she|they|you) (?:will|shall|might|may|could|should))\b"
)
_REPORTED = re.compile(
    r"\b(?!i |we |system |computer |it |screen |label |docket |note |books |stock )\w+ "
    r"(?:said|says|told (?:me|us)|wrote|texted|claims?|claimed|mentioned|asked|reported)\b"
)


def unasserted(said: str, *, question_mark: bool = False) -> str:
    """The words which show that a change is not told as done or wished for, or "" where it is.

    What somebody else said is no request either ("Dave said sold 3 lamps").

    ``said`` is lower case without apostrophes.  "Can you move 3 lamps?" asks for the deed itself.
    """
    supposed = _SUPPOSED.search(said)
    if supposed:
        return supposed[0]
    reported = _REPORTED.search(said)
    if reported:
        return reported[0]
    if _POLITE.match(said):
        return ""
    asked = _ASKED.match(said)
    if asked:
        return asked[0].split()[0] if " " not in asked[0] else asked[0]
    return "?" if question_mark or said.endswith("?") else ""

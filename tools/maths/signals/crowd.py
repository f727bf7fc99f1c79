"""An invented crowd that writes about one product, drawn from a seed: honest voices, copies, campaigns.

Honest customers each write something of their own; some are known, some are not.  Beside them come what must
never look like demand: one review posted again and again, one person who asks every day, a campaign of one
text with its words changed about, and a flood of nameless posts within hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from tools.maths.signals.voices import Utterance

Trick = Literal["copies", "one person", "campaign", "flood"]
TRICKS: tuple[Trick, ...] = ("copies", "one person", "campaign", "flood")
START = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - wall time, as all remarks
CHANNELS = ("review", "email", "chat", "social", "till_note")
_WHO = ("my sister", "we", "my flatmate", "I", "the office", "my mum", "a friend of mine", "our club")
_DID = ("was looking for", "wanted", "came in for", "asked after", "hoped to find", "needed", "searched for")
_WHEN = ("on Monday", "last night", "this morning", "at the weekend", "twice", "before lunch", "again")
_WHY = ("for a present", "for the kitchen", "because the old one broke", "for a party", "after your post")
_END = ("when is it back?", "none left.", "any idea?", "thanks!", "please tell me.", "the shelf was bare.")
_SPUN = ("really", "honestly", "truly", "simply", "absolutely", "definitely", "so", "quite")


@dataclass(frozen=True, slots=True)
class Crowd:
    """How the crowd is drawn.

    Attributes:
        rate: Honest voices a day.
        days: For how many days.
        known: Share of the honest voices whose person is known.
        repeats: Share of the honest voices that say it a second time within the week.
        trick: What else comes, on one day in the second half; None for nothing.
        many: How many texts the trick has.
    """

    rate: float = 0.2
    days: int = 365
    known: float = 0.6
    repeats: float = 0.15
    trick: Trick | None = None
    many: int = 40


def crowd(setting: Crowd, rng: np.random.Generator) -> list[Utterance]:
    """Draw all that is written about the product, in no order."""
    found: list[Utterance] = []
    for day in range(setting.days):
        for _ in range(int(rng.poisson(setting.rate))):
            one = _honest(setting, day, rng)
            found.append(one)
            if rng.random() < setting.repeats:
                later = one.at + timedelta(hours=float(rng.uniform(1, 100)))
                found.append(Utterance(later, one.text, one.person, one.channel))
    if setting.trick is not None:
        found += _tricked(setting.trick, setting, rng)
    return [found[place] for place in rng.permutation(len(found))]


def trick_day(setting: Crowd) -> int:
    """The day on which the trick begins."""
    return setting.days * 3 // 4


def _honest(setting: Crowd, day: int, rng: np.random.Generator) -> Utterance:
    person = f"p{rng.integers(1_000_000)}" if rng.random() < setting.known else ""
    at = START + timedelta(days=day, hours=float(rng.uniform(0, 10)))
    return Utterance(at, _sentence(rng), person, str(rng.choice(CHANNELS)))


def _sentence(rng: np.random.Generator) -> str:
    who, did, when, why, end = (str(rng.choice(part)) for part in (_WHO, _DID, _WHEN, _WHY, _END))
    return f"{who} {did} it {when} {why}, {end}"


def _tricked(trick: Trick, setting: Crowd, rng: np.random.Generator) -> list[Utterance]:
    begin = START + timedelta(days=trick_day(setting))
    text = "Everybody should know that this shop never has it, order it now while the deal lasts, best price"
    hours = 3.0 if trick == "flood" else 60.0
    times = [begin + timedelta(hours=float(rng.uniform(0, hours))) for _ in range(setting.many)]
    if trick == "copies":
        return [Utterance(at, text, "", "review") for at in times]
    if trick == "one person":
        return [Utterance(at, _sentence(rng), "p-loud", "chat") for at in times]
    if trick == "flood":
        return [Utterance(at, _sentence(rng), "", "social") for at in times]
    return [Utterance(at, _spun(text, rng), f"bot{number}", "social") for number, at in enumerate(times)]


def _spun(text: str, rng: np.random.Generator) -> str:
    """The text with a word put in, one left out and a name at its end."""
    words = text.split()
    del words[int(rng.integers(len(words)))]
    words.insert(int(rng.integers(len(words))), str(rng.choice(_SPUN)))
    return f"{' '.join(words)} {rng.integers(1000)}"

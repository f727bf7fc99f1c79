"""Whether words tell that something happened or is to be done, or only ask, deny, suppose or repeat it."""

from __future__ import annotations

import re

_POLITE = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|ok|okay|so|and|also|please|pls|well|um|er|then|,|!)\s+)*"
    r"(?:(?:can|could|will) (?:you|u|i get you)|would (?:you|u)(?= .*\b(?:please|pls|kindly)\b)|"
    r"would you mind|do you mind|please|pls|kindly|may i ask)\b"
)
_OPENING = r"^(?:(?:hi|hiya|hello|hey|ok|okay|so|and|also|but|well|um|er|then|,|!)\s+)*"
_WHO = r"(?:i|we|you|they|he|she|it|u|the|this|that|these|those|any|anyone|anybody|someone|somebody|our|my)"
_ASKED = re.compile(
    _OPENING + r"(?:"
    rf"(?:did|didnt|does|doesnt|should|shouldnt|shall|may|might|must|whether)\b|"
    rf"(?:do|dont|have|havent|has|hasnt|had|was|were|is|isnt|are|arent|am|can|could|would|will) {_WHO}\b|"
    r"(?:how|why|when|where|who|whose|which|what|whats|is|am|are|any idea)\b)"
)
# Asking for a look, an opinion or words is no telling, however politely it is said.
_LOOKED_UP = re.compile(
    r"\b(?:check|confirm|verify|see|know|find out|look up|remember|tell me|show me|explain|wonder(?:ing)?|"
    r"remind me|let me know)\b(?= (?:if|whether|that|when|who|what|where|how|before|to|we|i|it|the)\b)|"
    r"(?:,|-) (?:right|correct|yes|no|innit|or what)$|\bor (?:not|what|did|didnt|was|were|have|is|are)\b"
)
_DENIED = re.compile(
    r"\b(?:never|nobody|none|neither|nor|nothing|no one|noone|without|cannot|hardly|barely|scarcely|"
    r"instead of|rather than|far from|by no means|no way|no need|stop|hold off|forget|cancel|refus\w+|"
    r"(?:did|do|does|have|has|had|was|were|will|would|could|can|should|am|is|are) (?:not|never)|"
    r"(?:did|do|does|have|has|had|was|were|wo|would|could|ca|should|is|are|ai|need|must)nt|not sure|"
    # "12, not 10" corrects a number and "not sellable" tells a reason; "not sold" denies the deed.
    # "No, 12" at the beginning corrects as well.
    r"(?<=[^\d] )no(?! (?:longer|nos?)\b)|^no(?! [\d,.:]))\b|"
    r"(?<!why )\bnot\b(?! (?:the |a |just )?\d| (?:sellable|saleable|usable|fit|good|right|working|edible)\b)"
)
_SAID_OF_REASON = re.compile(r"\b(?:cant|cannot) be (?:sold|used)\b|\bno longer (?:sellable|fit|usable)\b")
_SUPPOSED = re.compile(
    r"\b(?:if|whether|unless|suppos\w+|imagin\w+|pretend\w*|assum\w+|hypothe\w+|theor\w+|scenario|"
    r"(?:lets?|let us) (?:say|assume|imagine|pretend|suppose)|in case|as long as|provided|whenever|"
    r"almost|nearly|wish\w*|hop(?:e|es|ed|ing)|hopefully|maybe|perhaps|possib\w+|probab\w+|presumabl\w+|"
    r"apparent\w+|alleged\w*|reported\w*|likely|(?:i|we) (?:think|guess|believe|reckon|suspect|doubt)|"
    r"seems?|looks like|yeah ,? ?right|as if|in your dreams|in my dreams|"
    r"(?:would|could|should|might|may|must|ought|cant) (?:to )?(?:have|of)\b|"
    r"(?:would|could|should|might|must)ve|might|ought)\b|^(?:say|like|eg|e \. g \.)\b"
)
_AHEAD = re.compile(
    r"\b(?:going to|gonna|about to|plan\w*|intend\w*|want\w*|wanna|would like|would love|supposed to|"
    r"trying to|tr(?:y|ies) to|thinking (?:of|about)|consider\w*|due in|expect\w*|someday|one day|"
    r"at some point|need(?:s|ed)? to|(?:have|has|got) to|remind|used to|usually|normally|always|often|"
    r"^to ?do|later (?:today|on|this)|^later|later$|soon|shortly|eventually|"
    r"in a (?:bit|minute|min|moment|second|sec|while)|(?:i|they|he|she|it|you)ll|"
    r"(?:we|they|i|he|she|it|you) (?:will|shall|would|could|must)|(?<=\w )(?:will|shall) (?!you |u )\w+)\b"
)
_REPORTED = re.compile(
    r"\b(?:says?|said that|(?:he|she|they) said|told|claim\w*|reckons?|thinks?|believes?|insist\w*|"
    r"mention\w*|heard|according|count(?:ing)? on|"
    r"rumou?r\w*|wrote (?!off|down)|quot\w+|asked|for example|example|sample|dry run|just (?:testing|a test)|"
    r"only a test|kidding|jok(?:e|ing)|dream\w*|dreamt)\b(?! \d)|"
    r"^(?:\W+ )?(?:system|assistant|user|admin|developer|fwd?|re|subject|from|test\w*|demo) \]? ?:|"
    r"\b(?:thanks?|sorry|happy|sad|great|glad) (?:for|about|that|to)\b|"
    r"^(?:[a-z]+ing)\b(?= .* (?:is|was|takes|took|would)\b)"
)
_NUMBER = r"(?:\d+(?:\.\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|a dozen)"
_UNCERTAIN = re.compile(
    rf"\b(?:about|around|roughly|approx\w*|circa|ca|some|between|"
    rf"(?<!knocked )(?<!tipped )(?<!fell )over|under|above|below|up to|at least|"
    rf"at most|more than|less than|fewer than|nearly|almost|estimated|something like|like|say|minimum of|"
    rf"maximum of|upwards of|in the region of|either)(?: \.)? (?:an? |the )?{_NUMBER}\b|"
    rf"\b{_NUMBER} (?:or|to|- ?ish|ish|\?|\+|or so|odd)(?: |$)|"
    r"\bor\b|~|\bor so\b|\bish\b|\bgive or take\b|\bthereabouts\b|\bmore or less\b|"
    r"\bnot sure\b|\bguess\b|\bpairs? of\b"
)
_NUMBERED = re.compile(r"\bpo[ #-]*\d+")
_CALLED_OFF = re.compile(
    r"\b(?:cancel|stop|forget|no need for|no longer|refuse\w*|hold off|not (?:needed|wanted|required)|"
    r"(?:dont|do not|does not|doesnt) (?:need|want|send|order)|(?:isnt|is not) needed|wont be wanting)\b"
)
# Why a delivery did not happen is denied or refused by somebody else; it is told all the same.
_NOT_MET = re.compile(
    r"\b(?:nobody|no ?one|no (?:answer|reply|response|luck|access)|next stop|got to|\d{3,}|"
    r"not (?:at home|home|in|there|available|delivered(?! yet))|"
    r"(?:was|were|is|are)(?:nt| not) (?:at home|home|in|there|available)|refus\w+|"
    r"(?:would|did|do)(?:nt| not) (?:take|want|accept|answer|open|get|happen)|"
    r"couldnt|could not|cant|cannot|unable to|tr(?:ied|ying) to|will try again|going (?:to|out|over|back)|"
    r"(?:at|of|by|to|in|with|house|flat|unit|door) no (?:\. )?(?=\d)|"
    r"to (?:the |a )?(?:customer|neighbou?rs?|reception|door)|(?:says?|said) \w+)\b"
)
_TALK = (_LOOKED_UP, _DENIED, _SUPPOSED, _AHEAD, _REPORTED, _UNCERTAIN)


def deed_left_out(said: str, intent: str) -> str:
    """The words without what calls something off where that is the deed itself, and without order numbers.

    "Send po 1043 to Acme" is no "1043 to" something.

    >>> deed_left_out("dont cancel po 1042", "po.cancel")
    'dont  po'
    >>> unasserted(deed_left_out("nobody home at 5531", "delivery.update"))
    ''
    """
    if intent == "delivery.update":
        return _NOT_MET.sub(" ", said)
    said = _NUMBERED.sub("po", said) if intent.startswith("po.") else said
    return _CALLED_OFF.sub("", said) if intent == "po.cancel" else said


def unasserted(said: str, *, question_mark: bool = False) -> str:
    """The words which show that a change is not told as done or wished for, or "" where it is.

    ``said`` is lower case without apostrophes.  "Can you move 3 lamps?" asks for the deed itself.
    """
    plain = _SAID_OF_REASON.sub(" ", said)
    for pattern in _TALK:
        found = pattern.search(plain)
        if found and found[0].strip():
            return found[0].strip()
    if _POLITE.match(said):
        return ""
    asked = _ASKED.match(said)
    if asked:
        return asked[0].split()[0] if " " not in asked[0] else asked[0]
    return "?" if question_mark or "?" in said.split() else ""


def only_asks(said: str) -> bool:
    """Whether words begin as a question does."""
    return bool(_ASKED.match(said))

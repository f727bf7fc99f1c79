"""In which language a text is written, and whether it can be read: the encoder knows English only.

Scripts tell most; of Latin letters the commonest little words decide (the method of Dunning 1994 in its
plainest form: words instead of letters, since texts are short and names are many).  A text is refused
only on evidence: words of another language that outweigh the English ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from intents.signals.tokens import level

ENGLISH = "en"
UNKNOWN = "und"
WORDLESS = "zxx"
"""ISO 639-2 for "no linguistic content": signs, figures, pictures."""
MOST_READ = 2000
LEAST_FOREIGN = 2
ENGLISH_SHARE = 0.25
"""So much of the telling words has to be English in a mixed text."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_SCRIPTS = (
    ("CYRILLIC", "ru"), ("GREEK", "el"), ("ARABIC", "ar"), ("HEBREW", "he"), ("DEVANAGARI", "hi"),
    ("HIRAGANA", "ja"), ("KATAKANA", "ja"), ("HANGUL", "ko"), ("CJK", "zh"), ("THAI", "th"),
    ("ARMENIAN", "hy"), ("GEORGIAN", "ka"), ("BENGALI", "bn"), ("TAMIL", "ta"), ("GURMUKHI", "pa"),
)  # fmt: skip
_UKRAINIAN = frozenset("іїєґ")
_LITTLE = {
    "en": """the a an and or of to in is it was are be for on with my your you i we they have has had do
        does did not no this that there can could would will when where what why how any some from at
        by but so if me us our their his her she he its it's i'm don't please thanks hello hi got get
        just very too again back out up love like want need order ordered sell stock still never been
        than then also one more were about""",
    "de": """der die das und oder ich wir sie ihr nicht kein keine ein eine einen ist sind war haben habe
        hat mit für auf von zu zum zur bei noch wann wo wie warum bitte danke guten tag hallo auch
        wieder sehr aber gibt kann können möchte leider schon mir mich uns im den dem es am""",
    "fr": """le la les un une des et ou je nous vous ils elle est sont était avez avons ai pas plus pour
        avec dans sur que qui quand où comment pourquoi merci bonjour s'il vous plaît très mais encore
        aussi votre mon ma mes ce cette du au aux c'est j'ai avoir être""",
    "es": """el la los las un una unos y o yo nosotros usted ustedes es son era tienen tiene tengo hay no
        más para con en de del que quien cuando dónde donde cómo como por favor gracias hola muy pero
        también su mi este esta se lo me está cuánto otra otro""",
    "it": """il lo la gli le un una e o io noi voi è sono era avete ho abbiamo non più per con in di del
        della che chi quando dove come perché grazie ciao buongiorno molto ma anche vostro mio questo
        questa si mi ci""",
    "pt": """o a os as um uma e ou eu nós vocês você é são era têm tem tenho não mais para com em de do da
        que quem quando onde como por favor obrigado obrigada olá muito mas também seu meu este esta
        está""",
    "nl": """de het een en of ik wij we jullie u is zijn was heb hebben heeft niet geen meer voor met in op
        van dat wie wanneer waar hoe waarom graag bedankt dank hallo goedendag zeer maar ook weer mijn
        jullie deze dit er nog kan kunt zou""",
    "pl": """i w na z do nie jest są był czy mam macie ma się to ten ta jak kiedy gdzie dlaczego proszę
        dziękuję dzień dobry bardzo ale też znowu jeszcze dla od po przez mój wasz brak mieć chcę
        chciałbym jaki już co""",
    "ro": """și sau eu noi voi este sunt era aveți am are nu mai pentru cu în din de la că cine când unde
        cum vă rog mulțumesc bună foarte dar și al acest această""",
    "sv": """och eller jag vi ni är var har inte ingen mer för med i på av till som när var hur varför tack
        hej mycket men också min er den det ett en finns kan skulle""",
    "lt": """ir ar aš mes jūs yra buvo turite turi ne nėra daugiau su iš kad kas kada kur kaip prašau ačiū
        labas labai bet taip pat""",
    "tr": """ve veya ben biz siz var yok mı mi mu değil daha için ile bu şu ne zaman nerede nasıl lütfen
        teşekkürler merhaba çok ama bir""",
    "ga": """agus nó mé tú sé sí muid sibh bhfuil níl tá bhí an na ag ar le go raibh maith agat dia duit cá
        cathain conas cén""",
}
_ALSO_ENGLISH = frozenset({
    "a", "i", "o", "as", "me", "man", "hay", "am", "also", "an", "no", "son", "sur", "men", "till",
    "war", "do", "con", "in", "is", "on", "van", "some", "or", "per", "more", "come", "are", "this",
    "se", "so", "to", "at", "al", "ma", "mi", "si", "has", "mal", "fine", "bin", "but", "par", "plus",
    "ton", "var", "kan", "hat", "som", "mo", "ar", "te", "e", "u", "du",
})  # fmt: skip
"""Little words of other languages that English has too, as a word or a slip."""


@lru_cache(maxsize=1)
def _tellers() -> dict[str, tuple[str, ...]]:
    """Each little word with the languages that have it."""
    out: dict[str, tuple[str, ...]] = {}
    for code, words in _LITTLE.items():
        for word in dict.fromkeys(words.split()):
            out[word] = (*out.get(word, ()), code)
    return out


def language_of(text: str) -> tuple[str, bool]:
    """The likeliest language (ISO 639) of a text, and whether it can be read.

    >>> language_of("Haben Sie die Tassen wieder?")
    ('de', False)
    >>> language_of("do you have the mugs again")
    ('en', True)
    """
    words = _WORD.findall(level(text[:MOST_READ]).lower())
    if not words:
        return WORDLESS, True
    foreign = _script(words)
    if foreign is not None:
        return foreign, False
    return _latin(words)


def _script(words: list[str]) -> str | None:
    """The language of another script where most of the words are in one."""
    counts = Counter(_script_of(word[0]) for word in words)
    latin = counts.pop("", 0)
    if not counts:
        return None
    code, most = counts.most_common(1)[0]
    # Scripts without spaces write a sentence as one word.
    weight = most * (3 if code in ("zh", "ja", "th") else 1)
    if weight <= latin:
        return None
    letters = frozenset("".join(words))
    if code == "ru" and letters & _UKRAINIAN:
        return "uk"
    return "ja" if code == "zh" and counts["ja"] else code


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if name.startswith("LATIN"):
        return ""
    return next((code for script, code in _SCRIPTS if name.startswith(script)), UNKNOWN)


def _latin(words: list[str]) -> tuple[str, bool]:
    tellers = _tellers()
    told = [tellers.get(word, ()) for word in words]
    only: Counter[str] = Counter()
    for word, codes in zip(words, told, strict=True):
        if ENGLISH not in codes and word not in _ALSO_ENGLISH:
            only.update(codes)
    if not only:
        return ENGLISH, True
    everywhere = Counter(code for codes in told for code in codes)
    code, foreign = max(only.items(), key=lambda pair: (pair[1], everywhere[pair[0]]))
    english = sum(ENGLISH in codes and code not in codes for codes in told)
    share = english / (english + foreign)
    if foreign < LEAST_FOREIGN or share > 0.5:
        return ENGLISH, True
    return code, share >= ENGLISH_SHARE

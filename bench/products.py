"""Product mentions with noise against three catalogues: who is linked, who is asked about, who is turned away.

    python bench/products.py [--shop FOLDER] [--mentions 400] [--wrong 0]

The mentions are made from the names alone: words dropped at random, swapped, put in the plural, mistyped.  A mention
is *unique* when one name alone has all of its words (or is made of just these), *ambiguous* when several have, and
*unknown* when its product was taken out of the catalogue, or is another shop's, and no name left has all of its words.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import re
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from scale import name as scaled_name
from served import SHARED
from understanding import shop as fixture_shop

from intents import Memory, Parser
from intents.tags import Names
from intents.words import clean, words_of
from tools.store import Catalogue, Product

NOW = datetime.fromisoformat("2026-03-16T09:00")
SALES_LINES = 20
KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
CARRIERS = (
    "how many {} are left", "do we have any {}", "sold 3 {} just now", "price of {} please", "hi, whats the stock of {}?",
    "order 12 {} by friday", "{} low?", "where do we keep the {}", "add 5 {} to the warehouse", "when did we last sell {}",
)  # fmt: skip
LITTLE = frozenset("of and with in for the to a an on our at by de w n s i set pack box".split())
"""Words that nobody tells a product by."""
SIZES = ("small", "medium", "large", "pack", "set", "box", "bag", "cup", "piece")
FACTS = {
    "plural": "98.2", "reordered": "99.8", "1 typo": "99.2", "partial": "100*", "partial + typo": "100*",
    "dropped, half typed wrong": "98.9", "ambiguous: asked": "95.3", "ambiguous: true one offered": "94.4",
    "removed product turned away": "91 at 95 kept",
}  # fmt: skip
GOALS = {"unique": 99, "ambiguous": 97, "turned away": 93, "kept": 95}


@dataclass(frozen=True)
class Mention:
    """Words that somebody may say, and the product that is behind them."""

    said: str
    sku: str


@dataclass
class Words:
    """Which names have which words: what makes a mention unique, ambiguous or unknown."""

    names: dict[str, str]
    having: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    whole: defaultdict[frozenset[str], set[str]] = field(default_factory=lambda: defaultdict(set))
    kind: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for sku, name in self.names.items():
            parts = frozenset(plain(name))
            self.whole[parts].add(sku)
            self.kind[sku] = next(
                (
                    part
                    for part in reversed(plain(name))
                    if len(part) > 2 and part.isalpha() and part not in SIZES
                ),
                "",
            )
            for part in parts:
                self.having[part].add(sku)

    def fitting(self, said: Iterable[str]) -> set[str]:
        """The products whose names fit the words equally well; a single word is rather what a thing is than how it is."""
        parts = frozenset(part for word in said for part in plain(word))
        if not parts:
            return set()
        among = self.whole.get(parts) or set.intersection(*(self.having.get(part, set()) for part in parts))
        if len(parts) > 1:
            return among
        return {sku for sku in among if self.kind[sku] in parts} or among


def plain(name: str) -> tuple[str, ...]:
    """The words of a name that tell something, in the singular by the plainest rule there is."""
    parts = re.findall(r"\d+(?:\.\d+)?|[a-z]+", name.lower().replace("'", ""))
    return tuple(_singular(part) for part in parts if part not in LITTLE)


def _singular(word: str) -> str:
    word = word.replace("metre", "meter")
    if word.endswith(("xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    return word.removesuffix("s") if len(word) > 3 and not word.endswith("ss") else word


def typo(words: Sequence[str], chance: random.Random) -> list[str]:
    """One slip of the finger in one of the longer words."""
    places = [at for at, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    out = list(words)
    if places:
        place = chance.choice(places)
        out[place] = slip(out[place], chance)
    return out


def slip(word: str, chance: random.Random) -> str:
    """A letter left out, doubled, swapped with the next, or a neighbour's key."""
    at = chance.randrange(len(word) - 1)
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[: at + 1] + word[at:]
    if kind == 2:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    row = next(row for row in KEYBOARD if word[at] in row)
    near = row[max(0, row.index(word[at]) - 1) : row.index(word[at]) + 2].replace(word[at], "")
    return word[:at] + chance.choice(near) + word[at + 1 :]


def plural(words: Sequence[str], chance: random.Random) -> list[str]:
    """The last longer word in the plural."""
    out = list(words)
    for at in reversed(range(len(out))):
        if out[at].isalpha() and len(out[at]) > 2 and out[at] not in ("with", "and", "for"):
            ending = "es" if out[at].endswith(("x", "ch", "sh")) else "" if out[at].endswith("s") else "s"
            out[at] += ending
            break
    return out


def shuffled(words: Sequence[str], chance: random.Random) -> list[str]:
    return chance.sample(list(words), len(words))


def dropped(words: Sequence[str], chance: random.Random) -> list[str]:
    """Each word may be left out; one stays at least."""
    kept = [word for word in words if chance.random() < 0.7]
    return kept or [chance.choice(list(words))]


def partial(words: Sequence[str], chance: random.Random) -> list[str]:
    """Two or three of the words, in their order."""
    count = min(len(words), chance.choice((2, 3)))
    return [words[at] for at in sorted(chance.sample(range(len(words)), count))]


def same(words: Sequence[str], _chance: random.Random) -> list[str]:
    return list(words)


WHOLE = ("as it is, lower case", "plural", "reordered", "1 typo")
"""Where no word is left out."""
Noise = Callable[[Sequence[str], random.Random], list[str]]
NOISES: dict[str, tuple[Noise, str]] = {
    "as it is, lower case": (same, ""), "plural": (plural, ""), "reordered": (shuffled, ""), "1 typo": (same, "typo"),
    "partial": (partial, ""), "partial + typo": (partial, "typo"), "dropped, half typed wrong": (dropped, "half"),
}  # fmt: skip


def mentions(
    known: Words, skus: Sequence[str], noise: str, chance: random.Random
) -> list[tuple[Mention, set[str]]]:
    """A mention of each product with what it fits before the slip of the finger."""
    change, slips = NOISES[noise]
    out = []
    for sku in skus:
        words = re.findall(r"[\w.%&'/-]+", known.names[sku].lower())
        said = [word for word in change(words, chance) if word not in ("-", "/")]
        if not _telling(said) or (noise not in WHOLE and said[0].isdecimal()):  # "3 hearts" is an amount
            continue
        fits = known.fitting(words if noise in WHOLE else said)
        if sku not in fits:  # "milk" of the milk jug names milk
            continue
        if slips == "typo" or (slips == "half" and chance.random() < 0.5):
            said = typo(said, chance)
        out.append((Mention(" ".join(said), sku), fits))
    return out


@dataclass
class Linker:
    """What the parser's own tagger makes of words."""

    parser: Parser
    catalogue: Catalogue
    spent: list[float] = field(default_factory=list)

    def link(self, said: str) -> tuple[set[str], str]:
        """The products denoted and the words that say that something unknown was meant."""
        names, speller = self.parser._indexed(self.catalogue)
        began = time.process_time()
        cleaned = clean(said)
        words = words_of(cleaned)
        words, _ = speller.mend(words, names.code_places(words, cleaned))
        tags = names.tag(cleaned, words, NOW.date())
        self.spent.append(1000 * (time.process_time() - began))
        found = {sku for mention in tags.mentions for sku in self._skus(mention.skus, mention.category)}
        return found, names.unknown(tags) if hasattr(names, "unknown") else ""

    def read(self, said: str) -> tuple[set[str], str]:
        """The same through the whole parser."""
        began = time.process_time()
        request = self.parser.read(said, Memory(), catalogue=self.catalogue, now=NOW).requests[0]
        self.spent.append(1000 * (time.process_time() - began))
        slots = request.parse.slots
        return set(self._skus(slots.get("products", ()), slots.get("category", ""))), request.unknown_product

    def _skus(self, skus: Iterable[str], category: str) -> Iterable[str]:
        return tuple(skus) or self.catalogue.categories.get(category, ())


def tally(
    known: Words, ask: Callable[[str], tuple[set[str], str]], wanted: Sequence[tuple[Mention, set[str]]]
) -> dict[str, Counter[str]]:
    """How the mentions fared: ``unique`` and ``ambiguous`` ones, each with the wrong ones told."""
    out = {"unique": Counter[str](), "ambiguous": Counter[str](), "kept": Counter[str]()}
    for mention, fits in wanted:
        found, unknown = ask(mention.said)
        kept = bool(found) and not unknown
        if len(fits) == 1:
            out["kept"][str(kept)] += 1
            right = found == {mention.sku} and not unknown
            out["unique"][str(right)] += 1
        else:
            asked = len(found) > 1 or bool(unknown) or not found
            out["ambiguous"]["asked"] += asked
            out["ambiguous"]["offered"] += mention.sku in found
            out["ambiguous"]["all"] += 1
            right = asked and mention.sku in found
        if not right:
            WRONG.append(
                (
                    mention.said,
                    known.names[mention.sku],
                    sorted(known.names.get(s, s) for s in found)[:4],
                    len(found),
                    unknown,
                )
            )
    return out


WRONG: list[tuple[str, str, list[str], int, str]] = []


def turned_away(
    known: Words,
    ask: Callable[[str], tuple[set[str], str]],
    others: Sequence[Sequence[str]],
    chance: random.Random,
) -> Counter[str]:
    """How many mentions of products that are not there are refused or questioned."""
    out: Counter[str] = Counter()
    for words in others:
        said = dropped(words, chance)
        if chance.random() < 0.5:
            said = typo(said, chance) if _telling(said) and not known.fitting(said) else said
        if not _telling(said) or said[0].isdecimal() or known.fitting(said):
            continue
        found, unknown = ask(" ".join(said))
        away = not found or bool(unknown)
        out[str(away)] += 1
        if not away:
            WRONG.append(
                (
                    " ".join(said),
                    "(not there)",
                    sorted(known.names.get(s, s) for s in found)[:4],
                    len(found),
                    unknown,
                )
            )
    return out


def _telling(said: Sequence[str]) -> bool:
    return any(
        len(part) > 2 and part not in SIZES and part.isalpha() for word in said for part in plain(word)
    )


def percent(count: int, of: int) -> str:
    return f"{100 * count / of:5.1f}" if of else "    –"


def measure(
    label: str, catalogue: Catalogue, strangers: Sequence[str], parser: Parser, count: int, show: int
) -> None:
    """One catalogue's rows of the table."""
    chance = random.Random(20_260_316)
    known = Words({sku: product.name for sku, product in catalogue.products.items()})
    skus = sorted(known.names)
    linker = Linker(parser, catalogue)
    began = time.process_time()
    parser.index(catalogue)
    print(f"\n{label}: {len(skus)} products, indexed in {time.process_time() - began:.2f} CPU-s")
    total = {"unique": Counter[str](), "kept": Counter[str](), "ambiguous": Counter[str]()}
    for noise in NOISES:
        drawn = chance.sample(skus, min(count, len(skus)))
        row = tally(known, linker.link, mentions(known, drawn, noise, chance))
        for name, counts in row.items():
            total[name].update(counts)
        line(noise, row, FACTS.get(noise, ""))
        reveal(show)
    line("all of these", total, "")
    sentences = tally(
        known,
        linker_in_sentences(linker, chance),
        mentions(known, chance.sample(skus, min(count, len(skus))), "dropped, half typed wrong", chance),
    )
    line("the same inside a sentence", sentences, "")
    reveal(show)
    removed(catalogue, known, strangers, parser, count, show, chance)
    spent = sorted(linker.spent)
    print(
        f"  {'CPU ms a mention, tagger and speller':34} median {statistics.median(spent):.2f}, 95 % {spent[int(0.95 * len(spent))]:.2f}"
    )


def linker_in_sentences(linker: Linker, chance: random.Random) -> Callable[[str], tuple[set[str], str]]:
    whole = Linker(linker.parser, linker.catalogue)
    return lambda said: whole.read(chance.choice(CARRIERS).format(said))


def line(label: str, row: dict[str, Counter[str]], facts: str) -> None:
    unique, ambiguous = row["unique"], row["ambiguous"]
    every = ambiguous["all"]
    print(
        f"  {label:34} unique {percent(unique['True'], unique.total())} (n {unique.total():4}; facts {facts or '–':5})"
        f"  kept {percent(row['kept']['True'], row['kept'].total())}"
        f"  ambiguous asked {percent(ambiguous['asked'], every)}, true one denoted {percent(ambiguous['offered'], every)} (n {every})"
    )


def removed(
    catalogue: Catalogue,
    known: Words,
    strangers: Sequence[str],
    parser: Parser,
    count: int,
    show: int,
    chance: random.Random,
) -> None:
    """A fifth of the products taken out of the catalogue, and the names of other shops."""
    gone = set(chance.sample(sorted(known.names), len(known.names) // 5))
    products = {sku: product for sku, product in catalogue.products.items() if sku not in gone}
    categories = {
        name: tuple(sku for sku in skus if sku not in gone) for name, skus in catalogue.categories.items()
    }
    rest = Catalogue(
        catalogue.version + 1, products, categories={name: skus for name, skus in categories.items() if skus}
    )
    left = Words({sku: product.name for sku, product in products.items()})
    linker = Linker(parser, rest)
    for label, names in (
        ("removed products turned away", [known.names[sku] for sku in sorted(gone)]),
        ("other shops' turned away", list(strangers)),
    ):
        drawn = chance.sample(names, min(count, len(names)))
        words = [re.findall(r"[\w.%&'/-]+", name.lower()) for name in drawn]
        away = turned_away(left, linker.link, words, chance)
        print(
            f"  {label:34} {percent(away['True'], away.total())} (n {away.total()}; facts {FACTS['removed product turned away'] if 'removed' in label else '–'})"
        )
        reveal(show)


def reveal(show: int) -> None:
    for wrong in WRONG[:show]:
        print("     ", *wrong, sep=" | ")
    WRONG.clear()


def online_retail() -> Catalogue:
    """The descriptions with 20 sales lines or more, each under its commonest stock code."""
    path = SHARED / "data" / "online-retail" / "transactions.csv.gz"
    lines: Counter[str] = Counter()
    codes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["Description"].strip()
            if name and int(row["Quantity"]) > 0:
                lines[name] += 1
                codes[name][row["StockCode"].upper()] += 1
    products: dict[str, Product] = {}
    for name, sold in sorted(lines.items()):
        code = codes[name].most_common(1)[0][0]
        if sold >= SALES_LINES:
            sku = code if code not in products else f"{code}-{len(products)}"
            products[sku] = Product(len(products), sku, name, "")
    return Catalogue(2, products)


def scaled(count: int) -> Catalogue:
    """The catalogue of ``bench/scale.py``."""
    products = {
        f"S{number:06d}": Product(
            number,
            f"S{number:06d}",
            scaled_name(number),
            f"Group {number % 120}",
            barcode=f"{5_000_000_000_000 + number}",
        )
        for number in range(count)
    }
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for sku, product in products.items():
        groups[product.category].append(sku)
    return Catalogue(3, products, categories={name: tuple(skus) for name, skus in groups.items()})


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--shop", type=Path, default=SHARED / "eval" / "shop")
    ask.add_argument("--mentions", type=int, default=400)
    ask.add_argument("--wrong", type=int, default=0, help="how many failures to show of each row")
    ask.add_argument("--only", type=int, default=0, help="1, 2 or 3: one catalogue only")
    given = ask.parse_args()
    parser = Parser.load()
    print(
        f"goals, percent: {GOALS}; facts measured on the 2,887 names (* with mentions that single out one product)"
    )
    small = fixture_shop(given.shop) if given.shop.exists() else None
    export = (SHARED / "data" / "online-retail" / "transactions.csv.gz").exists()
    retail = online_retail() if export else None
    for at, (label, catalogue, other) in enumerate(
        (
            ("fixture shop", small, retail),
            ("Online Retail", retail, small),
            ("made up", scaled(100_000), retail),
        ),
        1,
    ):
        if given.only in (0, at) and catalogue is not None:
            strangers = [product.name for product in other.products.values()] if other else []
            measure(label, catalogue, strangers, parser, given.mentions, given.wrong)
        elif catalogue is None:
            print(f"\n{label}: its data is not here, left out")


if __name__ == "__main__":
    main()

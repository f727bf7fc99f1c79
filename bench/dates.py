"""Expressions of time: the share read right of two public corpora and of a shop's own sentences.

    python bench/dates.py [--data ../shared/data/nlu] [--shop bench/language/dates.jsonl] [--errors 20]

An answer is right when any resolved value equals any gold candidate, both ends for ranges. A range's
gold end counts as the last day or the day after it (the corpora mix both); an open end is not compared;
what a corpus itself does not resolve is left out; a message without gold is right when nothing is found. The corpora are not part of the project.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from intents.calendar_values import OURS, Conventions, month_span
from intents.periods import TimeSpan, find_periods
from intents.words import clean, words_of

DAY = timedelta(days=1)
MICROSOFT = Conventions(
    ends_are_days=False,
    month_first=True,
    today_counts=False,
    whole_units=frozenset({"quarter"}),
    named_end_is_out=True,
    halves=True,
)
DUCKLING = Conventions(
    ends_are_days=False,
    month_first=True,
    today_counts=False,
    whole_units=frozenset({"week", "month", "quarter", "year"}),
    nth_to_come=True,
    solar_seasons=True,
    year_opens=3,
)
LIBRARIES = {
    "Recognizers dates": "recognizers-text 48.6, dateparser 40.5, parsedatetime 32.9",
    "Recognizers ranges": "recognizers-text 41.1, parsedatetime 3.8, dateparser 3.2",
    "Recognizers none": "recognizers-text 72.7, dateparser 48.5, parsedatetime 37.9",
    "Duckling days": "recognizers-text 57.4, dateparser 53.5, parsedatetime 50.3",
    "Duckling weeks to years": "recognizers-text 33.7, others 0",
    "Duckling intervals": "recognizers-text 12.8, others 0",
}
"""Measured on the whole corpora, of which each half is given (share right in %)."""
SHOP_DAY = date(2026, 3, 16)
Value = tuple[date | None, date | None]


@dataclass(frozen=True)
class Asked:
    """One expression of a corpus: the message, the day, the values that count as right."""

    group: str
    text: str
    today: date
    gold: tuple[Value, ...]


def main() -> None:
    root = Path(__file__).parents[1]
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("--data", type=Path, default=root.parent / "shared" / "data" / "nlu")
    ask.add_argument("--shop", type=Path, default=root / "bench" / "language" / "dates.jsonl")
    ask.add_argument("--errors", type=int, default=0)
    said = ask.parse_args()
    for name, read, rules in (
        ("dates_ms_recognizers_en.jsonl.gz", recognizers, MICROSOFT),
        ("dates_duckling_en.jsonl.gz", duckling, DUCKLING),
    ):
        if not (said.data / name).exists():
            print(f"no {name} in {said.data}: skipped")
            continue
        report(list(read(rows(said.data / name))), rules, said.errors)
    if said.shop.exists():
        report_shop(said.shop, said.errors)
    else:
        print(f"no {said.shop}: skipped")


def rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def recognizers(records: list[dict[str, Any]]) -> Iterator[Asked]:
    """Dates and ranges of days; a message that Microsoft finds nothing in must give nothing."""
    for record in records:
        today = date.fromisoformat((record["ref"] or "2016-11-07")[:10])
        if not record["results"]:
            yield Asked("Recognizers none", record["text"], today, ())
        for result in record["results"]:
            if result["type"] not in ("date", "daterange"):
                continue
            gold = tuple(filter(None, map(_recognizers_value, result.get("values") or [])))
            group = "Recognizers dates" if result["type"] == "date" else "Recognizers ranges"
            if gold:
                yield Asked(group, record["text"], today, gold)


def _recognizers_value(value: dict[str, Any]) -> Value | None:
    if "not resolved" in str(value.get("value")):
        return None
    if value["type"] == "date":
        return _day(value["value"]), _day(value["value"])
    return _day(value.get("start")), _day(value.get("end"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def duckling(records: list[dict[str, Any]]) -> Iterator[Asked]:
    """Days, weeks, months, quarters, years and intervals of days or more; feasts apart."""
    for record in records:
        if record["grain"] not in ("Day", "Week", "Month", "Quarter", "Year"):
            continue
        start = date(*record["start"])
        group = _group(record)
        if record["end"]:
            gold: Value = (start, date(*record["end"]))
        elif "Open" in record["kind"]:
            gold = (start, None)
        else:
            gold = (start, _grain_end(start, record["grain"]))
        yield Asked(group, record["text"], date.fromisoformat(record["ref"][:10]), (gold,))


def _group(record: dict[str, Any]) -> str:
    if record["holiday"] or "Holiday" in record["kind"]:
        return "Duckling feasts"
    if record["end"] or "Open" in record["kind"]:
        return "Duckling intervals"
    return "Duckling days" if record["grain"] == "Day" else "Duckling weeks to years"


def _grain_end(start: date, grain: str) -> date:
    months = {"Month": 1, "Quarter": 3, "Year": 12}.get(grain)
    if months:
        return month_span(start.year, start.month + months - 1)[1]
    return start + (6 if grain == "Week" else 0) * DAY


def read(asked: Asked, rules: Conventions) -> tuple[TimeSpan, ...]:
    return find_periods(words_of(clean(asked.text)), asked.today, rules)


def right(asked: Asked, rules: Conventions) -> bool:
    found = read(asked, rules)
    if not asked.gold:
        return not found
    values = [(span.first, span.last) for found_one in found for span in found_one.readings]
    return any(_same(value, gold) for value in values for gold in asked.gold)


def _same(value: tuple[date, date], gold: Value) -> bool:
    first, last = gold
    if first == last:
        return value == gold
    return (first is None or value[0] == first) and (last is None or value[1] in (last, last - DAY))


def report(asked: list[Asked], rules: Conventions, errors: int) -> None:
    """One line a group: under our conventions, under the corpus's own, and the libraries."""
    groups: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    wrong: list[Asked] = []
    for one in asked:
        theirs = right(one, rules)
        groups[one.group].append((right(one, OURS), theirs))
        if not theirs:
            wrong.append(one)
    for group, marks in groups.items():
        ours, other = (100 * statistics.mean(mark[at] for mark in marks) for at in (0, 1))
        note = LIBRARIES.get(group, "not measured")
        print(f"{group:26}{len(marks):5}  ours {ours:5.1f} %  its conventions {other:5.1f} %  ({note})")
    spent = []
    for one in asked:
        began = time.process_time()
        read(one, rules)
        spent.append(1000 * (time.process_time() - began))
    print(
        f"{statistics.median(spent):.2f} ms median, {sorted(spent)[int(0.95 * len(spent))]:.2f} ms p95 (CPU)"
    )
    for one in wrong[:errors]:
        found = [str([f"{span.first}..{span.last}" for span in it.readings]) for it in read(one, rules)]
        gold = [f"{first}..{last}" for first, last in one.gold]
        print(f"  {one.group}: {one.text[:110]!r} on {one.today}: {' '.join(found)} for {gold}")


def report_shop(path: Path, errors: int) -> None:
    """What a shop's people say: the first span found, in the direction of the request, is the answer."""
    asked = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    wrong = []
    for one in asked:
        found = find_periods(words_of(clean(one["text"])), SHOP_DAY)
        answer = found[0].reading(ahead=one["direction"] == "future").to_json() if found else None
        if answer not in [one["period"], *one["alt"]]:
            wrong.append(
                f"  {one['text']!r} ({one['direction']}): {answer} for {one['period']} {one['alt'] or ''}"
            )
    print(f"{'shop':26}{len(asked):5}  ours {100 * (1 - len(wrong) / len(asked)):5.1f} %")
    print("\n".join(wrong[:errors]))


if __name__ == "__main__":
    main()

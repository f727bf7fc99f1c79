"""Orders as papers, and buttons that several people press at the same moment."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

from assistant.codec import answer_from_json, answer_to_json
from connectors.chat.message import Message
from connectors.chat.paper import comma_separated, pdf
from tests.assistant.conftest import parser, talk  # noqa: F401 - the conversation's fixtures
from tools.kit import Paper, Table

PAPER = Paper(
    "Purchase order PO-1044",
    "PO-1044",
    (("Order", "PO-1044"), ("To", "Łódź Ceramics & Sons")),
    Table(
        ("Item", "Description", "Quantity", "Sum"),
        (("A-1", "Käse – “fine”", Decimal(12), "£45.60"), ("=1+1", "-danger", Decimal("2.5"), "")),
    ),
    ("Total: £45.60",),
)


def test_a_paper_is_a_pdf_and_the_same_paper_the_same_bytes() -> None:
    drawn = pdf(PAPER)
    assert drawn.startswith(b"%PDF-")
    assert drawn == pdf(PAPER)


def test_a_long_paper_goes_on_over_pages() -> None:
    rows = tuple(
        (f"A-{number}", "A thing with a long name " * 3, Decimal(number), "") for number in range(200)
    )
    long = pdf(replace(PAPER, table=Table(PAPER.table.columns, rows)))
    assert long.count(b"/Type /Page\n") > 4


def test_the_table_is_csv_in_which_nothing_runs_as_a_formula() -> None:
    rows = list(csv.reader(io.StringIO(comma_separated(PAPER).decode())))
    assert rows[0] == ["Item", "Description", "Quantity", "Sum"]
    assert rows[1] == ["A-1", "Käse – “fine”", "12", "£45.60"]
    assert rows[2] == ["'=1+1", "'-danger", "2.5", ""]


def test_an_approved_order_carries_its_paper_and_keeps_it_when_told_again(talk) -> None:  # noqa: F811
    answer = talk().say("approve PO 1043")
    papers = [block for block in answer.replies[0].blocks if isinstance(block, Paper)]
    assert [paper.name for paper in papers] == ["PO-1043"]
    assert ("To", "Acme Ceramics") in papers[0].head
    assert papers[0].table.rows[0][:4] == ("MUG-BLU-350", "Blue Mug 350ml", "Warehouse", Decimal(6))
    kept = answer_from_json(answer_to_json(answer))
    again = next(block for block in kept.replies[0].blocks if isinstance(block, Paper))
    assert (again.head, again.foot) == (papers[0].head, papers[0].foot)


def test_of_many_who_press_at_once_one_approves_and_the_others_are_told(talk) -> None:  # noqa: F811
    people = [talk(who, f"c{number}") for number, who in enumerate(("Anna", "Ben") * 3)]
    offers = [person.say("where is PO 1043?") for person in people]

    def press(number: int) -> str:
        person, offer = people[number], offers[number]
        action = next(one for one in offer.actions if one.label == "Approve PO-1043")
        message = Message(person.name, person.user, "test", action=action.id)
        return person.house.answer_now(message).text

    with ThreadPoolExecutor(len(people)) as pool:
        told = list(pool.map(press, range(len(people))))
    assert sum(text.startswith("PO-1043 is approved: ") for text in told) == 1
    assert all("PO-1043 is approved" in text for text in told)
    events = people[0].house.store.purchasing.history("PO-1043")
    assert [event.kind for event in events] == ["approve"]


def test_of_many_who_book_in_at_once_the_goods_come_once(talk) -> None:  # noqa: F811
    people = [talk(who, f"c{number}") for number, who in enumerate(("Anna", "Ben") * 3)]

    def arrive(person) -> str:
        return person.say("PO 1042 arrived").text

    with ThreadPoolExecutor(len(people)) as pool:
        told = list(pool.map(arrive, people))
    assert sum(text.startswith("Booked in on PO-1042") for text in told) == 1
    assert people[0].on_hand("MUG-RED-350", "WH") == "64.000"

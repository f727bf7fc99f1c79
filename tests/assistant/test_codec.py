"""What was said once can be told again, word for word."""

from decimal import Decimal

from assistant.codec import answer_from_json, answer_to_json
from connectors.chat.message import Answer, OfferedAction
from tools.kit import Button, Call, Chart, Parse, Prose, Reply, Series, Source, Table


def test_an_answer_survives_being_stored():
    reply = Reply(
        text="42 red mugs – “fine”",
        data={"rows": [{"sku": "MUG-RED", "on_hand": 42, "share": 0.5, "location": None}]},
        blocks=(
            Prose("A word."),
            Table(("Product", "On hand"), (("Red Mug", 42), ("Grapes", 2.8), ("None", None)), "Stock"),
            Chart("Sales", "line", ("2026-03-01", "2026-03-02"), (Series("sold", (1.0, None)),), "pcs"),
        ),
        buttons=(Button("Undo", Call("meta.undo", {"group": "g"}), "danger"),),
        sources=(Source("Stock ledger", "move 7", ("row 1",)),),
    )
    answer = Answer(
        "c1",
        (reply,),
        (Parse("stock.query", 0.98, {"products": ["MUG-RED"]}),),
        (OfferedAction("t", "Undo"),),
    )
    assert answer_from_json(answer_to_json(answer)) == answer


def test_exact_numbers_become_numbers():
    answer = Answer("c1", (Reply("x", {"a": Decimal("2.50"), "b": Decimal("3.000")}),))
    assert answer_from_json(answer_to_json(answer)).replies[0].data == {"a": 2.5, "b": 3}

"""Every block of a reply as Slack shows it, within Slack's limits and without anybody's markup."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connectors.chat.message import Answer, OfferedAction
from connectors.chat.slack.blocks import draw
from connectors.chat.slack.text import escape, pieces, plain
from tests.chat.slack.people import buttons_of, words_of
from tests.chat.slack.server import problem_with
from tools.kit import Chart, Paper, Prose, Reply, Series, Table

STOCK = Table(("Place", "On hand"), (("High Street", Decimal("12.50")), ("Harbour", None)), "By place")
ORDER = Paper("Order PO-7", "PO-7", (("To", "Acme"),), STOCK, ("Thank you",))
SALES = Chart("Sold", "line", ("2026-03-01", "2026-03-02"), (Series("mugs", (1.0, 4.0)),), "units")


def drawn(*replies: Reply, actions: tuple[OfferedAction, ...] = ()):
    answer = draw(Answer("c", replies, actions=actions))
    for post in answer.posts:
        assert problem_with(list(post.blocks)) == ""
        assert post.text
        assert len(post.text) <= 4_000
    return answer


def test_words_tables_and_buttons_stand_in_one_message():
    reply = Reply("12.5 left.", blocks=(Prose("Counted today."), STOCK))
    (post,) = drawn(reply, actions=(OfferedAction("t1", "Reorder 24", "primary"),)).posts
    assert [block["type"] for block in post.blocks] == ["section", "section", "section", "table", "actions"]
    assert words_of({"blocks": post.blocks}).startswith("12.5 left.\nCounted today.\n*By place*")
    assert post.blocks[3]["rows"][1] == [
        {"type": "raw_text", "text": "High Street"},
        {"type": "raw_text", "text": "12.5"},
    ]
    assert post.blocks[3]["column_settings"][1] == {"align": "right"}
    assert "Harbour" in post.text


def test_a_chart_is_a_picture_with_words_for_who_cannot_see_it():
    (file,) = drawn(Reply("Sales rise.", blocks=(SALES,))).files
    assert file.name == "Sold.png"
    assert file.make()[:8] == b"\x89PNG\r\n\x1a\n"
    assert file.words == "Chart of Sold in units, 2026-03-01 to 2026-03-02. mugs: lowest 1, highest 4, last 4"


def test_a_paper_is_a_pdf_and_a_csv():
    answer = drawn(Reply("Here it is.", blocks=(ORDER,)))
    assert [file.name for file in answer.files] == ["PO-7.pdf", "PO-7.csv"]
    assert answer.files[0].make().startswith(b"%PDF")
    assert b"High Street,12.5" in answer.files[1].make()
    assert "To: Acme" in answer.posts[0].text


def test_nobody_is_called_and_no_link_is_made_by_what_stands_in_the_data():
    nasty = "<!channel> <@U1> <https://evil.example|bank> & co ```"
    reply = Reply(nasty, blocks=(Prose(nasty), Table((nasty,), ((nasty,),), nasty)))
    answer = drawn(reply, actions=(OfferedAction("t", nasty),))
    for post in answer.posts:
        said = post.text + words_of(
            {"blocks": [b for b in post.blocks if b["type"] not in ("table", "actions")]}
        )
        assert "<" not in said
        assert "&lt;!channel&gt;" in said


@pytest.mark.parametrize("rows", [1, 30, 60, 61, 99, 500])
@pytest.mark.parametrize("columns", [1, 6, 25])
def test_a_table_of_any_size_is_shown_and_long_ones_are_a_file_too(rows, columns):
    table = Table(
        tuple(f"column {n}" for n in range(columns)),
        tuple(tuple(f"cell {row}.{n} of the table" for n in range(columns)) for row in range(rows)),
        "Everything",
    )
    answer = drawn(Reply("All of it.", blocks=(table,)))
    assert len(answer.files) == (1 if rows > 60 else 0)
    if answer.files:
        assert len(answer.files[0].make().splitlines()) == rows + 1


def test_several_tables_are_several_messages():
    assert len(drawn(Reply("Two.", blocks=(STOCK, STOCK))).posts) == 2


def test_long_words_are_cut_between_words_and_none_is_lost():
    words = [f"word{n}&" for n in range(4_000)]
    answer = drawn(Reply(" ".join(words)))
    said = " ".join(block["text"]["text"] for post in answer.posts for block in post.blocks)
    assert said.replace("&amp;", "&").split() == words


def test_a_word_that_is_longer_than_a_message_is_cut_anyway():
    assert sum(map(len, pieces("x" * 10_000))) == 10_000
    assert max(len(escape(part)) for part in pieces("<" * 5_000)) <= 2_900


def test_long_labels_and_many_buttons_fit():
    actions = tuple(OfferedAction(f"t{n}", "Something that is said at length " * 5) for n in range(23))
    (post,) = drawn(Reply("Which?"), actions=actions).posts
    assert len(buttons_of({"blocks": post.blocks})) == 23


def test_an_answer_of_nothing_still_says_something():
    assert drawn().posts[0].text == "Done."
    assert drawn(Reply("")).posts[0].text == "Done."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("<@U0BOT> how many mugs?", "how many mugs?"),
        ("*sold* _3_ mugs &amp; 2 `teas`", "sold 3 mugs & 2 teas"),
        (
            "see <http://a.example|a.example> or <mailto:o@a.example|o@a.example>",
            "see a.example or o@a.example",
        ),
        ("5 &lt; 6", "5 < 6"),
        ("in <#C1|shop> for <!subteam^S1|@staff>", "in #shop for @staff"),
        ("pair `ABCD2345`", "pair ABCD2345"),
        ("2*3 and a_b_c", "2*3 and a_b_c"),
    ],
)
def test_what_people_type_is_read_without_slacks_dressing(typed, meant):
    assert plain(typed) == meant

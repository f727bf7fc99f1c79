"""Every block as Telegram shows it: escaped, cut to fit, never a broken tag."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.chat.message import Answer, OfferedAction
from connectors.chat.telegram.drawing import WIDEST, documents, draw
from connectors.chat.telegram.keyboard import keyboard
from connectors.chat.telegram.spans import Span, pages, short, units
from tests.chat.telegram.markup import CannotParse, parse
from tools.kit import Chart, Paper, Prose, Reply, Series, Table

SPANS = st.lists(st.builds(Span, st.text(max_size=300), st.sampled_from(("", "b", "i", "pre"))), max_size=12)


def shown(*replies: Reply) -> str:
    (page,) = draw(Answer("c", replies)).pages
    text, _ = parse(page.html)
    return text


@given(SPANS, st.integers(min_value=10, max_value=200))
def test_pages_fit_and_have_no_broken_tag_and_lose_no_letter(spans: list[Span], most: int) -> None:
    made = pages(spans, most)
    for page in made:
        text, _ = parse(page.html)
        assert text.strip()
        assert units(text) <= most
    kept = "".join("".join(page.plain.split()) for page in made)
    said = "".join(span.text for span in spans).encode("utf-8", "replace").decode()
    assert kept == "".join("".join(letter for letter in said if letter >= " " or letter in "\n\t").split())


def test_what_people_wrote_is_never_taken_for_a_tag() -> None:
    assert shown(Reply("<b>3 & 4</b>"), Reply("x", blocks=(Prose("a < b"),))) == "<b>3 & 4</b>\n\nx\n\na < b"


def test_a_table_stands_in_columns_that_fit_a_phone() -> None:
    rows = (("Red Mug 350ml with a very long name indeed", Decimal(12)), ("Tea", None))
    lines = shown(Reply("Left:", blocks=(Table(("Product", "On hand"), rows, "By place"),))).splitlines()
    assert lines == [
        "Left:", "", "By place",
        "Product                        On hand",
        "Red Mug 350ml with a very lo…       12",
        "Tea",
    ]  # fmt: skip
    assert max(map(len, lines)) <= WIDEST


def test_a_table_too_wide_for_a_phone_is_told_row_by_row() -> None:
    columns = ("Product", "Supplier", "Lead time", "Reorder point", "Safety stock", "Unit cost")
    rows = (("Red Mug 350ml", "Acme Ceramics", 10, 24, 6, Decimal("3.80")),)
    told = shown(Reply("Here:", blocks=(Table(columns, rows),)))
    assert "Red Mug 350ml\nSupplier Acme Ceramics · Lead time 10 · Reorder point 24" in told


def test_a_long_table_is_cut_and_comes_whole_as_a_file() -> None:
    table = Table(("Product", "On hand"), tuple((f"Mug {n}", n) for n in range(100)), "All mugs")
    drawing = draw(Answer("c", (Reply("Left:", blocks=(table,)),)))
    assert "… 76 more, all in the file" in drawing.pages[0].plain
    (extra,) = drawing.extras
    assert isinstance(extra, Paper)
    (file,) = documents(extra)
    assert file.name == "all-mugs.csv"
    assert file.content.decode().count("\r\n") == 101


def test_a_long_table_of_words_alone_is_only_cut() -> None:
    table = Table(("You can", "Say"), tuple((f"Do {n}", "please") for n in range(30)))
    drawing = draw(Answer("c", (Reply("Help:", blocks=(table,)),)))
    assert drawing.extras == ()
    assert drawing.pages[0].plain.endswith("… 6 more")


def test_a_paper_comes_as_pdf_and_csv_and_a_chart_as_a_picture() -> None:
    paper = Paper(
        "Purchase order", "PO-1042", (("Supplier", "Acme"),), Table(("SKU",), (("A",),)), ("Thanks",)
    )
    chart = Chart("Sold", "bar", ("a", "b"), (Series("sold", (1.0, 2.0)),))
    drawing = draw(Answer("c", (Reply("Here.", blocks=(paper, chart)),)))
    assert drawing.extras == (paper, chart)
    pdf, csv = documents(paper)
    assert (pdf.name, csv.name) == ("PO-1042.pdf", "PO-1042.csv")
    assert pdf.content.startswith(b"%PDF")


def test_an_answer_of_any_length_comes_in_pages_of_at_most_4096() -> None:
    drawing = draw(Answer("c", (Reply("word " * 3000),)))
    assert [units(page.plain) <= 4096 for page in drawing.pages] == [True] * len(drawing.pages)
    assert sum(page.plain.count("word") for page in drawing.pages) == 3000


def test_an_empty_answer_says_so() -> None:
    assert shown(Reply("  ")) == "I have nothing to show for that."


def test_buttons_keep_within_telegrams_limits() -> None:
    offered = [OfferedAction("t" * 22, "x" * 200, "danger"), OfferedAction("y" * 65, "too long a token")]
    offered += [OfferedAction("a", "Yes", "primary"), OfferedAction("b", "No")]
    markup = keyboard(offered)
    assert markup is not None
    assert [[button.text for button in row] for row in markup.inline_keyboard] == [
        ["x" * 63 + "…"],
        ["Yes", "No"],
    ]
    assert [row[0].style for row in markup.inline_keyboard] == ["danger", "primary"]
    assert keyboard([]) is None


@pytest.mark.parametrize("text", ["plain", "x" * 500, "😀" * 200, "\ud800 half", " \n "])
def test_a_toast_is_one_line_that_fits(text: str) -> None:
    assert units(short(text, 200)) <= 200


@pytest.mark.parametrize(
    "html", ["<b>x", "x</b>", "<b><i>x</b></i>", "<script>x</script>", "a < b", "<b x=1>y</b>"]
)
def test_the_stand_in_refuses_what_telegram_refuses(html: str) -> None:
    with pytest.raises(CannotParse):
        parse(html)

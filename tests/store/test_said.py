"""Customers' words in the books: each once, without what is personal, read once, put right, forgotten."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from tests.shop import NOW, RED, tiny_shop
from tools.store import Actor, BooksError, Store, Undo
from tools.store.changes import NoteRemark
from tools.store.personal import Masker
from tools.store.persons import KEEP, person_key, text_key
from tools.store.remarks import KNOWN
from tools.store.said_changes import AddSignal, CorrectSignal, Label
from tools.store.signal_facts import (
    CONFIRMED,
    DOUBTFUL,
    PRAISE,
    PRODUCT,
    QUALITY,
    STOCKOUT,
    Mined,
    MinedText,
)
from tools.store.tables import AuditRow, FeedbackRow

ANNA = Actor("Anna Bell", "test")
OATS = "Do you have oat milk?"
LEAK = "The lid leaks. Lovely colour though!"
READ = MinedText(
    "mixed",
    (
        Mined(QUALITY, RED, "lid", polarity="neg", start=0, end=14, confidence=0.9),
        Mined(PRAISE, polarity="pos", start=15, end=36, confidence=0.3, sure=False),
    ),
)


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def note(shop: Store, text: str, **more: object) -> int:
    change = NoteRemark(text, **{"channel": "review", **more})  # type: ignore[arg-type]
    applied = shop.apply(change, ANNA, request_id=f"{text} {more}", at=NOW)
    return int(applied.documents[0].split()[1])


def wish(words: str) -> MinedText:
    return MinedText("neu", (Mined(PRODUCT, mention=words, end=len(words)),))


# -- what is personal ------------------------------------------------------------------------------------

SHOP = Masker.of(
    ["Mrs Eleanor Jones", "Peter Ashworth", "Rosemary Baker"],
    ["Red Mug 350ml", "Rosemary hand wash", "Serrano ham", "Garden Way edging", "Harbour & Home"],
    ["5060417007202", "MUG-RED-350", "5531", "harbourhome"],
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("It's peter ashworth, 07700 900123, p.a@example.co.uk", "It's [name], [phone], [email]"),
        ("card 4111 1111 1111 1111 was charged twice", "card [card number] was charged twice"),
        ("refund to GB29 NWBK 6016 1331 9268 19 please", "refund to [bank account] please"),
        ("nobody came to 12 Mill Lane, BS4 4HF", "nobody came to [address]"),
        ("Ich wohne in der Hauptstraße 12", "Ich wohne in der [address]"),
        ("Mrs Okafor asked for 3 red mugs", "Mrs [name] asked for 3 red mugs"),
        ("Dear Sam,\nno oat milk again.\nKind regards,\nPhilippa Orr", None),
        ("Thanks\npriya", "Thanks\n[name]"),
        ("Ask for Priya on +44 7700 900123", "Ask for [name] on [phone]"),
        ("Rosemary Baker wants Rosemary hand wash", "[name] wants Rosemary hand wash"),
        ("tell @niamh_b it is back", "tell [name] it is back"),
    ],
)
def test_what_is_personal_is_left_out(said: str, kept: str | None) -> None:
    masked = SHOP.mask(said)
    assert masked == (kept or "Dear [name],\nno oat milk again.\nKind regards,\n[name]")
    assert SHOP.mask(masked) == masked


@pytest.mark.parametrize(
    "said",
    [
        "4 x 350 ml, 2 packs of 500 g, barcode 5060417007202",
        "order 5531 of 2026-03-10 14:30 never came, it cost 1,000,000.00",
        "Do you sell Dr Pepper or Mr Kipling cakes?",
        "A4 2pk paper, sizes 0.25 0.33 0.5 0.75 l, 18 Garden Way edging strips",
        "Thanks Serrano was lovely. Thank you very much, best ham ever, Merry Christmas",
        "open 0800-1700? asking @HarbourHome",
        "Lovely mugs! Cheers",
    ],
)
def test_goods_and_figures_stay(said: str) -> None:
    assert SHOP.mask(said) == said


@given(st.text(max_size=300))
def test_any_text_is_masked_once_and_for_all(text: str) -> None:
    once = SHOP.mask(text)
    assert SHOP.mask(once) == once


def test_our_own_texts_lose_no_product_and_no_amount() -> None:
    folder = Path(__file__).parents[2] / "intents" / "signals"
    goods = [
        name
        for shop in ("larder", "potting")
        for one in json.loads((folder / f"catalogue_{shop}.json").read_text("utf-8"))
        for name in (one["name"], *one.get("aliases", ()))
    ]
    shops = ["Larder & Hearth", "Spade & Paw"]
    masker = Masker.of([], [*goods, *shops], [*shops, "larderhearth", "spadeandpaw"])
    lines = (folder / "texts_train.jsonl").read_text("utf-8").splitlines()
    for text in map(json.loads, lines):
        kept = masker.mask(text["text"])
        for signal in text["signals"]:
            assert not signal["mention"] or signal["mention"] in kept, text["id"]


# -- each once -------------------------------------------------------------------------------------------


def test_a_text_is_kept_masked_and_the_audit_tells_none_of_it(shop: Store) -> None:
    number = note(shop, "Eleanor Jones, 07700 900123: any oat milk?", customer="Mrs Eleanor Jones")
    kept = shop.said.remark(number)
    assert kept is not None
    assert (kept.text, kept.customer, kept.masked) == ("[name], [phone]: any oat milk?", "C001", True)
    with shop.database.reading() as connection:
        told = "".join(connection.execute(select(AuditRow.detail)).scalars())
    assert "oat milk" not in told
    assert "07700" not in told


def test_a_shop_that_wants_it_keeps_what_is_personal(shop: Store) -> None:
    shop.settings.set(KEEP, "1")
    kept = shop.said.remark(note(shop, "Ring 07700 900123", customer="Jane Smith"))
    assert kept is not None
    assert (kept.text, kept.customer, kept.masked) == ("Ring 07700 900123", "Jane Smith", False)


def test_the_same_words_of_the_same_person_within_days_are_one(shop: Store) -> None:
    days = [datetime(2026, 3, day) for day in (1, 2, 12)]
    first, again, later = (note(shop, OATS, customer="Jane", said_at=day) for day in days)
    assert first == again != later
    assert note(shop, OATS.upper(), customer=" jane ", said_at=days[0]) == first
    assert note(shop, OATS, customer="Bob", said_at=days[0]) not in (first, later)


def test_a_source_counts_its_own_number_once(shop: Store) -> None:
    change = NoteRemark(OATS, "email", source="api", source_id="7")
    first = shop.apply(change, ANNA, request_id="a", at=NOW)
    again = shop.apply(change, ANNA, request_id="b", at=NOW)
    assert again.documents == first.documents
    assert again.notes == (KNOWN,)
    assert len(shop.said.remarks()) == 1


def test_a_persons_key_tells_no_name_and_is_steady() -> None:
    key = person_key("ab" * 32, "Mrs Jane  Smith")
    assert key == person_key("ab" * 32, "jane smith") != person_key("cd" * 32, "jane smith")
    assert person_key("ab" * 32, "  ") == ""
    assert text_key("Sold OUT!") == text_key("sold out")


def test_a_remark_taken_back_takes_what_was_read_with_it(shop: Store) -> None:
    applied = shop.apply(NoteRemark(LEAK), ANNA, request_id="r", at=NOW)
    number = int(applied.documents[0].split()[1])
    shop.said.keep([(number, READ)], "v1")
    shop.apply(Undo(applied.group_id), ANNA, request_id="u", at=NOW)
    assert shop.said.signals(confident=False) == []
    assert all(finding.ok for finding in shop.doctor())


# -- reading ---------------------------------------------------------------------------------------------


def test_what_is_read_is_kept_once_with_its_quotes(shop: Store) -> None:
    number = note(shop, LEAK)
    assert shop.said.keep([(number, READ)], "v1") == 1
    assert shop.said.keep([(number, MinedText())], "v1") == 0
    (leak,) = shop.said.signals()
    assert (leak.sku, leak.quote, leak.polarity) == (RED, "The lid leaks.", "neg")
    assert [one.state for one in shop.said.read_from([number])] == ["sure", DOUBTFUL]
    assert shop.said.figures("v1").unread == 0
    assert shop.said.figures("v2").unread == 1
    assert [one.id for one in shop.said.unread("v2")] == [number]


def test_a_newer_version_reads_anew_but_leaves_what_a_person_judged(shop: Store) -> None:
    judged, other = note(shop, LEAK), note(shop, "Leaks, too")
    shop.said.keep([(judged, READ), (other, READ)], "v1")
    (first, *_) = shop.said.read_from([judged])
    shop.apply(CorrectSignal(first.id, Label("")), ANNA, request_id="c", at=NOW)
    shop.said.keep([(judged, READ), (other, MinedText())], "v2")
    assert shop.said.read_from([other]) == []
    assert [one.type for one in shop.said.read_from([judged])] == [PRAISE]


def test_a_text_filed_under_a_product_is_about_it_where_it_names_none(shop: Store) -> None:
    number = note(shop, "Chipped after a week", sku=RED)
    shop.said.keep([(number, MinedText("neg", (Mined(QUALITY, end=8),)))], "v1")
    assert [one.sku for one in shop.said.signals(skus=[RED])] == [RED]


def test_wishes_keep_their_number_as_their_words_become_more(shop: Store) -> None:
    words = ("oat milk", "oatly", "oat drink", "tahini")
    for place, word in enumerate(words):
        shop.said.keep([(note(shop, word, customer=f"c{place}"), wish(word))], "v1")
    shop.said.link([("oat milk", words[:1]), ("tahini", words[3:])], NOW)
    first = {one.name: one.id for one in shop.said.wishes()}
    shop.said.link([("oat milk", words[:3]), ("tahini", words[3:])], NOW)
    again = {one.name: one for one in shop.said.wishes()}
    assert again["oat milk"].id == first["oat milk"]
    assert [(one.name, one.voices) for one in shop.said.wishes()] == [("oat milk", 3), ("tahini", 1)]
    assert not shop.said.unlinked()


def test_counts_by_day_hear_a_voice_once(shop: Store) -> None:
    out = MinedText("neg", (Mined(STOCKOUT, RED, start=0, end=5),))
    for text, who in (("out again", "a"), ("still out!", "a"), ("out again", "b"), ("OUT AGAIN", "")):
        shop.said.keep([(note(shop, text, customer=who), out)], "v1")
    (count,) = shop.said.day_counts(types=[STOCKOUT])
    assert (count.voices, count.signals, count.day) == (3, 4, NOW.date())
    assert shop.said.day_counts(since=NOW.date() + timedelta(days=1)) == []


def test_remarks_are_found_by_day_and_by_what_was_read(shop: Store) -> None:
    old = note(shop, LEAK, said_at=datetime(2026, 1, 5, 12))
    new = note(shop, OATS)
    shop.said.keep([(old, READ)], "v1")
    assert [one.id for one in shop.said.remarks()] == [new, old]
    assert [one.id for one in shop.said.remarks(until=date(2026, 1, 5))] == [old]
    assert [one.id for one in shop.said.remarks(signals=shop.said.having(types=[QUALITY], skus=[RED]))] == [
        old
    ]
    assert shop.said.remark(0) is None
    assert shop.said.remark(10**12) is None


# -- put right -------------------------------------------------------------------------------------------


def test_a_correction_counts_and_can_be_undone(shop: Store) -> None:
    number = note(shop, LEAK)
    shop.said.keep([(number, READ)], "v1")
    (leak,) = shop.said.signals()
    label = Label(STOCKOUT, RED, "neg", "high")
    changed = shop.apply(CorrectSignal(leak.id, label), ANNA, request_id="c", at=NOW)
    (now,) = shop.said.signals()
    assert (now.type, now.state, now.corrected_by, now.quote) == (
        STOCKOUT,
        CONFIRMED,
        "Anna Bell",
        leak.quote,
    )
    with pytest.raises(BooksError, match="judged"):
        shop.apply(CorrectSignal(leak.id, label), ANNA, request_id="d", at=NOW)
    shop.apply(Undo(changed.group_id), ANNA, request_id="u", at=NOW)
    assert shop.said.signals() == [leak]
    assert all(finding.ok for finding in shop.doctor())


def test_the_same_label_confirms_and_what_was_missed_is_added(shop: Store) -> None:
    number = note(shop, LEAK)
    shop.said.keep([(number, READ)], "v1")
    doubt = shop.said.doubtful()[0]
    same = Label(doubt.type, doubt.sku, doubt.polarity, doubt.urgency)
    shop.apply(CorrectSignal(doubt.id, same), ANNA, request_id="c", at=NOW)
    shop.apply(AddSignal(number, Label(PRODUCT), "lid", 4, 7), ANNA, request_id="a", at=NOW)
    assert sorted(one.type for one in shop.said.signals()) == sorted([QUALITY, PRAISE, PRODUCT])
    assert {one.quote for one in shop.said.judged() if one.state == CONFIRMED} == {
        "Lovely colour though!",
        "lid",
    }


@pytest.mark.parametrize(
    "change",
    [
        CorrectSignal(10**12, Label("")),
        AddSignal(10**12, Label(PRODUCT)),
        AddSignal(1, Label("")),
        AddSignal(1, Label(PRODUCT), "", 5, 10_000),
        AddSignal(1, Label("no type")),
        AddSignal(1, Label(QUALITY, "NO-SUCH")),
    ],
)
def test_what_cannot_be_put_right_is_said(shop: Store, change: CorrectSignal | AddSignal) -> None:
    note(shop, LEAK)
    with pytest.raises(BooksError):
        shop.apply(change, ANNA, request_id="c", at=NOW)


# -- forgotten -------------------------------------------------------------------------------------------


def test_a_customer_is_forgotten_by_code_and_name_and_does_not_come_back(shop: Store) -> None:
    for text, who in ((LEAK, "C001"), (OATS, "Mrs Eleanor Jones"), ("Mine", "Bob")):
        shop.said.keep([(note(shop, text, customer=who), READ)], "v1")
    assert len(shop.said.of_customer("Eleanor Jones")) == 2
    assert shop.said.forget("C001", ANNA, NOW) == 2
    assert [one.text for one in shop.said.remarks()] == ["Mine"]
    assert {one.remark for one in shop.said.signals(confident=False)} == {shop.said.remarks()[0].id}
    with pytest.raises(BooksError, match="forgotten"):
        note(shop, LEAK, customer="C001", said_at=NOW.replace(tzinfo=None) - timedelta(days=1))
    note(shop, "I am back", customer="C001", said_at=NOW.replace(tzinfo=None) + timedelta(days=1))
    assert len(shop.said.of_customer("C001")) == 1
    assert shop.said.forget("nobody known", ANNA, NOW) == 0
    assert "Eleanor" not in json.dumps([row.detail + row.subject for row in shop.audit.rows()])


def test_remarks_of_older_versions_are_brought_through_the_door(shop: Store) -> None:
    number = note(shop, "plain")
    with shop.database.writing() as connection:
        old = {"text": "ring 07700 900123", "source_hash": "", "person_key": "", "customer": "C001"}
        connection.execute(update(FeedbackRow).where(FeedbackRow.id == number).values(**old))
    assert (shop.said.tidy(), shop.said.tidy()) == (1, 0)
    kept = shop.said.remark(number)
    assert kept is not None
    assert (kept.text, kept.masked, bool(kept.person), bool(kept.text_key)) == (
        "ring [phone]",
        True,
        True,
        True,
    )


HOSTILE = ("=1+1", "<script>", "\0x\ud800", "x" * 10_000, "日本語", "'; DROP TABLE feedback; --", "\u202e")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_kept_as_words(shop: Store, text: str) -> None:
    number = note(shop, text)
    shop.said.keep([(number, MinedText("neu", (Mined(QUALITY, mention=text, end=99_999),)))], "v1")
    (one,) = shop.said.read_from([number])
    kept = shop.said.remark(number)
    assert kept is not None
    assert one.quote == kept.text.strip()

"""What customers said is read by itself: what is new, all of it where the reader changed, once by however many."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from assistant.jobs_mining import (
    BATCH,
    LEARNED,
    LEAST_CORRECTED,
    STATE,
    Mining,
    learning_is_due,
    read_new,
    version_of,
)
from assistant.mining_reader import MinerReader, taught
from tests.shop import ANNA, NOW, RED, tiny_shop
from tools.store import Catalogue, Store, open_store
from tools.store.changes import NoteRemark
from tools.store.said_changes import CorrectSignal, Label
from tools.store.signal_facts import PRODUCT, QUALITY, Mined, MinedText, Said


class Echo:
    """Takes every text for a wish for itself; chokes on what says so."""

    def __init__(self, version: str = "echo 1") -> None:
        self.version = version
        self.calls = 0

    def read(self, texts: Sequence[Said], catalogue: Catalogue) -> list[MinedText]:
        self.calls += 1
        assert catalogue.products
        if any("choke" in said.text for said in texts):
            raise ValueError("choked")
        return [MinedText("neu", (Mined(PRODUCT, mention=said.text, end=len(said.text)),)) for said in texts]

    def clusters(self, mentions: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
        return [("everything", tuple(mentions))]


@pytest.fixture
def shop(store: Store) -> Store:
    return tiny_shop(store)


def note(shop: Store, *texts: str) -> None:
    for text in texts:
        shop.apply(NoteRemark(text), ANNA, request_id=text, at=NOW)


def test_what_is_new_is_read_and_wishes_are_tied_together(shop: Store) -> None:
    note(shop, "oat milk", "oatly")
    assert read_new(shop, Echo()).read == 2
    assert [(one.name, one.voices) for one in shop.said.wishes()] == [("everything", 2)]
    reader = Echo()
    assert read_new(shop, reader).read == 0
    assert reader.calls == 0


def test_all_is_read_again_where_the_reader_or_a_name_changed(shop: Store) -> None:
    note(shop, "oat milk")
    read_new(shop, Echo())
    assert read_new(shop, Echo("echo 2")).read == 1
    before = version_of(Echo(), shop.catalogue())
    shop.learned  # noqa: B018 - a taught word changes no name of the catalogue itself
    assert version_of(Echo(), shop.catalogue()) == before


def test_a_text_that_cannot_be_read_stops_no_other(shop: Store) -> None:
    note(shop, "oat milk", "choke on this", "tahini")
    assert read_new(shop, Echo()).read == 3
    assert {one.quote for one in shop.said.signals()} == {"oat milk", "tahini"}
    assert [one.text for one in shop.said.remarks() if not one.readable] == ["choke on this"]


def test_work_that_was_cut_off_goes_on_where_it_was(shop: Store) -> None:
    note(shop, *(f"text {number}" for number in range(BATCH + 5)))

    def cut(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_new(shop, Echo(), cut)
    reader = Echo()
    assert read_new(shop, reader).read == 5
    assert len(shop.said.signals()) == BATCH + 5


def test_two_processes_at_once_read_each_text_once(shop: Store) -> None:
    note(shop, *(f"text {number}" for number in range(70)))
    others = [open_store(shop.url, clock=lambda: NOW) for _ in range(2)]
    work = [threading.Thread(target=read_new, args=(one, Echo())) for one in others]
    for one in work:
        one.start()
    for one in work:
        one.join()
    for one in others:
        one.close()
    read_new(shop, Echo())
    assert len(shop.said.signals()) == 70
    assert shop.said.figures(version_of(Echo(), shop.catalogue())).unread == 0


def test_a_shop_without_words_loads_no_reader(shop: Store) -> None:
    def load() -> Echo:
        raise AssertionError("nothing was said")

    mining = Mining(shop, load)
    assert mining.check().read == 0
    assert mining.read_now(Said("oat milk")) is None


def test_the_app_reads_what_came_in_and_then_knows_a_text_at_once(shop: Store) -> None:
    note(shop, "oat milk")
    mining = Mining(shop, Echo)
    assert mining.check().read == 1
    known = mining.read_now(Said("tahini"))
    assert known is not None
    assert known.signals[0].mention == "tahini"
    assert mining.read_now(Said("choke")) is None


def test_what_people_put_right_is_there_to_learn_from(shop: Store) -> None:
    note(shop, "the red mug chipped")
    read_new(shop, Echo())
    (wrong,) = shop.said.signals()
    change = CorrectSignal(wrong.id, Label(QUALITY, RED, "neg", "medium"))
    shop.apply(change, ANNA, request_id="c", at=NOW)
    (text,) = taught(shop)
    assert text["text"] == "the red mug chipped"
    assert [(one["type"], one["sku"], one["polarity"]) for one in text["signals"]] == [(QUALITY, RED, "neg")]
    assert read_new(shop, Echo("echo 2")).read == 1
    assert [one.type for one in shop.said.signals()] == [QUALITY]


def test_learning_waits_for_enough_corrections_and_happens_once_a_night(shop: Store) -> None:
    clock = open_store(shop.url, clock=lambda: NOW)
    note(shop, *(f"text {number}" for number in range(LEAST_CORRECTED)))
    read_new(shop, Echo())
    assert not learning_is_due(clock)
    for one in shop.said.signals():
        shop.apply(CorrectSignal(one.id, Label("")), ANNA, request_id=f"no {one.id}", at=NOW)
    assert learning_is_due(clock)
    assert not learning_is_due(clock)
    clock.close()


def test_what_was_learned_beside_another_reader_is_learned_anew_and_not_used(shop: Store) -> None:
    plain = MinerReader.load(shop)
    shop.settings.set(STATE, "another-version 0123456789abcdef")
    shop.settings.set(LEARNED, '{"texts": 12}')
    assert MinerReader.load(shop).version == plain.version
    assert shop.settings.get(STATE) == ""
    assert shop.settings.get(LEARNED) == "{}"

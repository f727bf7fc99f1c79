"""What customers' texts are read as: types, polarity, urgency, doubt."""

from __future__ import annotations

import numpy as np
import pytest

from intents.encoder import read_weights
from intents.model_files import model_folder
from intents.signals.adapter import ADAPTER, load_adapter
from intents.signals.encoder import load_signal_encoder
from intents.signals.features import bag, cues
from intents.signals.linear import Columns, learn
from intents.signals.linking import Shelf
from intents.signals.miner import Miner
from intents.signals.polarity import document_polarity
from intents.signals.reading import windows
from intents.signals.retrain import retrain
from intents.signals.train import Shelves
from intents.signals.types import chance, fit_pool
from intents.signals.urgency import signal_urgency
from tools.store.signal_facts import TYPES, MinedText, Said


@pytest.fixture(scope="module")
def miner() -> Miner:
    return Miner.load()


@pytest.fixture(scope="module")
def larder(miner: Miner) -> Shelf:
    return Shelves(miner.tools).of("larder")


def read(miner: Miner, shelf: Shelf, *texts: str) -> list[MinedText]:
    return miner.mine([Said(text, "chat") for text in texts], shelf)


def types(told: MinedText) -> set[str]:
    return {signal.type for signal in told.signals if signal.sure}


def test_plain_texts_are_read_for_what_they_are(miner: Miner, larder: Shelf) -> None:
    told = read(
        miner, larder,
        "is the feta back in yet?", "do you sell miso paste", "the kettle leaks everywhere",
        "my parcel still hasn't arrived", "the marmalade is wonderful", "what time do you close on sunday",
    )  # fmt: skip
    assert [types(one) for one in told] == [
        {"stockout_complaint"}, {"product_request"}, {"quality_issue"}, {"delivery_issue"}, {"praise"}, set(),
    ]  # fmt: skip


def test_a_signal_names_its_product_and_quotes_the_text(miner: Miner, larder: Shelf) -> None:
    text = "Hello! Is the feta back in yet?"
    signal = next(one for one in read(miner, larder, text)[0].signals if one.sure)
    assert signal.sku == "FET-BRL-200"
    assert signal.mention == "feta"
    assert "feta" in text[signal.start : signal.end]
    assert 0 < signal.confidence <= 1


def test_a_quote_is_a_whole_sentence(miner: Miner, larder: Shelf) -> None:
    text = "Ordered six mugs, five arrived. Otherwise fine."
    signal = next(one for one in read(miner, larder, text)[0].signals if one.sure)
    assert text[signal.start : signal.end] == "Ordered six mugs, five arrived."


def test_a_thing_that_is_not_carried_has_no_product(miner: Miner, larder: Shelf) -> None:
    signal = next(one for one in read(miner, larder, "do you sell miso paste")[0].signals if one.sure)
    assert (signal.type, signal.sku, signal.mention) == ("product_request", None, "miso paste")


def test_the_same_words_are_read_the_same_way_alone_and_among_others(miner: Miner, larder: Shelf) -> None:
    text = "the kettle leaks everywhere"
    alone = read(miner, larder, text)[0]
    among = read(miner, larder, text, "thanks a lot", text)
    assert types(alone) == types(among[0]) == types(among[2])


def test_a_text_in_a_language_that_is_not_understood_says_so(miner: Miner, larder: Shelf) -> None:
    told = read(miner, larder, "Здравствуйте, когда снова будет хлеб? Очень жду.")[0]
    assert not told.readable
    assert told.signals == ()


def test_empty_and_enormous_texts_are_read_without_harm(miner: Miner, larder: Shelf) -> None:
    told = read(miner, larder, "", "   ", "the kettle leaks. " * 3000)
    assert types(told[0]) == types(told[1]) == set()
    assert len(told) == 3


def test_what_was_read_has_a_version_that_stays(miner: Miner) -> None:
    assert miner.version == Miner(miner.tools, miner.heads).version


def test_too_few_corrections_change_nothing(miner: Miner, larder: Shelf) -> None:
    verdict = retrain(miner, [{"text": "nice", "signals": []}], larder)
    assert not verdict.accepted
    assert "too few" in verdict.reason


@pytest.mark.skipif(model_folder() is None or not ADAPTER.exists(), reason="needs the encoder's weights")
def test_the_quick_encoder_says_what_plain_arithmetic_says() -> None:
    texts, known = ["is the feta back in yet", "the hose leaks"], [[(7, 11, 1.0)], []]
    quick, plain = (load_signal_encoder(engine=engine) for engine in ("fp32", "numpy"))
    assert quick is not None
    assert plain is not None
    for one, other in zip(quick.read(texts, known), plain.read(texts, known), strict=True):
        np.testing.assert_allclose(one.text, other.text, atol=2e-3)
        np.testing.assert_allclose(one.pieces, other.pieces, atol=2e-3)


@pytest.mark.skipif(model_folder() is None or not ADAPTER.exists(), reason="needs the encoder's weights")
def test_what_was_learned_changes_the_weights_and_stays_small() -> None:
    folder = model_folder()
    assert folder is not None
    base = read_weights(folder)
    merged = load_adapter().merged(base)
    name = "encoder.layer.5.attention.self.query.weight"
    assert merged[name].shape == base[name].shape
    assert not np.array_equal(merged[name], base[name])
    assert ADAPTER.stat().st_size < 3_000_000


def test_praise_beside_anything_else_makes_a_text_mixed() -> None:
    assert document_polarity([("praise", "pos"), ("variant_request", "neu")]) == "mixed"
    assert document_polarity([("praise", "pos")]) == "pos"
    assert document_polarity([("return", "neu"), ("quality_issue", "neg")]) == "neg"
    assert document_polarity([]) == "neu"


def test_urgency_goes_by_the_chances() -> None:
    assert signal_urgency(0.2, 0.1, 0.3) == "low"
    assert signal_urgency(0.9, 0.4, 0.3) == "high"


def test_dangers_and_days_are_seen() -> None:
    assert {"danger", "days"} <= set(cues("there was glass in it and the party is tomorrow"))


def test_other_goods_in_the_same_sentence_leave_the_words_around_as_they_are() -> None:
    one = bag("is the feta back", ((7, 11, 1.0),))
    other = bag("is the soap back", ((7, 11, 1.0),))
    words = [{name for name in each if name.startswith("w:")} for each in (one, other)]
    assert words[0] == words[1]


def test_a_question_is_learned_from_its_words() -> None:
    bags = [{"w:good": 1}, {"w:good": 1, "w:very": 1}, {"w:bad": 1}, {"w:bad": 1, "w:very": 1}]
    learned = learn(bags, {"nice": [True, True, False, False]})
    assert learned.log_odds({"w:good": 1})[0] > 0 > learned.log_odds({"w:bad": 1})[0]
    assert len(Columns.learn(bags).column) == 3


def test_those_who_are_right_count_more() -> None:
    chances = np.random.default_rng(0)
    truth = [bool(at % 2) for at in range(200)]
    said = [np.array([4.0 if yes else -4.0, chances.normal()]) for yes in truth]
    pool = fit_pool(said, [0] * 200, truth, len(TYPES))
    assert pool.weights[0] > 5 * abs(pool.weights[1])
    assert chance(pool.log_odds(np.array([4.0, 0.0]), 0)) > 0.9


def test_long_texts_are_cut_at_sentences_and_nothing_is_lost() -> None:
    text = "One sentence here. " * 100
    cut = windows(text)
    assert "".join(text[start:end] for start, end in cut) == text
    assert all(text[:end].rstrip().endswith(".") for _, end in cut)

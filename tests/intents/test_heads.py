"""What a head learns, and that it is the same every time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from intents.classify import Classifier
from intents.encoder import DEEP, WIDTH
from intents.heads import Seen, load_head, probabilities, save_head
from intents.perceptron import train_perceptron
from intents.regression import regress
from intents.training import ALIKE, fit, thinned

ASKED = {"stock": "how many {} are left", "order": "buy twenty more {}", "price": "what does {} cost"}
THINGS = ("mugs", "plates", "candles", "lamps", "soap", "jam", "tea", "honey", "bread", "cheese")


def taught(*, deep: bool) -> tuple[Seen, np.ndarray[tuple[int], np.dtype[np.str_]]]:
    """Thirty sentences; where ``deep``, with made-up vectors that tell the intents apart."""
    texts = [said.format(thing) for said in ASKED.values() for thing in THINGS]
    labels = np.repeat(np.array(list(ASKED)), len(THINGS))
    if not deep:
        return Seen(texts, None, None), labels
    chance = np.random.default_rng(3)
    place = np.repeat(np.arange(3), len(THINGS))
    rows = chance.normal(0, 1, (3, DEEP))[place] + chance.normal(0, 1, (len(texts), DEEP))
    sentence = rows[:, :WIDTH] / np.linalg.norm(rows[:, :WIDTH], axis=1, keepdims=True)
    return Seen(texts, sentence.astype(np.float32), rows.astype(np.float16)), labels


def test_a_head_learns_from_words_alone_where_there_is_no_encoder() -> None:
    seen, labels = taught(deep=False)
    head = fit(seen, labels, np.arange(len(labels)))
    asked = Seen(["how many spoons are left", "buy twenty more spoons"], None, None)
    assert [head.classes[at] for at in head.logits(asked).argmax(1)] == ["stock", "order"]


def test_the_same_sentences_teach_the_same_head() -> None:
    seen, labels = taught(deep=True)
    first, second = (fit(seen, labels, np.arange(len(labels))) for _ in range(2))
    assert np.array_equal(first.logits(seen), second.logits(seen))


def test_a_kept_head_says_what_the_learned_one_said(tmp_path: Path) -> None:
    seen, labels = taught(deep=True)
    head = fit(seen, labels, np.arange(len(labels)))
    save_head(head, tmp_path / "head.npz")
    kept = load_head(tmp_path / "head.npz")
    assert np.abs(probabilities(kept.logits(seen)) - probabilities(head.logits(seen))).max() < 0.01


def test_a_head_of_two_intents_scores_both() -> None:
    seen, labels = taught(deep=False)
    two = seen.part(labels != "price")
    head = fit(two, labels[labels != "price"], np.arange(20))
    scores = Classifier(None, head).scores("buy twenty more spoons")
    assert max(scores, key=scores.__getitem__) == "order"
    assert abs(sum(scores.values()) - 1) < 1e-5


def test_the_network_tells_apart_what_it_was_taught() -> None:
    seen, labels = taught(deep=True)
    truth = np.unique(labels, return_inverse=True)[1]
    assert seen.deep is not None
    network = train_perceptron(seen.deep, truth, 3)
    assert (network.logits(seen.deep).argmax(1) == truth).all()


def test_a_regression_tells_apart_what_it_was_taught() -> None:
    seen, labels = taught(deep=True)
    truth = np.unique(labels, return_inverse=True)[1]
    assert seen.sentence is not None
    learned = regress(seen.sentence, truth, 3)
    assert ((seen.sentence @ learned[:-1] + learned[-1]).argmax(1) == truth).all()


def test_every_example_is_like_one_that_is_kept() -> None:
    seen, _ = taught(deep=True)
    assert seen.sentence is not None
    twice = np.concatenate([seen.sentence, seen.sentence])
    kept = thinned(twice)
    assert len(kept) <= len(seen.sentence)
    assert (twice @ kept.T).max(1).min() >= ALIKE

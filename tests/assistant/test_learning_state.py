"""The understanding trained with the shop's own messages: judged, taken or refused, gone back from."""

import subprocess
import sys
from pathlib import Path

import pytest

from assistant.learning_head import (
    LAST,
    ShopUnderstanding,
    findings,
    last_training,
    reset_shop,
    retrain_shop,
    worth_training,
)
from assistant.learning_night import Nightly
from intents.classify import save_head, train
from intents.encoder import load_encoder
from intents.model_files import default_cache
from intents.shop_head import held_out, identity, retrain, state_path
from intents.templates import Sentence
from tests.shop import NOW
from tools.store import Actor, open_store
from tools.store.learned import Meaning

ANNA = Actor("Anna Bell", "test")
GENERAL = [
    Sentence(text, intent, group)
    for group, (text, intent) in enumerate(
        [(f"how many PRODUCT {word}", "stock.query") for word in ("left", "there", "now", "in total", "here")]
        + [(f"sold NUM PRODUCT {word}", "sales.record") for word in ("today", "now", "here", "again", "too")]
        + [(f"best sellers {word}", "sales.top") for word in ("today", "now", "ever", "again", "of late")]
    )
]  # fmt: skip
# The shop says "gone" for a sale and "shelf" for a question.
OWN = [(f"NUM PRODUCT gone {word}", "sales.record") for word in "abcdefghij"] + [
    (f"PRODUCT shelf {word}", "stock.query") for word in "abcdefghij"
]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder(default_cache())


@pytest.fixture(scope="module")
def general(encoder):
    return train(GENERAL, encoder)


def test_a_state_that_understands_the_shop_better_is_taken(general, tmp_path):
    verdict = retrain(general, general, OWN, tmp_path, GENERAL)
    assert verdict.accepted, verdict
    assert verdict.own[1] >= verdict.own[0]
    assert state_path(verdict.key, tmp_path).exists()


def test_a_state_that_understands_the_shop_worse_is_refused(general, encoder, tmp_path):
    wrong = [pair if held_out(pair) else (pair[0], "sales.top") for pair in OWN]
    own = [Sentence(*pair, 100 + at) for at, pair in enumerate(OWN)]
    better = train([*GENERAL, *own], encoder)
    verdict = retrain(general, better, wrong, tmp_path, GENERAL)
    assert not verdict.accepted
    assert "worse on your own" in verdict.reason
    assert list(tmp_path.glob("shop-*.npz")) == []


def test_a_state_that_unlearns_the_general_messages_is_refused(general, tmp_path):
    spoilt = [(sentence.text, "sales.top") for sentence in GENERAL]
    verdict = retrain(general, general, [*spoilt, *spoilt], tmp_path, GENERAL)
    assert not verdict.accepted


def test_a_few_messages_are_no_reason_to_train(general, tmp_path):
    verdict = retrain(general, general, OWN[:5], tmp_path, GENERAL)
    assert not verdict.accepted
    assert "too few" in verdict.reason


def test_a_state_is_used_from_the_next_message_on_and_gone_back_from(store, parser, tmp_path):
    understanding = ShopUnderstanding(store, parser, tmp_path)
    assert understanding.parser() is parser
    save_head(parser.head, state_path("abc", tmp_path))
    store.settings.set("learned_base", identity(parser.head))
    store.settings.set("learned_state", "abc")
    assert understanding.parser() is not parser
    assert understanding.parser() is understanding.parser()
    assert reset_shop(store, ANNA)
    assert understanding.parser() is parser


def test_a_state_of_another_version_is_not_used_and_doctor_says_so(store, parser, tmp_path):
    save_head(parser.head, state_path("abc", tmp_path))
    store.settings.set("learned_base", "another")
    store.settings.set("learned_state", "abc")
    assert ShopUnderstanding(store, parser, tmp_path).parser() is parser
    told = " ".join(finding.what for finding in findings(store, parser, tmp_path))
    assert "another version" in told
    assert "--retrain" in told


def test_a_refusal_is_told_by_doctor_and_not_tried_again_with_the_same_messages(store, parser, tmp_path):
    for text, intent in OWN[:3]:
        store.readings.confirm(text, intent, {}, "yes", NOW)
    assert worth_training(store, parser)
    assert not retrain_shop(store, parser, ANNA, tmp_path).accepted
    assert not worth_training(store, parser)
    assert last_training(store)["accepted"] is False
    assert any("refused" in finding.what for finding in findings(store, parser, tmp_path))
    assert store.audit.rows(subject=LAST)
    store.readings.confirm(*OWN[4], {}, "yes", NOW)
    assert worth_training(store, parser)


def test_the_night_trains_in_a_process_of_its_own_once_a_day_where_there_is_something_new(sqlite_url, parser):
    store = open_store(sqlite_url, clock=lambda: NOW)
    nightly = Nightly(store, parser)
    assert nightly.check() is False
    store.readings.confirm(*OWN[0], {}, "yes", NOW)
    assert nightly.check() is True
    assert "too few" in open_store(sqlite_url).settings.get(LAST)
    assert nightly.check() is False


def test_readings_are_bounded_and_the_latest_meaning_stands(store, monkeypatch):
    monkeypatch.setattr("tools.store.learned_readings.MOST_READINGS", 5)
    for number in range(8):
        store.readings.confirm(f"text {number}", "stock.query", {}, "yes", NOW)
    assert [reading.text for reading in store.readings.all()] == [f"text {number}" for number in range(3, 8)]
    store.readings.confirm("text 7", "sales.top", {}, "yes", NOW)
    assert [reading.intent for reading in store.readings.all() if reading.text == "text 7"] == ["sales.top"]
    store.readings.confirm("x" * 500, "sales.top", {}, "yes", NOW)
    assert len(store.readings.all()) == 5


def run(url, *words):
    command = [sys.executable, "-m", "assistant", "learn", *words, "--shop-db", url]
    root = Path(__file__).parents[2]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_lists_exports_and_forgets(sqlite_url, tmp_path):
    store = open_store(sqlite_url)
    known = store.learned.teach(Meaning("crimson", "crimson", "product", "MUG"), ANNA, NOW)
    store.readings.confirm("how many PRODUCT", "stock.query", {"products": ["MUG"]}, "yes", NOW)
    listed = run(store.url)
    assert "crimson" in listed.stdout
    assert run(store.url, "--export").stdout.startswith(
        '{"text": "how many PRODUCT", "intent": "stock.query"'
    )
    file = tmp_path / "pairs.jsonl"
    assert "1 confirmed" in run(store.url, "--export", str(file)).stdout
    assert '"confirmed_at"' in file.read_text()
    assert "Forgotten" in run(store.url, "--forget", str(known.id)).stdout
    again = run(store.url, "--forget", str(known.id))
    assert (again.returncode, "nothing learned" in again.stderr) == (1, True)
    assert run(store.url, "--reset", "--retrain").returncode == 1


def test_the_general_head_lies_in_the_cache(parser):
    assert parser.head.classes
    assert list(default_cache().glob("head-*.npz"))

"""The sentence encoder: the same numbers from both engines, and never torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from intents import Parser
from intents.encoder import LONGEST, load_encoder
from intents.model_files import cached, default_cache, model_folder

pytestmark = pytest.mark.skipif(model_folder() is None, reason="the sentence encoder is not installed")
SENTENCES = [
    "how many red mugs are left",
    "hi",
    "",
    "what expires in the cold room before the end of next week " * 9,
]


def test_numpy_and_onnx_give_the_same_embeddings() -> None:
    plain, onnx = load_encoder(engine="numpy"), load_encoder(default_cache(), engine="fp32")
    assert plain is not None
    assert onnx is not None
    assert np.abs(plain.encode(SENTENCES) - onnx.encode(SENTENCES)).max() < 1e-5


def test_eight_bits_come_close() -> None:
    plain, small = load_encoder(engine="numpy"), load_encoder(default_cache(), engine="int8")
    assert plain is not None
    assert small is not None
    likeness = (plain.encode(SENTENCES) * small.encode(SENTENCES)).sum(1)
    assert likeness.min() > 0.95


def test_batches_do_not_change_an_embedding() -> None:
    encoder = load_encoder(engine="numpy")
    assert encoder is not None
    together = encoder.encode(SENTENCES)
    alone = np.concatenate([encoder.encode([sentence]) for sentence in SENTENCES])
    assert np.abs(together - alone).max() < 1e-5
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert LONGEST == 128


def test_a_trained_parser_imports_neither_torch_nor_scikit_learn(parser: Parser) -> None:
    assert parser  # so that the classifier is trained and in the cache
    code = (
        "import sys; from intents import Parser; Parser.load();"
        "print(sorted({'torch', 'sentence_transformers', 'transformers', 'sklearn', 'scipy', 'spacy', 'onnx'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert run.stdout.strip() == "[]"


def test_two_makers_of_one_file_leave_it_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file.bin"

    def late(place: Path) -> None:
        place.write_text("first")
        cached(target, lambda other: _write(other, "second"))

    assert cached(target, late).read_text() == "first"
    assert [path.name for path in target.parent.iterdir()] == ["file.bin"]


def test_a_failed_making_leaves_nothing(tmp_path: Path) -> None:
    def fail(place: Path) -> None:
        place.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        cached(tmp_path / "file.bin", fail)
    assert list(tmp_path.iterdir()) == []


def _write(place: Path, text: str) -> None:
    place.write_text(text)

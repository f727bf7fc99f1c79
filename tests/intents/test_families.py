"""What is not done is called by its name."""

from __future__ import annotations

import pytest

from intents.encoder import load_encoder
from intents.families import Families
from intents.model_files import default_cache
from intents.out_of_scope import FAMILIES, FAMILY_ANSWERS


@pytest.fixture(scope="module")
def families() -> Families:
    encoder = load_encoder()
    if encoder is None:
        pytest.skip("the sentence encoder is not installed")
    return Families(encoder, default_cache())


def test_most_sentences_of_a_family_are_answered_as_its_own(families: Families) -> None:
    asked = [(name, said) for name, sentences in FAMILIES.items() for said in sentences[::20]]
    right = sum(families.answer(said) == FAMILY_ANSWERS[name] for name, said in asked)
    assert right / len(asked) > 0.75


def test_a_sentence_that_is_near_no_family_names_none(families: Families) -> None:
    assert families.answer("") == ""
    assert families.answer("zzxq 77131 qqvv") == ""

"""The encoder without torch gives what sentence-transformers gives over the same weights."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

import numpy as np
import pytest

from intents.encoder import load_encoder
from intents.model_files import model_folder

SENTENCES = [
    "how many red mugs are left",
    "2 cases of oat milk came in from green valley, lot L42",
    "what goes off before the end of next week?",
    "Größe 45 – naïve café",
]
# In a process of its own: torch is heavy, and nothing else in the suite may see it.
REFERENCE = """
import json, sys
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu")
print(json.dumps(model.encode(json.loads(sys.argv[2]), normalize_embeddings=True).tolist()))
"""


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None or model_folder() is None,
    reason="sentence-transformers is in the development install only",
)
def test_the_encoder_equals_sentence_transformers() -> None:
    words = [sys.executable, "-W", "ignore", "-c", REFERENCE, str(model_folder()), json.dumps(SENTENCES)]
    environment = {"HF_HUB_OFFLINE": "1", "PATH": ""}
    done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment)
    reference = np.array(json.loads(done.stdout.splitlines()[-1]))
    plain = load_encoder(engine="numpy")
    assert plain is not None
    assert np.abs(plain.encode(SENTENCES) - reference).max() < 1e-5

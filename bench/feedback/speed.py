"""How many texts a second are read, warm, on one core, and where the time goes.

usage: python -m bench.feedback.speed
Processor seconds, not those of the clock; the texts are those of the larder that we train on, once each.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from intents.signals.known import known_words
from intents.signals.miner import Miner
from intents.signals.train import Shelves, own_texts, said_of

WARM = 100
MEASURED = 450


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Print the figures as JSON."""
    began = time.process_time()
    miner = Miner.load()
    shelf = Shelves(miner.tools).of("larder")
    loaded = time.process_time() - began
    said = [said_of(one) for one in own_texts() if one["shop"] == "larder"][: WARM + MEASURED]
    miner.mine(said[:WARM], shelf)
    some = said[WARM:]
    texts = [one.text for one in some]
    known = [known_words(text, shelf.index) for text in texts]
    encoder = miner.tools.signals
    figures = {
        "texts": len(texts),
        "letters_each": round(sum(map(len, texts)) / len(texts), 1),
        "start_seconds": round(loaded, 2),
        # First, while no word of these texts is remembered.
        "all_per_second": round(len(texts) / seconds(lambda: miner.mine(some, shelf))),
        "things_per_second": round(len(texts) / seconds(lambda: shelf.read(texts))),
    }
    if encoder is not None:
        figures["encoder_per_second"] = round(len(texts) / seconds(lambda: encoder.read(texts, known)))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

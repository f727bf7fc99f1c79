"""The light way of reading on public sets: suggestions, good and bad, aspects, what apps' users ask.

usage: python -m bench.feedback.public [FOLDER] [suggestions|hotels|sentiment|stars|aspects|laptops|apps ...]
``FOLDER`` (``../shared/data/feedback`` where none is given) holds the sets; some of them may not be used for
anything that is sold, so what is learned here is thrown away.  Printed beside each figure are the best
light baseline that was measured before the project, on the rows of the same set that it was measured on,
and the best published one that we know of.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.feedback.public_figures import Figure, table
from bench.feedback.public_sets import apps, aspects, laptops, sentiment, stars
from bench.feedback.public_suggestions import forums, hotels
from intents.encoder import Encoder, load_encoder

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "feedback"
SETS: dict[str, Callable[[Path, Encoder], Iterator[Figure]]] = {
    "suggestions": forums,
    "hotels": hotels,
    "sentiment": sentiment,
    "stars": stars,
    "aspects": aspects,
    "laptops": laptops,
    "apps": apps,
}


def main() -> None:
    """Print a line for each figure of the sets that are asked for, at the end."""
    asked = sys.argv[1:]
    folder = FOLDER if not asked or asked[0] in SETS else Path(asked.pop(0))
    unknown = sorted(set(asked) - set(SETS))
    encoder = load_encoder()
    if unknown:
        sys.exit(f"no such set: {', '.join(unknown)}; there are {', '.join(SETS)}")
    if encoder is None or not (folder / "sentiment_sentences.csv").exists():
        sys.exit("needs the encoder's weights and the folder of the public sets")
    print(table([figure for name in asked or SETS for figure in SETS[name](folder, encoder)]))


if __name__ == "__main__":
    main()

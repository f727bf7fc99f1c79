"""One plain sentence out of an example template."""

from __future__ import annotations

import re

_OPTIONAL = re.compile(r"\[[^\[\]()]*\]")
_CHOICE = re.compile(r"\(([^\[\]()]*)\)")


def sample_sentence(template: str) -> str:
    """The template with its options left out and the first of its alternatives; slots stay in braces.

    >>> sample_sentence("how many {products} (are|do we have) left [(in|at) {location}]")
    'how many {products} are left'
    """
    before = ""
    while before != template:
        before = template
        template = _CHOICE.sub(lambda match: match[1].split("|")[0], _OPTIONAL.sub("", template))
    return re.sub(r"\s+", " ", template).strip()

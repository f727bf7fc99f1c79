"""No."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    examples=(
        "no",
        "no thank you",
        "no don't",
        "no please don't",
        "no, leave it",
        "no, that's wrong",
        "no that's not right",
        "no not that",
        "no (sir|need|chance|not now)",
        "nope",
        "nah",
        "nah leave it",
        "nah you're alright",
        "naw",
        "n",
        "not now",
        "not yet",
        "not today",
        "not really",
        "not that one",
        "not what i meant",
        "don't",
        "dont do it",
        "don't do that",
        "do not",
        "please don't",
        "definitely not",
        "absolutely not",
        "certainly not",
        "of course not",
        "i'd rather not",
        "better not",
        "negative",
        "never",
        "wrong",
        "that's wrong",
        "that's not correct",
        "incorrect",
        "not correct",
        "this is not right",
        "i disagree",
        "rejected",
        "declined",
        "leave it as it is",
        "hold off",
        "nahi",
        "nein",
        "no it is not so",
        "i don't want that",
        ":-1:",
        ":x:",
    ),
    right=Right.TALK,
)
def deny(_ask: Ask) -> Result:
    """Say no to what was offered."""
    return Reply("All right. There was nothing waiting, so nothing has changed.")

"""Take the last change back."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    examples=(
        "undo",
        "undo that",
        "undo it please",
        "undo the last one",
        "undo the last (change|entry|action|step|booking)",
        "undo my last (change|entry|message)",
        "undo what i did",
        "please undo",
        "can you undo that",
        "could you undo the last thing",
        "take that back",
        "take it back please",
        "take the last one back",
        "put it back",
        "put it back how it was",
        "put that back the way it was",
        "reverse that",
        "reverse the last (entry|change|transaction|one)",
        "revert",
        "revert that",
        "revert the last change",
        "roll back",
        "rollback the last one",
        "roll that back",
        "go back one step",
        "one step back",
        "change it back",
        "set it back",
        "that was a mistake, put it back",
        "my mistake, undo",
        "i made a mistake with that entry",
        "oops",
        "oops wrong one, undo",
        "oops take that off again",
        "sorry, reverse it",
        "that was wrong, reverse it",
        "kindly reverse the last entry",
        "please cancel my last entry",
        "delete the last entry",
        "delete what i just entered",
        "remove the last thing i entered",
        "strike the last entry",
        "void that",
        "void the last one",
        "unrecord that",
        "i didn't mean to enter that, undo",
        "undo this movement",
        "make the last thing not happen",
        "correct my mistake, go back",
        "ctrl z",
    ),
    right=Right.TALK,
)
def undo(_ask: Ask) -> Result:
    """Take the last change back."""
    return Reply("There is no change of yours in this conversation that I could undo.")

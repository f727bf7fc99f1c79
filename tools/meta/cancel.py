"""Never mind."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    examples=(
        "never mind",
        "nevermind",
        "nvm",
        "nm",
        "never mind that",
        "forget about it",
        "forget that",
        "forget what i said",
        "forget i asked",
        "cancel",
        "cancel that",
        "cancel it please",
        "cancel this request",
        "cancel what i asked",
        "stop",
        "stop it",
        "stop that",
        "stop please",
        "abort",
        "abort that",
        "quit",
        "exit",
        "leave it",
        "leave it for now",
        "drop it",
        "drop that",
        "skip it",
        "skip this",
        "ignore that",
        "ignore my last message",
        "ignore that, wrong chat",
        "wrong chat sorry",
        "it doesn't matter",
        "doesn't matter any more",
        "don't worry about it",
        "no worries, leave it",
        "not needed anymore",
        "no longer needed",
        "not required now",
        "kindly ignore",
        "please disregard",
        "disregard that",
        "changed my mind",
        "i've changed my mind",
        "let's leave that",
        "let's not bother",
        "start over",
        "start again",
        "clear that",
        "scratch that",
        "i will ask later",
        "it is not important",
    ),
    right=Right.TALK,
)
def cancel(_ask: Ask) -> Result:
    """Drop what is being asked about."""
    return Reply("Fine. There was nothing open, so nothing has changed.")

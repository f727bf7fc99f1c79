"""Hello."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    examples=(
        "hi",
        "hello",
        "hey",
        "hi there",
        "hello there",
        "hey there",
        "hiya",
        "heya",
        "hey hey",
        "howdy",
        "yo",
        "oi oi",
        "good (morning|afternoon|evening|day)",
        "(morning|afternoon|evening)",
        "morning (all|everyone|team|folks)",
        "mornin",
        "gm",
        "g'day",
        "greetings",
        "good day to you",
        "hello (quartermaster|assistant|friend|mate)",
        "hi (bot|team|mate|buddy)",
        "hey you",
        "alright",
        "alright mate",
        "you alright",
        "wotcha",
        "namaste",
        "namaste ji",
        "hello sir",
        "dear assistant, good morning",
        "hola",
        "bonjour",
        "guten tag",
        "how are you",
        "how are you today",
        "how do you do",
        "how's it going",
        "hi how are you",
        "what's up",
        "sup",
        "nice to meet you",
        "are you there",
        "anyone there",
        "you awake",
        "hello again",
        "i'm back",
        "back again, hi",
        ":wave:",
    ),
    right=Right.TALK,
)
def greet(ask: Ask) -> Result:
    """Say hello."""
    part = "morning" if ask.now.hour < 12 else "afternoon" if ask.now.hour < 18 else "evening"
    first = ask.user.name.split()[0] if ask.user.name else ""
    name = f", {first}" if first else ""
    return Reply(f"Good {part}{name}. Ask me about the stock, or say help to see what I can do.")

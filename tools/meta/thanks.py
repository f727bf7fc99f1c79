"""Thank you."""

from __future__ import annotations

from tools.kit import Ask, Reply, Result, Right, tool


@tool(
    examples=(
        "thanks",
        "thank you",
        "thanks a lot",
        "thanks so much",
        "thank you very much",
        "thank you so much",
        "many thanks",
        "thx",
        "ty",
        "tysm",
        "thks",
        "tks",
        "tx",
        "ta",
        "ta very much",
        "ta muchly",
        "cheers",
        "cheers mate",
        "cheers for that",
        "nice one",
        "nice one, thanks",
        "great, thanks",
        "perfect thank you",
        "ok thanks",
        "okay thank you",
        "lovely, thanks",
        "lovely job",
        "brilliant, cheers",
        "super thanks",
        "awesome, thank you",
        "much appreciated",
        "i appreciate it",
        "appreciate your help",
        "that's great thanks",
        "that's all, thank you",
        "that's helpful",
        "very helpful, thank you",
        "you're a star",
        "you're the best",
        "good job",
        "well done",
        "good work",
        "thank you sir",
        "thanking you",
        "thanks ji",
        "dhanyavaad",
        "merci",
        "danke",
        "gracias",
        "thank you for your kind help",
        "i say thanks",
        "thanku",
        "legend",
    ),
    right=Right.TALK,
)
def thanks(_ask: Ask) -> Result:
    """Take thanks."""
    return Reply("You're welcome.")

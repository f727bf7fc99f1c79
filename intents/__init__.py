"""Understanding: from a message and what was said before to requests for tools."""

from intents.context import Choice, Frame, Memory, after
from intents.lines import parse_json, parse_lines
from intents.parser import Parser
from intents.understanding import Heard, Request, Understanding

__all__ = [
    "Choice",
    "Frame",
    "Heard",
    "Memory",
    "Parser",
    "Request",
    "Understanding",
    "after",
    "parse_json",
    "parse_lines",
]

"""The command line: ``quartermaster COMMAND``."""

from assistant.cli.main import main

__all__ = ["main"]

"""``python -m assistant`` is ``quartermaster``."""

from assistant.cli import main

main()

"""Parts of scipy that are loaded when a sum first needs them: reading a message needs none."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Later:
    """Stands for a module until something of it is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


special: Any = _Later("scipy.special")
"""``scipy.special``."""

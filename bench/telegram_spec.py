"""Checks calls against the Bot API as data (every method and type with its fields): public data, not ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PLAIN = {"Integer": int, "String": str, "Boolean": bool, "True": bool, "Float": (int, float)}


class Spec:
    """The methods and types of one version of the Bot API."""

    def __init__(self, path: Path) -> None:
        data = json.loads(path.read_text(encoding="utf-8"))
        self.version, self.methods, self.types = data["version"], data["methods"], data["types"]

    def faults(self, method: str, given: Mapping[str, Any]) -> list[str]:
        """What is wrong with a call as it was sent (a form: all but text and files is JSON)."""
        if method not in self.methods:
            return [f"{method} is no method"]
        return self._fields(method, self.methods[method].get("fields", []), given, form=True)

    def _fields(
        self, where: str, fields: list[dict[str, Any]], given: Mapping[str, Any], *, form: bool
    ) -> list[str]:
        known = {field["name"]: field for field in fields}
        found = [
            f"{where}: {name} is missing"
            for name, one in known.items()
            if one["required"] and name not in given
        ]
        for name, value in given.items():
            if name not in known:
                found.append(f"{where}: {name} is unknown")
            elif not any(self._fits(kind, value, form) for kind in known[name]["types"]):
                found.append(f"{where}: {name}={value!r} is no {known[name]['types']}")
        return found

    def _fits(self, kind: str, value: Any, form: bool) -> bool:
        if kind == "InputFile":
            return isinstance(value, bytes)
        if kind == "String":
            return isinstance(value, str)
        if form:
            try:
                value = json.loads(value)
            except (TypeError, ValueError):
                return False
        if kind.startswith("Array of "):
            return isinstance(value, list) and all(
                self._fits(kind.removeprefix("Array of "), one, False) for one in value
            )
        if kind in PLAIN:
            return isinstance(value, PLAIN[kind]) and (kind in ("Boolean", "True")) == isinstance(value, bool)
        return isinstance(value, dict) and self._is_object(kind, value)

    def _is_object(self, kind: str, value: Mapping[str, Any]) -> bool:
        told = self.types[kind]
        names = [kind, *told.get("subtypes", [])]
        return any(
            not self._fields(name, self.types[name].get("fields", []), value, form=False) for name in names
        )

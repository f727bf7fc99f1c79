"""Files that people hand in: kept apart, bounded, unpacked with care."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

MOST_PACKED_FILES = 60
MOST_UNPACKED_BYTES = 600 * 1024 * 1024
MOST_RATIO = 200
KEPT_SECONDS = 7 * 86_400
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".zip")
_BLOCK = 1 << 20


class BadUpload(Exception):
    """A file that is not taken; its text says why, for people."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One upload: its own folder with the file and what is known of it."""

    folder: Path
    name: str
    owner: str
    report: dict[str, Any]

    @property
    def token(self) -> str:
        """What names it in addresses."""
        return self.folder.name

    @property
    def content(self) -> Path:
        """What is to be imported: a file, or the folder that a zip was unpacked into."""
        unpacked = self.folder / "unpacked"
        return unpacked if unpacked.is_dir() else self.folder / self.name

    @property
    def refused_rows(self) -> Path:
        """Where the import writes all refused rows."""
        return Path(f"{self.content}.refused.csv")

    def with_report(self, report: dict[str, Any]) -> Kept:
        """Remember what the last check or load said."""
        kept = Kept(self.folder, self.name, self.owner, report)
        note = {"name": self.name, "owner": self.owner, "report": report}
        (self.folder / "upload.json").write_text(json.dumps(note), encoding="utf-8")
        return kept


def keep(root: Path, stream: IO[bytes], name: str, owner: str) -> Kept:
    """Keep an uploaded file; a zip is unpacked.

    Raises:
        BadUpload: the ending is not known, or the zip is not what it should be.
    """
    plain = harmless_name(name)
    if not plain.lower().endswith(ENDINGS):
        raise BadUpload("I read CSV and Excel files, and a zip of a shop folder.")
    _forget_old(root)
    folder = root / secrets.token_urlsafe(18)
    folder.mkdir(parents=True)
    try:
        with (folder / plain).open("wb") as file:
            shutil.copyfileobj(stream, file, _BLOCK)
        if plain.lower().endswith(".zip"):
            _unpack(folder / plain, folder / "unpacked")
    except BadUpload:
        shutil.rmtree(folder)
        raise
    return Kept(folder, plain, owner, {}).with_report({})


def find(root: Path, token: str, owner: str) -> Kept | None:
    """An upload by its token, for the person who handed it in."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{24}", token):
        return None
    try:
        note = json.loads((root / token / "upload.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Kept(root / token, note["name"], note["owner"], note["report"]) if note["owner"] == owner else None


def harmless_name(name: str) -> str:
    """The last part of a file's name, of letters that every disk takes."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = re.sub(r"[^\w.\- ]", "_", last).strip(". ")[-100:]
    return kept or "upload"


def _unpack(archive: Path, folder: Path) -> None:
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in _members(packed):
                with (
                    packed.open(member) as source,
                    (folder / harmless_name(member.filename)).open("wb") as file,
                ):
                    _copy(source, file, member.file_size)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise BadUpload("That zip cannot be opened (broken, or locked with a password).") from error
    if not any(folder.iterdir()):
        raise BadUpload("There is no CSV file in that zip.")


def _members(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    members = [
        member
        for member in packed.infolist()
        if member.filename.lower().endswith(".csv")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]
    size = sum(member.file_size for member in members)
    packed_size = sum(member.compress_size for member in members)
    if len(members) > MOST_PACKED_FILES:
        raise BadUpload(f"There are more than {MOST_PACKED_FILES} files in that zip.")
    if size > MOST_UNPACKED_BYTES or size > MOST_RATIO * max(packed_size, 4096):
        raise BadUpload("That zip grows too large when unpacked.")
    return members


def _copy(source: IO[bytes], target: IO[bytes], promised: int) -> None:
    """Copy what the directory of the zip promised, and no more."""
    left = promised
    while block := source.read(min(_BLOCK, left + 1)):
        left -= len(block)
        if left < 0:
            raise BadUpload("That zip is not what its directory says.")
        target.write(block)


def _forget_old(root: Path) -> None:
    root.mkdir(parents=True, exist_ok=True)
    oldest = time.time() - KEPT_SECONDS
    for folder in root.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)

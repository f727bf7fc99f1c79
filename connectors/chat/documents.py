"""A file sent in a chat: checked without a trace, shown, loaded by one button and taken back by another.

Any chat uses it: ``refusal`` before the file is fetched, ``take`` with its bytes, ``press`` before
``house.answer`` for every button.
"""

from __future__ import annotations

import asyncio
import io
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync

from connectors.chat.message import Answer, House, Message, OfferedAction
from connectors.chat.web import uploads
from tools.kit import Reply, Right, words
from tools.store import StoredAction, User

MOST_BYTES = 20 * 1024 * 1024
KEPT_SECONDS = 86_400  # as long as a button lives
MOST_FAULTS = 5
OURS = "import."
LOAD, DROP, UNDO = "import.load", "import.drop", "import.undo"
NOT_ALLOWED = "Your role ({role}) may not load files; it takes an owner."
NOT_A_TABLE = "I load CSV and Excel files, and a zip of a shop folder; that one I can't load."
TOO_LARGE = "That file is larger than the 20 MB that I take in a chat; use the page Data in instead."
GONE = "That file is gone; please send it again."
STRANGE = "That button is not one of mine any more. Send the file again."
EXPIRED = "That button is more than a day old, so I did nothing. Send the file again."
RUNNING = "It is being loaded right now."
LEFT = "Fine, I loaded nothing and dropped the file."
BY_PAGE = "On the page Data in you can tell me what its columns mean."


@dataclass
class Documents:
    """Files on their way into one shop's books; ``root`` is a folder of its own."""

    house: House
    root: Path
    _running: set[str] = field(default_factory=set)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    def refusal(self, user: User, name: str, size: int | None) -> str | None:
        """Why this file need not even be fetched; None where it may come."""
        if not self.house.may(user, Right.MANAGE):
            return NOT_ALLOWED.format(role=user.role)
        if name and not name.lower().endswith(uploads.ENDINGS):
            return NOT_A_TABLE
        return TOO_LARGE if size is not None and size > MOST_BYTES else None

    async def take(self, said: Message, name: str, content: bytes) -> Answer:
        """What the file would do; nothing is loaded yet."""
        refusal = self.refusal(said.user, name, len(content))
        if refusal:
            return _plain(said, refusal, refused=refusal)
        try:
            kept = await run_sync(self._keep, name, content, said.user)
        except uploads.BadUpload as error:
            return _plain(said, str(error), refused=str(error))
        report = await self._import(kept, said, dry_run=True)
        good = report["state"] == "refused" and _may_keep_good(report)
        if good:
            report = await self._import(kept, said, dry_run=True, keep_good=True)
        if report["state"] != "dry_run":
            await run_sync(_forget, kept)
        return await run_sync(self._checked, said, kept, report, good)

    async def press(self, said: Message) -> Answer | None:
        """What came of one of these buttons; None for a button of somebody else's."""
        talk = self.house.store.talk
        action = await run_sync(talk.action, said.action or "")
        if action is None or not action.intent.startswith(OURS):
            return None
        told = self._cannot(said, action)
        if told is not None:
            return told
        if action.state == "offered" and not await run_sync(
            talk.claim, action.token, said.user.name, self.house.now()
        ):
            return await run_sync(self._first_outcome, said, action)
        self._running.add(action.token)
        try:
            reply, buttons = await self._do(said, action)
            outcome = {"text": reply.text, "done": reply.data.get("state") in ("applied", "undone")}
            await run_sync(talk.finish, action.token, outcome)
        finally:
            self._running.discard(action.token)
        return Answer(said.conversation, (reply,), actions=await run_sync(self._offer, said, buttons))

    # -- the steps -------------------------------------------------------------------------------

    def _cannot(self, said: Message, action: StoredAction) -> Answer | None:
        """Why a press does nothing (any more)."""
        if action.conversation != said.conversation:
            return _plain(said, STRANGE, refused="unknown action")
        if not self.house.may(said.user, Right.MANAGE):
            text = NOT_ALLOWED.format(role=said.user.role)
            return _plain(said, text, refused=text)
        if action.state == "expired":
            return _plain(said, EXPIRED, repeated=True)
        if action.token in self._running:
            return _plain(said, RUNNING, repeated=True)
        if action.outcome is not None or action.state == "retired":
            return self._first_outcome(said, action)
        return None

    def _first_outcome(self, said: Message, action: StoredAction) -> Answer:
        done = [one for one in self.house.store.talk.offer_actions(action.offer) if one.outcome]
        told = f"“{done[0].label}” was chosen already: {(done[0].outcome or {})['text']}" if done else RUNNING
        return _plain(said, told, repeated=True)

    async def _do(self, said: Message, action: StoredAction) -> tuple[Reply, list[_Offer]]:
        if action.intent == UNDO:
            return await self._undo(said, int(action.slots["import"])), []
        token, owner = str(action.slots["upload"]), str(action.slots["owner"])
        kept = await run_sync(uploads.find, self.root, token, owner)
        if kept is None:
            return Reply(GONE, {"state": "gone"}), []
        if action.intent == DROP:
            await run_sync(_forget, kept)
            return Reply(LEFT, {"state": "dropped"}), []
        report = await self._import(kept, said, dry_run=False, keep_good=bool(action.slots.get("good")))
        await run_sync(_forget, kept)
        offers = []
        if report["state"] == "applied":
            offers.append(_Offer("Undo the import", UNDO, {"import": report["import_id"]}, "danger"))
        return Reply(_told(kept.name, report), _figures(report)), offers

    async def _undo(self, said: Message, number: int) -> Reply:
        report = await self.house.undo_import(number, actor=said.user, channel=said.channel)
        if report["state"] == "undone":
            return Reply(f"Import {number} is undone.", {"state": "undone", "import": number})
        why = " ".join(str(note) for note in report.get("notes", ())) or f"Import {number} stays."
        return Reply(why, {"state": "refused", "import": number, "refused": why})

    async def _import(
        self, kept: uploads.Kept, said: Message, *, dry_run: bool, keep_good: bool = False
    ) -> Mapping[str, Any]:
        async with self._turns:
            return await self.house.import_file(
                str(kept.content),
                actor=said.user,
                dry_run=dry_run,
                keep_good=keep_good,
                report_path=str(kept.refused_rows),
                channel=said.channel,
            )

    def _keep(self, name: str, content: bytes, user: User) -> uploads.Kept:
        _sweep(self.root)
        return uploads.keep(self.root, io.BytesIO(content), name, user.name)

    # -- what is shown ---------------------------------------------------------------------------

    def _checked(self, said: Message, kept: uploads.Kept, report: Mapping[str, Any], good: bool) -> Answer:
        reply = Reply(_told(kept.name, report), _figures(report))
        if report["state"] != "dry_run":
            return Answer(said.conversation, (reply,))
        slots = {"upload": kept.token, "owner": kept.owner, "good": good}
        label = f"Load the other {words.plural(_good_rows(report), 'row')}" if good else "Load it"
        offers = [_Offer(label, LOAD, slots, "primary"), _Offer("Leave it", DROP, slots)]
        return Answer(said.conversation, (reply,), actions=self._offer(said, offers))

    def _offer(self, said: Message, offers: Sequence[_Offer]) -> tuple[OfferedAction, ...]:
        together = secrets.token_urlsafe(9)
        actions = [offer.stored(said, together) for offer in offers]
        self.house.store.talk.offer(actions, self.house.now())
        return tuple(OfferedAction(action.token, action.label, action.style) for action in actions)


@dataclass(frozen=True, slots=True)
class _Offer:
    label: str
    intent: str
    slots: Mapping[str, Any]
    style: str = "default"

    def stored(self, said: Message, together: str) -> StoredAction:
        return StoredAction(
            token=secrets.token_urlsafe(16),
            conversation=said.conversation,
            user=said.user.name,
            label=self.label,
            style=self.style,
            intent=self.intent,
            slots=dict(self.slots),
            position=0,
            state="offered",
            offer=together,
        )


def _plain(said: Message, text: str, *, repeated: bool = False, **data: Any) -> Answer:
    return Answer(said.conversation, (Reply(text, data),), repeated=repeated)


def _told(name: str, report: Mapping[str, Any]) -> str:
    lines = [_headline(name, report), *map(str, report["notes"])]
    lines += [_file_line(file) for file in report["files"] if file["rows"]]
    if report["state"] == "undone":
        return "\n".join(lines)
    shown = report["refused"][:MOST_FAULTS]
    lines += [f"• {_fault(row)}" for row in shown]
    if report["faults"] > len(shown):
        lines.append(f"… and {report['faults'] - len(shown):,} more")
    if report["state"] == "refused" and report["faults"]:
        lines.append(BY_PAGE)
    return "\n".join(lines)


def _headline(name: str, report: Mapping[str, Any]) -> str:
    bad = words.plural(report["refused_total"], "row")
    if report["state"] == "applied":
        without = f", without {bad} that were refused" if report["refused_total"] else ""
        return f"{name} is loaded (import {report['import_id']}){without}."
    if report["state"] == "dry_run":
        faults = f" {bad} refused; the others can be loaded." if report["refused_total"] else ""
        return f"{name} is checked, nothing is loaded yet.{faults}"
    if report["state"] == "unchanged":
        return f"{name} brings nothing new; nothing was loaded."
    return f"{name} can't be loaded as it is; nothing was loaded."


def _file_line(file: Mapping[str, Any]) -> str:
    counts = {
        "new": file["added"],
        "changed": file["changed"],
        "as they are": file["unchanged"],
        "loaded before": file["repeated"],
        "refused": file["refused"],
    }
    told = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    rows = f"{file['rows']:,} {'row' if file['rows'] == 1 else 'rows'}"
    return f"{file['file']}: {rows} read: {told or 'nothing to do'}."


def _fault(row: Mapping[str, Any]) -> str:
    place = f"row {row['row']}" if row["row"] else row["file"]
    column = f", {row['column']}" if row["column"] else ""
    value = f" is “{row['value']}”" if row["value"] else ""
    return f"{place}{column}{value}: expected {row['expected']}"


def _figures(report: Mapping[str, Any]) -> dict[str, Any]:
    counted = ("file", "rows", "added", "changed", "unchanged", "repeated", "refused")
    return {
        "state": report["state"],
        "import": report["import_id"],
        "rows": [{name: file[name] for name in counted} for file in report["files"]],
        "refused_rows": report["refused_total"],
        "faults": report["faults"],
    }


def _good_rows(report: Mapping[str, Any]) -> int:
    return sum(file["rows"] - file["refused"] for file in report["files"])


def _may_keep_good(report: Mapping[str, Any]) -> bool:
    """Whether only rows are wrong, not the file as a whole, and others are left."""
    whole = any(row["row"] <= 1 for row in report["refused"])
    return not whole and _good_rows(report) > 0


def _forget(kept: uploads.Kept) -> None:
    shutil.rmtree(kept.folder, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Forget files whose buttons are dead."""
    root.mkdir(parents=True, exist_ok=True)
    oldest = time.time() - KEPT_SECONDS
    for folder in root.iterdir():
        if folder.is_dir() and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)

"""What setting up Slack and setting up Telegram have in common: talking, the owner, the file, the pairing."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.cli.main import Trouble
from assistant.cli.pairing import code_lines
from assistant.settings import Settings
from tools.store import BooksError, Finding, Store, User
from tools.store.pairing import LIFE

ENV_FILE = "quartermaster.env"
TRIES = 5
PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]*")
OURS = re.compile(r"\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=")


class Terminal(Protocol):
    """The person at the keyboard."""

    def step(self, title: str) -> None:
        """Begin a step."""

    def say(self, text: str) -> None:
        """Tell something."""

    def ask(self, question: str, *, default: str = "", secret: bool = False) -> str:
        """Ask for a line; what is secret is not shown."""

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for a yes or no."""


Listen = Callable[[Settings, Store, Callable[[], bool]], bool]


@dataclass(frozen=True, slots=True)
class SetUp:
    """One set-up under way.  ``listen`` runs the chat until it is satisfied; false where it can't."""

    chat: str
    terminal: Terminal
    settings: Settings
    store: Store
    listen: Listen

    @property
    def title(self) -> str:
        """How the chat is called."""
        return self.chat.title()


def ask_until_right(
    terminal: Terminal, question: str, check: Callable[[str], Finding | None], *, secret: bool = True
) -> str:
    """Ask for something until nothing is wrong with it, each time saying in one line what is.

    Raises:
        Trouble: it was wrong too often.
    """
    for _ in range(TRIES):
        given = terminal.ask(question, secret=secret).strip().strip("\"'")
        wrong = check(given) if given else Finding(False, "Nothing was given")
        if wrong is None:
            return given
        terminal.say(f"✗ {wrong.what}. {wrong.remedy}".strip())
    raise Trouble("that did not work out; run the command again when you have what it asks for")


def the_owner(setup: SetUp) -> User:
    """The owner who is paired first; the shop's first person where it has none.

    Raises:
        Trouble: nobody of that name is an owner.
    """
    people = setup.store.people
    owners = [user for user in people.users() if user.active and user.role == "owner"]
    if not owners:
        name = setup.terminal.ask("The shop has no owner yet. Your name?")
        try:
            return people.add(name, "owner", actor="terminal", at=setup.store.clock())
        except BooksError as error:
            raise Trouble(str(error)) from error
    if len(owners) == 1:
        return owners[0]
    names = ", ".join(user.name for user in owners)
    said = setup.terminal.ask(f"Which owner are you ({names})?", default=owners[0].name)
    found = people.find(said)
    if found is None or found.role != "owner":
        raise Trouble(f"{said!r} is none of {names}")
    return found


def keep(setup: SetUp, values: Mapping[str, str]) -> None:
    """Say where the secrets belong, and write them down only if told to."""
    terminal = setup.terminal
    terminal.step("Where the secrets are kept")
    names = ", ".join(values)
    terminal.say(f"Quartermaster reads them from the environment: {names}.")
    path = setup.settings.data / ENV_FILE
    if not terminal.confirm(f"Write them to {path}, readable by you alone?", default=False):
        terminal.say("Then set them yourself, where the app is started, before it is.")
        return
    write_secrets(path, values)
    terminal.say(f"✓ Written. Start the app with them: set -a; . {path}; set +a; quartermaster serve")


def write_secrets(path: Path, values: Mapping[str, str]) -> None:
    """Put the values into an env file that only its owner may read; what else stands there stays.

    Raises:
        Trouble: a value would not survive being read back, or the file cannot be written.
    """
    for name, value in values.items():
        if not PLAIN.fullmatch(value):
            raise Trouble(f"{name} has characters that no token has")
    try:
        kept = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        lines = [line for line in kept if not _sets(line, values)]
        text = "\n".join([*lines, *(f"{name}={value}" for name, value in values.items())]) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        fresh.replace(path)
    except OSError as error:
        raise Trouble(f"{path} can't be written: {error.strerror}") from error


def _sets(line: str, values: Mapping[str, str]) -> bool:
    found = OURS.match(line)
    return found is not None and found[1].removeprefix("QUARTERMASTER_") in values


def pair(setup: SetUp, owner: User) -> User | None:
    """Show the owner a code and wait until it was said in the chat; None where nobody said it."""
    terminal, store = setup.terminal, setup.store
    terminal.step(f"Who you are in {setup.title}")
    if identity(owner, setup.chat) and not terminal.confirm(
        f"{owner.name} is paired in {setup.title} already. Pair another account?", default=False
    ):
        return owner
    before = identity(owner, setup.chat)
    for line in code_lines(setup.settings, store, owner):
        if not line.startswith("Telegram" if setup.chat == "slack" else "Slack"):
            terminal.say(line)
    terminal.say("Waiting for the code; Ctrl-C goes on without.")
    end = time.monotonic() + LIFE.total_seconds()

    def over() -> bool:
        now = identity(_now(store, owner), setup.chat)
        return now not in {"", before} or time.monotonic() > end

    try:
        heard = setup.listen(setup.settings, store, over)
    except KeyboardInterrupt:
        heard = False
    found = _now(store, owner)
    if heard and identity(found, setup.chat) not in {"", before}:
        terminal.say(f"✓ You are {found.name} in {setup.title}.")
        return found
    terminal.say(
        f"✗ Nobody said the code. Once the app runs: quartermaster user pair {owner.name.split()[0]}"
    )
    return None


def identity(user: User, chat: str) -> str:
    """Who the person is in a chat, "" for nobody."""
    return user.slack_id if chat == "slack" else user.telegram_id


def _now(store: Store, owner: User) -> User:
    return next(user for user in store.people.users() if user.id == owner.id)

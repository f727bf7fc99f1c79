"""``quartermaster user``: who may talk to the assistant, as what, and with which keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from assistant.access import ROLES
from assistant.cli.main import ShopDatabase, Trouble, settings_for
from tools.store import Store, User, open_store

users = typer.Typer(help="People, roles, passwords and personal tokens.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The person's name.")]


@contextmanager
def _books(shop_db: str) -> Iterator[Store]:
    settings = settings_for(shop_db)
    store = open_store(settings.url(), clock=settings.clock())
    try:
        yield store
    finally:
        store.close()


def _person(store: Store, name: str) -> User:
    user = store.people.find(name)
    if user is None or user.id is None:
        raise Trouble(f"there is no user called {name!r}; see quartermaster user list")
    return user


@users.command("list")
def list_users(shop_db: ShopDatabase = "") -> None:
    """Everybody, with role, places, whether they have an account, and the chats they are paired in."""
    with _books(shop_db) as store:
        for user in store.people.users():
            places = "all places" if user.locations is None else ", ".join(sorted(user.locations))
            account = "account" if user.has_account else "no account"
            paired = [name for name, one in (("Slack", user.slack_id), ("Telegram", user.telegram_id)) if one]
            chats = " and ".join(paired) or "no chat"
            state = "" if user.active else "  (inactive)"
            print(f"{user.name}  {user.role}  {places}  {account}  {chats}{state}")  # noqa: T201


@users.command()
def add(
    name: Name,
    role: Annotated[str, typer.Option(help="owner, manager, staff or driver.")] = "staff",
    place: Annotated[list[str] | None, typer.Option(help="Limit to this place (may be repeated).")] = None,
    shop_db: ShopDatabase = "",
) -> None:
    """Add a person."""
    if role not in ROLES:
        raise Trouble(f"{role!r} is no role; take one of {', '.join(ROLES)}")
    with _books(shop_db) as store:
        store.people.add(name, role, locations=place or None, actor="terminal", at=store.clock())
    print(f"{name} is now {role}.")  # noqa: T201


@users.command()
def password(name: Name, shop_db: ShopDatabase = "") -> None:
    """Set a person's password (asked for, never shown)."""
    with _books(shop_db) as store:
        user = _person(store, name)
        secret = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
        if len(secret) < 10:
            raise Trouble("a password needs at least 10 characters")
        store.people.set_password(user.id or 0, secret, actor="terminal", at=store.clock())
    print(f"{user.name} can log in now. From now on everybody needs an account.")  # noqa: T201


@users.command()
def token(
    name: Name,
    label: Annotated[str, typer.Option(help="What it is for.")] = "command line",
    shop_db: ShopDatabase = "",
) -> None:
    """Make a personal token for the API; it is shown once."""
    with _books(shop_db) as store:
        user, at = _person(store, name), store.clock()
        print(store.people.new_token(user.id or 0, "personal", label, None, actor="terminal", at=at))  # noqa: T201


@users.command()
def deactivate(name: Name, shop_db: ShopDatabase = "") -> None:
    """Take a person's access away; what they did stays in the books."""
    with _books(shop_db) as store:
        user = _person(store, name)
        store.people.update(user.id or 0, active=False, actor="terminal", at=store.clock())
    print(f"{user.name} has no access any more.")  # noqa: T201


@users.command()
def pair(name: Name, shop_db: ShopDatabase = "") -> None:
    """Make a code that ties the person's Slack or Telegram to them; it is shown once."""
    from assistant.cli.pairing import code_lines

    with _books(shop_db) as store:
        for line in code_lines(settings_for(shop_db), store, _person(store, name)):
            print(line)  # noqa: T201


@users.command()
def unpair(
    name: Name,
    chat: Annotated[str, typer.Argument(help="slack or telegram.")],
    shop_db: ShopDatabase = "",
) -> None:
    """Take the person's identity in a chat away: nobody there speaks for them any more."""
    with _books(shop_db) as store:
        user = _person(store, name)
        gone = store.people.pairing.unpair(user.id or 0, chat, actor="terminal", at=store.clock())
    said = "is not paired in" if gone else "was not paired in"
    print(f"{user.name} {said} {chat.title()}{' any more' if gone else ''}.")  # noqa: T201

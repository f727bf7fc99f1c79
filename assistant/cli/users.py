"""``quartermaster user``: who may talk to the assistant, as what, and with which keys."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.access import ROLES
from assistant.cli.main import ShopDatabase, Trouble, settings_for
from tools.store import Store, User, open_store

users = typer.Typer(help="People, roles, passwords and personal tokens.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The person's name.")]


def _open(shop_db: str) -> Store:
    settings = settings_for(shop_db)
    return open_store(settings.url(), clock=settings.clock())


def _person(store: Store, name: str) -> User:
    user = store.people.find(name)
    if user is None or user.id is None:
        raise Trouble(f"there is no user called {name!r}; see quartermaster user list")
    return user


@users.command("list")
def list_users(shop_db: ShopDatabase = "") -> None:
    """Everybody, with role, places and whether they have an account."""
    for user in _open(shop_db).people.users():
        places = "all places" if user.locations is None else ", ".join(sorted(user.locations))
        account = "account" if user.has_account else "no account"
        state = "" if user.active else "  (inactive)"
        print(f"{user.name}  {user.role}  {places}  {account}{state}")  # noqa: T201


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
    store = _open(shop_db)
    store.people.add(name, role, locations=place or None, actor="terminal", at=store.clock())
    print(f"{name} is now {role}.")  # noqa: T201


@users.command()
def password(name: Name, shop_db: ShopDatabase = "") -> None:
    """Set a person's password (asked for, never shown)."""
    store = _open(shop_db)
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
    store = _open(shop_db)
    user = _person(store, name)
    print(store.people.new_token(user.id or 0, "personal", label, None, actor="terminal", at=store.clock()))  # noqa: T201


@users.command()
def deactivate(name: Name, shop_db: ShopDatabase = "") -> None:
    """Take a person's access away; what they did stays in the books."""
    store = _open(shop_db)
    user = _person(store, name)
    store.people.update(user.id or 0, active=False, actor="terminal", at=store.clock())
    print(f"{user.name} has no access any more.")  # noqa: T201

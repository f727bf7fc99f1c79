"""``quartermaster setup``: walks an owner through setting up a chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import closing
from typing import Literal

import typer
from rich.console import Console

from assistant.cli.main import ShopDatabase, settings_for
from assistant.cli.setup_steps import SetUp
from assistant.settings import Settings
from connectors.chat.channel import Channel
from tools.store import Store

setup = typer.Typer(help="Set up Slack or Telegram, step by step.", no_args_is_help=True)
LOOK_SECONDS = 0.3


class Keyboard:
    """Implements :class:`assistant.cli.setup_steps.Terminal` in a real terminal."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._steps = 0

    def step(self, title: str) -> None:
        """Begin a step."""
        self._steps += 1
        self._console.print(f"\n[bold]{self._steps}. {title}[/bold]")

    def say(self, text: str) -> None:
        """Tell something; a link stays in one piece."""
        self._console.print(text, markup=False, soft_wrap=True)

    def ask(self, question: str, *, default: str = "", secret: bool = False) -> str:
        """Ask for a line; what is secret is not shown."""
        return str(typer.prompt(question, default=default, hide_input=secret, show_default=bool(default)))

    def confirm(self, question: str, *, default: bool) -> bool:
        """Ask for a yes or no."""
        return typer.confirm(question, default=default)


@setup.command()
def slack(shop_db: ShopDatabase = "") -> None:
    """Make the Slack app, take its tokens, pair the owner, send a test message."""
    from assistant.cli.setup_slack import set_up_slack

    _run("slack", shop_db, set_up_slack)


@setup.command()
def telegram(shop_db: ShopDatabase = "") -> None:
    """Take the bot's token, pair the owner, send a test message."""
    from assistant.cli.setup_telegram import set_up_telegram

    _run("telegram", shop_db, set_up_telegram)


def _run(chat: Literal["slack", "telegram"], shop_db: str, steps: Callable[[SetUp], None]) -> None:
    from assistant.app import open_books

    settings = settings_for(shop_db)
    with closing(open_books(settings)) as store:
        steps(SetUp(chat, Keyboard(), settings, store, listen_in(chat)))


def listen_in(chat: str) -> Callable[[Settings, Store, Callable[[], bool]], bool]:
    """Run one chat of the app until ``over``, so that a code said there is heard; false where it can't."""

    def listen(settings: Settings, store: Store, over: Callable[[], bool]) -> bool:
        from assistant.app import load_parser, start_logging
        from assistant.channels import open_channels
        from assistant.house import AssistantHouse

        start_logging("WARNING")  # the steps are what is to be read here
        house = AssistantHouse(store, load_parser(store), store.clock)
        channels = open_channels(house, settings, settings.data / "files")
        found = next((channel for channel in channels if channel.name == chat), None)
        pushed = settings.telegram_webhook_url if chat == "telegram" else not settings.slack_app_token
        if found is None or pushed:  # then the running app hears it
            return asyncio.run(_wait(over))
        return asyncio.run(_hear(found, over))

    return listen


async def _hear(channel: Channel, over: Callable[[], bool]) -> bool:
    await channel.start()
    try:
        return await _wait(over)
    finally:
        await channel.stop()


async def _wait(over: Callable[[], bool]) -> bool:
    while True:
        if await asyncio.to_thread(over):
            return True
        await asyncio.sleep(LOOK_SECONDS)

"""The commands of the menu: for each person those that their role may use."""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommand, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from connectors.chat.message import House
from connectors.chat.telegram.desk import Context, desk_of
from tools.kit import all_tools
from tools.store import User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Command:
    """One entry: what is said for it, alone or with words after it."""

    name: str
    intent: str
    tells: str
    alone: str
    about: str = ""

    def says(self, words: str) -> str:
        """The message that stands for the command."""
        if not words:
            return self.alone
        return self.about.format(words=words) if self.about else f"{self.alone} {words}"


COMMANDS = (
    Command("stock", "stock.query", "How many are left", "how many are left?", "how many {words} left?"),
    Command("low", "stock.low", "What runs low", "what's running low?", "what's running low in {words}?"),
    Command(
        "expiring",
        "stock.expiring",
        "What goes off soon",
        "what goes off this week?",
        "what {words} goes off this week?",
    ),
    Command(
        "sales", "sales.report", "Yesterday's sales", "revenue yesterday", "how many {words} did we sell?"
    ),
    Command("top", "sales.top", "Best sellers this month", "best sellers this month"),
    Command("reorder", "reorder.suggest", "What to reorder", "what should I reorder?"),
    Command("orders", "po.status", "What is on order", "what's on order?", "where's {words}?"),
    Command("deliveries", "route.plan", "Today's deliveries", "plan today's deliveries"),
    Command("brief", "report.daily", "The morning summary", "give me the morning summary"),
    Command("alerts", "alert.list", "My alerts", "which alerts do I have?"),
    Command("undo", "meta.undo", "Take the last change back", "undo that"),
    Command("help", "meta.help", "What I can do", "help", "help {words}"),
)
STRANGERS = (BotCommand("start", "Pair with your code"), BotCommand("help", "How to begin"))
BY_NAME = {command.name: command for command in COMMANDS}


def commands_for(house: House, user: User) -> list[Command]:
    """The commands that this person may use, of those that can be answered."""
    tools = all_tools()
    return [
        command
        for command in COMMANDS
        if (tool := tools.get(command.intent)) and tool.built and house.may(user, tool.right)
    ]


async def show_menu(context: Context, chat: int, user: User) -> None:
    """Put a person's commands into the menu of their chat, where they are others than last time."""
    desk = desk_of(context)
    wanted = commands_for(desk.house, user)
    told = f"{user.id} {user.role} {' '.join(command.name for command in wanted)}"
    if chat < 0 or desk.menus.get(chat) == told:
        return
    try:
        await context.bot.set_my_commands(
            [BotCommand(command.name, command.tells) for command in wanted], BotCommandScopeChat(chat)
        )
    except TelegramError as error:
        log.info("telegram_menu_not_set", why=str(error))
        return
    desk.menus[chat] = told


async def show_strangers_menu(bot: Bot) -> None:
    """What everybody sees whom no code has made known."""
    await bot.set_my_commands(STRANGERS, BotCommandScopeDefault())

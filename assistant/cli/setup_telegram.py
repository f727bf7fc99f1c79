"""``quartermaster setup telegram``, step by step."""

from __future__ import annotations

from assistant.cli.asking import ask_telegram
from assistant.cli.checks_telegram import TOKEN, telegram_trouble
from assistant.cli.faults import fault
from assistant.cli.setup_slack import HELLO, with_values
from assistant.cli.setup_steps import SetUp, ask_until_right, identity, keep, pair, the_owner
from connectors.chat.links import remember_bot
from tools.store import Finding, User


def set_up_telegram(setup: SetUp) -> None:
    """Take the bot's token, pair the owner, say hello.

    Raises:
        Trouble: a step could not be done.
    """
    terminal = setup.terminal
    terminal.step("The bot in Telegram")
    terminal.say(
        "Open https://t.me/BotFather, send /newbot, give it a name and a user name that ends in bot."
    )
    token = _token(setup)
    values = {"TELEGRAM_BOT_TOKEN": token}
    keep(setup, values)
    ready = SetUp(setup.chat, terminal, with_values(setup.settings, values), setup.store, setup.listen)
    owner = pair(ready, the_owner(ready))
    if owner is not None:
        say_hello(ready, owner)
    terminal.say("Done. Start the app: quartermaster serve. Look after it: quartermaster doctor.")


def say_hello(setup: SetUp, owner: User) -> None:
    """Send the owner a message, as alerts will be."""
    setup.terminal.step("A test message")
    token = setup.settings.telegram_bot_token.get_secret_value()
    text = HELLO.format(name=owner.name.split()[0])
    heard = ask_telegram(setup.settings, "sendMessage", token, chat_id=identity(owner, "telegram"), text=text)
    wrong = telegram_trouble(heard)
    told = f"✗ {wrong.what}. {wrong.remedy}" if wrong else "✓ A message is waiting for you in Telegram."
    setup.terminal.say(told)


def _token(setup: SetUp) -> str:
    names: list[str] = []

    def wrong(token: str) -> Finding | None:
        if not TOKEN.fullmatch(token):
            return fault("telegram.form")
        heard = ask_telegram(setup.settings, "getMe", token)
        if heard.ok:
            names.append(str(heard.data["result"].get("username", "")))
        return telegram_trouble(heard)

    setup.terminal.say("@BotFather answers with a token: 123456789:AA...")
    token = ask_until_right(setup.terminal, "Bot token", wrong)
    remember_bot(setup.store, names[-1])
    setup.terminal.say(f"✓ Telegram knows it: @{names[-1]}.")
    return token

"""A pressed button: always answered, done once, and its message tells who did what and when."""

from __future__ import annotations

import structlog
from anyio.to_thread import run_sync
from telegram import CallbackQuery, InlineKeyboardMarkup, Message, Update
from telegram.constants import ParseMode
from telegram.error import TelegramError

from connectors.chat.message import HOW_TO_PAIR
from connectors.chat.message import Message as Said
from connectors.chat.telegram.desk import CHANNEL, Context, conversation_of, desk_of, event_of, spot_of
from connectors.chat.telegram.keyboard import fates, standing, still_offered, tokens_of
from connectors.chat.telegram.posting import NO_PREVIEW, Spot, patiently, post, typing
from connectors.chat.telegram.spans import MOST_IN_MESSAGE, Span, units
from tools.store import User

log = structlog.get_logger(__name__)

GONE = "I can't tell any more what that button was. Ask again and I'll make a new one."


async def on_press(update: Update, context: Context) -> None:
    """One press of one button."""
    query, desk = update.callback_query, desk_of(context)
    if query is None:
        return
    desk.bells.ring(context.bot, query.id)
    user = await desk.person(query.from_user)
    if user is None:
        says = HOW_TO_PAIR.format(says="/start CODE")
        await desk.bells.answer(context.bot, query.id, says, alert=True)
    elif query.message is None or not query.data:
        await desk.bells.answer(context.bot, query.id, GONE, alert=True)
    else:
        await _press(update, context, query, user)


async def _press(update: Update, context: Context, query: CallbackQuery, user: User) -> None:
    desk, shown, token = desk_of(context), query.message, query.data or ""
    if shown is None:
        return
    spot = spot_of(shown) if isinstance(shown, Message) else Spot(shown.chat.id)
    event = event_of(context.bot, update)
    said = Said(conversation_of(spot.chat), user, CHANNEL, action=token, event_id=event)
    async with typing(context.bot, spot):
        answer = await desk.answer(said)
    pressed = await run_sync(desk.house.store.talk.action, token)
    barred = pressed is not None and pressed.state == "offered"
    only_told = answer.repeated or barred
    heard = await desk.bells.answer(context.bot, query.id, answer.text if only_told else "", alert=barred)
    if isinstance(shown, Message):
        await _settle(context, shown)
    if not (only_told and heard):
        await post(context.bot, spot, answer)


async def _settle(context: Context, shown: Message) -> None:
    """Put who did what and when in the place of the buttons that can't be pressed any more."""
    desk, tokens = desk_of(context), tokens_of(shown.reply_markup)
    actions = await run_sync(standing, desk.house.store, tokens)
    left = still_offered(actions)
    if len(tokens_of(left)) == len(tokens):
        return
    told = "".join(Span(f"\n\n{line}", "i").html for line in fates(actions, desk.house.now()))
    try:
        await patiently(lambda: _edit(context, shown, told, left))
    except TelegramError as error:
        if "not modified" not in str(error).lower():
            log.info("telegram_message_not_edited", why=str(error))


async def _edit(context: Context, shown: Message, told: str, left: InlineKeyboardMarkup | None) -> None:
    chat, number = shown.chat.id, shown.message_id
    if not shown.text or units(shown.text) + units(told) > MOST_IN_MESSAGE:
        await context.bot.edit_message_reply_markup(chat, number, reply_markup=left)
        return
    await context.bot.edit_message_text(
        shown.text_html + told,
        chat,
        number,
        parse_mode=ParseMode.HTML,
        reply_markup=left,
        link_preview_options=NO_PREVIEW,
    )

"""What people send: words, commands, photos of bar codes, files, places."""

from __future__ import annotations

import re

from telegram import Document, Message, MessageEntity, PhotoSize, Update

from connectors.chat.message import Answer
from connectors.chat.message import Message as Said
from connectors.chat.telegram import pairing
from connectors.chat.telegram.desk import (
    CHANNEL,
    Context,
    conversation_of,
    converse,
    desk_of,
    event_of,
    spot_of,
)
from connectors.chat.telegram.files import fetch, largest
from connectors.chat.telegram.menu import BY_NAME, show_menu
from connectors.chat.telegram.placing import on_place
from connectors.chat.telegram.posting import post, typing
from tools.kit import Reply
from tools.store import User

COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@(?P<bot>\w+))?(?:\s+(?P<words>\S.*))?\s*$", re.DOTALL)
CANT_READ = "I read text, photos of bar codes, and CSV or Excel files; that one I can't read."


async def on_message(update: Update, context: Context) -> None:
    """One message of a person."""
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return
    words = _addressed(message, context)
    if words is None:
        return
    sender, desk = message.from_user, desk_of(context)
    user = await desk.person(sender)
    if pairing.START.match(words):
        await pairing.start(message, sender, user, context)
    elif user is None:
        await pairing.meet(message, sender, context)
    else:
        await _serve(update, message, user, words, context)
        await show_menu(context, message.chat.id, user)


async def _serve(update: Update, message: Message, user: User, words: str, context: Context) -> None:
    """What somebody known sent."""
    event = event_of(context.bot, update)
    said = Said(conversation_of(message.chat.id), user, CHANNEL, _spoken(words), event_id=event)
    document = message.document
    photo = largest(message.photo) if message.photo else None
    if photo is not None:
        await _look(message, said, photo, context)
    elif document is not None and (document.mime_type or "").startswith("image/"):
        await _look(message, said, document, context)
    elif document is not None:
        await _take(message, said, document, context)
    elif message.location is not None:
        await on_place(update, message, user, context)
    elif words:
        await converse(context, spot_of(message), said)
    else:
        await _tell(message, said, CANT_READ, context)


async def _look(message: Message, said: Said, picture: PhotoSize | Document, context: Context) -> None:
    """A photo: the bar codes in it, with what was written under it."""
    from connectors.chat.scan import with_codes

    async with typing(context.bot, spot_of(message)):
        content = await fetch(context.bot, picture.file_id, picture.file_size)
        if isinstance(content, str):
            await _tell(message, said, content, context)
            return
        desk = desk_of(context)
        async with desk.turns:
            said = await with_codes(said, content, desk.house)
    await converse(context, spot_of(message), said)


async def _take(message: Message, said: Said, document: Document, context: Context) -> None:
    """A file: what it would change, and a button to load it."""
    documents = desk_of(context).documents
    refusal = documents.refusal(said.user, document.file_name or "", document.file_size)
    if refusal:
        await _tell(message, said, refusal, context)
        return
    spot = spot_of(message)
    async with typing(context.bot, spot):
        content = await fetch(context.bot, document.file_id, document.file_size)
        if isinstance(content, str):
            await _tell(message, said, content, context)
            return
        answer = await documents.take(said, document.file_name or "", content)
    await post(context.bot, spot, answer)


async def _tell(message: Message, said: Said, text: str, context: Context) -> None:
    await post(context.bot, spot_of(message), Answer(said.conversation, (Reply(text),)))


def _spoken(words: str) -> str:
    """What is said, for a command of the menu, too."""
    found = COMMAND.match(words)
    if found is None:
        return words
    command = BY_NAME.get(found["name"].lower())
    after = " ".join((found["words"] or "").split())
    return command.says(after) if command else f"{found['name']} {after}".strip()


def _addressed(message: Message, context: Context) -> str | None:
    """What was said to the assistant; None for talk in a group that is none of its business."""
    words = (message.text or message.caption or "").strip()
    if message.chat.type == message.chat.PRIVATE:
        return words
    found = COMMAND.match(words)
    if found is not None:
        ours = context.bot.username.lower()
        return words if (found["bot"] or ours).lower() == ours else None
    bare, mentioned = _without_mention(message, context)
    if mentioned or _answers_us(message, context):
        return bare
    return None


def _without_mention(message: Message, context: Context) -> tuple[str, bool]:
    text = message.text or message.caption or ""
    entities = message.parse_entities() if message.text else message.parse_caption_entities()
    ours = f"@{context.bot.username}".lower()
    for entity, shown in entities.items():
        by_name = entity.type == MessageEntity.MENTION and shown.lower() == ours
        by_id = entity.type == MessageEntity.TEXT_MENTION and entity.user and entity.user.id == context.bot.id
        if by_name or by_id:
            return " ".join(text.replace(shown, " ", 1).split()).lstrip(",: "), True
    return text.strip(), False


def _answers_us(message: Message, context: Context) -> bool:
    earlier = message.reply_to_message
    return bool(earlier and earlier.from_user and earlier.from_user.id == context.bot.id)

"""Files that people share in Slack: photos of bar codes, and exports to import."""

from __future__ import annotations

from urllib.parse import urlsplit

import structlog

from connectors.chat import scan
from connectors.chat.documents import MOST_BYTES
from connectors.chat.message import Answer, Message
from connectors.chat.slack.desk import Caller, Desk, Json, text_at
from connectors.chat.slack.errors import TROUBLES, code_of
from connectors.chat.slack.workspaces import Workspaces
from tools.kit import Reply

log = structlog.get_logger(__name__)

SLACKS_OWN = ("slack.com", "slack-files.com", "slack-edge.com")
CANT_FETCH = "I could not get that file from Slack. Please share it again."
CANT_READ = "I read text, photos of bar codes, and CSV or Excel files; “{name}” I can't read."
_BLOCK = 1 << 16


def is_picture(file: Json) -> bool:
    """Whether Slack says that it is a picture."""
    return text_at(file, "mimetype").startswith("image/")


async def answer_to(desk: Desk, caller: Caller, said: Message, file: Json) -> Answer:
    """What is said to one shared file."""
    house, documents = desk.house, desk.documents
    name = text_at(file, "name") or text_at(file, "title") or "file"
    size = file.get("size")
    if not is_picture(file):
        refusal = CANT_READ.format(name=name) if documents is None else None
        if documents is not None:
            refusal = documents.refusal(said.user, name, size if isinstance(size, int) else None)
        if refusal:
            return _plain(said, refusal)
    content = await fetch(desk.workspaces, caller, file)
    if content is None:
        return _plain(said, CANT_FETCH)
    if is_picture(file) or documents is None:
        return await desk.answer(await scan.with_codes(said, content, house))
    return await documents.take(said, name, content)


async def fetch(workspaces: Workspaces, caller: Caller, file: Json) -> bytes | None:
    """The bytes of a file, with our token, from Slack and from nowhere else; None where that fails.

    One byte more than is taken tells that it is too large.
    """
    url = text_at(file, "url_private_download") or text_at(file, "url_private")
    if not _is_slacks(url, workspaces.config.base_url):
        log.warning("slack_file_elsewhere", url=url[:80])
        return None
    headers = {"Authorization": f"Bearer {caller.client.token}"}
    try:
        async with workspaces.session().get(url, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                log.warning("slack_file_not_given", status=response.status)
                return None
            content = bytearray()
            async for block in response.content.iter_chunked(_BLOCK):
                content += block
                if len(content) > MOST_BYTES:
                    break
            return bytes(content[: MOST_BYTES + 1])
    except (*TROUBLES, ValueError) as error:
        log.warning("slack_file_not_given", error=code_of(error))
        return None


def _is_slacks(url: str, api: str) -> bool:
    """Whether our token may be shown there."""
    try:
        asked, known = urlsplit(url), urlsplit(api)
        host, port = asked.hostname or "", asked.port
    except ValueError:
        return False
    if (host, port, asked.scheme) == (known.hostname, known.port, known.scheme):
        return True
    return asked.scheme == "https" and any(host == own or host.endswith(f".{own}") for own in SLACKS_OWN)


def _plain(said: Message, text: str) -> Answer:
    return Answer(said.conversation, (Reply(text, {"refused": text}),))

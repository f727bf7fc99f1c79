"""While a turn takes its time: "is thinking…", then each reply as soon as it stands."""

from __future__ import annotations

import asyncio

import structlog
from slack_sdk.web.async_chat_stream import AsyncChatStream

from connectors.chat.slack.blocks import Drawn
from connectors.chat.slack.desk import Caller, Desk
from connectors.chat.slack.errors import TROUBLES, code_of, is_not_there
from connectors.chat.slack.posting import Place, Posted, attach, post, show, update
from connectors.chat.slack.text import escape
from tools.kit import Reply

log = structlog.get_logger(__name__)

STATUS, STREAM = "assistant.threads.setStatus", "chat.startStream"
# Most answers are there sooner, and need neither.
PATIENCE = 0.4


class Progress:
    """What is shown of one turn until its answer is there."""

    def __init__(self, desk: Desk, caller: Caller, place: Place) -> None:
        self.desk, self.caller, self.place = desk, caller, place
        self._replies: asyncio.Queue[Reply] = asyncio.Queue()
        self._stream: AsyncChatStream | None = None
        self._task = asyncio.ensure_future(self._watch()) if place.thread else None

    def heard(self, reply: Reply) -> None:
        """One more reply stands."""
        self._replies.put_nowait(reply)

    async def _watch(self) -> None:
        await asyncio.sleep(PATIENCE)
        await self._thinking()
        while True:
            reply = await self._replies.get()
            if not await self._append(reply):
                return

    async def _thinking(self) -> None:
        if not self.desk.has(self.caller, STATUS):
            return
        try:
            await self.caller.client.assistant_threads_setStatus(
                channel_id=self.place.channel, thread_ts=self.place.thread, status="is thinking…"
            )
        except TROUBLES as error:
            self._refused(STATUS, error)

    async def _append(self, reply: Reply) -> bool:
        if not self.desk.has(self.caller, STREAM):
            return False
        try:
            if self._stream is None:
                self._stream = await self.caller.client.chat_stream(
                    channel=self.place.channel,
                    thread_ts=self.place.thread,
                    recipient_team_id=self.caller.team or None,
                    recipient_user_id=self.caller.user,
                    buffer_size=1,
                )
            await self._stream.append(markdown_text=f"{escape(reply.text)}\n\n")
        except TROUBLES as error:
            self._refused(STREAM, error)
            return False
        return True

    def _refused(self, method: str, error: BaseException) -> None:
        log.info("slack_method_refused", method=method, error=code_of(error))
        if is_not_there(error):
            self.desk.lacks(self.caller, method)

    async def finish(self, drawn: Drawn) -> Posted:
        """Show the answer: in place of what was streamed, else as messages of its own."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        streamed = await self._stopped()
        if streamed is None or not await update(self.caller.client, streamed, drawn.posts[0]):
            return await show(self.caller.client, self.place, drawn)
        for message in drawn.posts[1:]:
            await post(self.caller.client, self.place, message)
        await attach(self.caller.client, self.place, drawn.files)
        return streamed

    async def _stopped(self) -> Posted | None:
        if self._stream is None or not self._stream.ts:
            return None
        try:
            await self._stream.stop()
        except TROUBLES as error:
            self._refused(STREAM, error)
        return Posted(self.place.channel, self._stream.ts)

"""The same handlers under a stand-in that others wrote: ``tg-auto-test`` runs the Application in-process."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.house import AssistantHouse
from connectors.chat.documents import Documents
from connectors.chat.telegram.application import AnyApplication, AnyBuilder, build
from connectors.chat.telegram.desk import Desk
from tests.shop import NOW

stand_in = pytest.importorskip(
    "tg_auto_test.test_utils.serverless_telegram_client", reason="tg-auto-test needs Python 3.12 or newer"
)


async def test_pairing_a_question_a_button_and_a_file_under_somebody_elses_telegram(
    house: AssistantHouse, tmp_path: Path
) -> None:
    def built(builder: AnyBuilder) -> AnyApplication:
        return build(builder, Desk(house, Documents(house, tmp_path / "files")))

    client = stand_in.ServerlessTelegramClient(build_application=built, user_id=9001)
    await client.connect()
    anna = house.store.people.find("Tom Reed")
    code = house.store.people.pairing.new_code(anna.id, at=NOW)
    async with client.conversation("test_bot") as chat:
        await chat.send_message("how many red mugs left?")
        assert "pairing code" in (await chat.get_response()).text
        await chat.send_message(f"/start {code.replace('-', '')}")
        assert "Welcome, Tom Reed" in (await chat.get_response()).text
        await chat.send_message("how many small red mugs left at high street?")
        assert "12" in (await chat.get_response()).text
        await chat.send_message("we broke 3 small red mugs at high street, maybe")
        offer = await chat.get_response()
        yes = next(button for row in offer.buttons for button in row if button.text.startswith("Yes"))
        await offer.click(data=yes.data)
        assert "12 → 9" in (await chat.get_response()).text
        await chat.send_file(_table(tmp_path), force_document=True)
        assert "may not load files" in (await chat.get_response()).text
    await client.disconnect()


def _table(folder: Path) -> Path:
    path = folder / "stock.csv"
    path.write_text("sku,location,quantity\nMUG-RED-350,HIGH,99\n", encoding="utf-8")
    return path

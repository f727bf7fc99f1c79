"""Alerts that people set: told to them when it is so, listed, dropped and muted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.shop import ANNA, BLUE, NOW, RED
from tests.tools.people import OWNER, TOM, call, data, do, no, plan, say
from tests.tools.test_watches import look, readings
from tools.kit import Missing, Reply
from tools.kit.purchases import unpacked
from tools.store import Adjust, Store
from tools.store.alert_changes import CreateAlert, DropAlert, MuteAlerts


def test_an_alert_says_what_it_will_tell_and_what_is_so_already(shop: Store) -> None:
    reply = do(shop, "alert.create", products=[RED, BLUE], threshold=20)
    assert reply.text == (
        "Done: I tell you when Blue Mug 350ml or Red Mug 350ml drops below 20 (each by itself). "
        "It is there already: Blue Mug 350ml (7)."
    )
    assert [button.label for button in reply.buttons] == ["My alerts"]


def test_an_alert_is_told_to_its_owner_alone_while_it_is_so(shop: Store) -> None:
    do(shop, "alert.create", products=[RED], threshold=50)
    assert look(shop, "threshold") == []
    shop.apply(Adjust(RED, "WH", Decimal(-10), "broken"), ANNA, request_id="broken", at=NOW)
    (seen,) = look(shop, "threshold")
    assert seen.reply.text == "Red Mug 350ml: 45 left. You asked to be told below 50."
    assert (seen.who, seen.products) == ("Anna Bell", (RED,))
    assert [button.label for button in seen.reply.buttons] == ["What to order", "Drop: Red Mug 350ml"]
    shop.apply(Adjust(RED, "WH", Decimal(10), "found"), ANNA, request_id="found", at=NOW)
    assert look(shop, "threshold") == []


def test_drops_below_leaves_the_number_out_and_is_down_to_does_not(shop: Store) -> None:
    below = plan(
        shop, "alert.create", products=[RED], threshold=5, text="tell me when red mugs drop below 5"
    ).change
    reached = plan(
        shop, "alert.create", products=[RED], threshold=5, text="shout when we're down to 5 red mugs"
    ).change
    assert isinstance(below, CreateAlert)
    assert isinstance(reached, CreateAlert)
    assert (below.rule, reached.rule) == ("threshold", "threshold.at")


def test_a_place_and_a_category_can_be_named(shop: Store) -> None:
    reply = do(shop, "alert.create", category="Mugs", threshold=4, location="HIGH")
    assert reply.text.startswith("Done: I tell you when anything in Mugs drops below 4 at High Street")
    seen = look(shop, "threshold")
    assert [(one.location, one.products) for one in seen] == [("HIGH", ("MUG-RED-500",))]


def test_many_products_of_one_alert_are_one_message(shop: Store) -> None:
    do(shop, "alert.create", category="Mugs", threshold=100)
    (seen,) = look(shop, "threshold")
    assert seen.reply.text.startswith("3 products are below 100, as you asked: ")


def test_without_a_number_it_is_asked_for(shop: Store) -> None:
    asked = call(shop, "alert.create", products=[RED])
    assert isinstance(asked, Missing)
    assert asked.slot == "threshold"
    assert asked.question.startswith("Red Mug 350ml: below how many shall I tell you? 55 can be sold now.")


def test_the_same_alert_is_not_set_twice_and_another_number_offers_to_drop_the_old(shop: Store) -> None:
    do(shop, "alert.create", products=[RED], threshold=20)
    again = call(shop, "alert.create", products=[RED], threshold=20)
    assert isinstance(again, Reply)
    assert again.text == "You have that alert already: I tell you when Red Mug 350ml drops below 20."
    other = do(shop, "alert.create", products=[RED], threshold=10)
    assert other.text.endswith("You also have: Red Mug 350ml drops below 20.")
    assert other.buttons[0].label == "Drop the old one"


def test_who_sees_one_place_is_told_of_that_place(shop: Store) -> None:
    made = plan(shop, "alert.create", TOM, products=[RED], threshold=20).change
    assert isinstance(made, CreateAlert)
    assert made.location == "HIGH"
    assert no(shop, "alert.create", TOM, products=[RED], threshold=20, location="WH").startswith(
        "Warehouse is not"
    )


def test_a_fridge_can_be_watched_by_its_place(shop: Store) -> None:
    reply = do(
        shop, "alert.create", threshold=8, location="FRIDGE", text="tell me when the fridge is above 8"
    )
    assert reply.text == "Done: I tell you when Fridge temperature reads above 8."
    assert look(shop, "threshold") == []
    readings(shop, 9.0)
    (seen,) = look(shop, "threshold")
    assert seen.reply.text == "Fridge temperature reads 9 at 09:00. You asked to be told above 8."


def test_the_list_names_alerts_mutes_and_what_is_watched_anyway(shop: Store) -> None:
    assert say(shop, "alert.list").startswith("You have set no alerts of your own.")
    do(shop, "alert.create", products=[RED], threshold=20, location="HIGH")
    do(shop, "alert.mute", category="Dairy")
    reply = call(shop, "alert.list")
    assert isinstance(reply, Reply)
    assert reply.text.splitlines() == [
        "You have 1 alert. I tell you when:",
        "• Red Mug 350ml drops below 20 at High Street",
        "Quiet: Dairy for good.",
    ]
    assert [button.label for button in reply.buttons] == ["Drop: Red Mug 350ml", "Tell me again: Dairy"]
    assert "out of stock" in str(reply.blocks[0])
    assert data(shop, "alert.list", TOM)["total"] == 0


def test_the_drop_button_drops_it_once(shop: Store) -> None:
    number = do(shop, "alert.create", products=[RED], threshold=20).data["alert"]
    reply = call(shop, "alert.list")
    assert isinstance(reply, Reply)
    detail = reply.buttons[0].call.slots["detail"]
    assert unpacked(detail) == {"do": "drop", "alert": number}
    assert no(shop, "alert.mute", TOM, detail=detail).startswith("That alert is gone already")
    dropped = do(shop, "alert.mute", detail=detail)
    assert dropped.text == "Dropped: I no longer tell you when Red Mug 350ml drops below 20."
    assert no(shop, "alert.mute", detail=detail).startswith("That alert is gone already")


def test_to_remove_an_alert_drops_the_one_that_is_meant(shop: Store) -> None:
    do(shop, "alert.create", products=[RED], threshold=20)
    do(shop, "alert.create", products=[BLUE], threshold=5)
    made = plan(shop, "alert.mute", products=[BLUE], text="remove the alert on blue mugs").change
    assert isinstance(made, DropAlert)
    several = call(shop, "alert.mute", text="cancel my alerts")
    assert isinstance(several, Reply)
    assert [button.label for button in several.buttons] == ["Drop: Red Mug 350ml", "Drop: Blue Mug 350ml"]


def test_until_a_day_is_quiet_to_its_morning_and_a_week_to_its_end(shop: Store) -> None:
    week = {"from": "2026-03-16", "to": "2026-03-22"}
    monday = {"from": "2026-03-16", "to": "2026-03-23"}
    for text, period, end in (
        ("stop the mug alerts until Monday", monday, "until Mon 23 Mar"),
        ("mute mugs this week", week, "until Mon 23 Mar"),
    ):
        made = plan(shop, "alert.mute", category="Mugs", period=period, text=text)
        assert made.summary == f"Be quiet about Mugs {end}"
        assert isinstance(made.change, MuteAlerts)
        assert made.change.until is not None
        assert made.change.until.date().isoformat() == "2026-03-23"


def test_everything_is_quiet_for_a_day_only_where_no_time_is_said(shop: Store) -> None:
    reply = do(shop, "alert.mute")
    assert reply.text == "I am quiet about everything until 09:00 tomorrow, to you alone."
    assert shop.incidents.mutes(NOW + timedelta(hours=23))
    assert not shop.incidents.mutes(NOW + timedelta(hours=25))


def test_tell_me_again_ends_a_mute(shop: Store) -> None:
    quiet = do(shop, "alert.mute", products=[RED])
    assert quiet.buttons[0].label == "Tell me again"
    do(shop, "alert.mute", detail=quiet.buttons[0].call.slots["detail"])
    assert not shop.incidents.mutes(NOW)
    assert OWNER.role == "owner"

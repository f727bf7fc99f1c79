"""What somebody else may press, undo and see, and who is nobody."""

from dataclasses import replace
from decimal import Decimal

from tests.shop import BLUE, RED


def beside(person, who, name="c1"):
    """Somebody else in the same house, by default in the same conversation."""
    return replace(person, user=person.house.user_named(who), name=name)


def test_a_button_that_somebody_else_may_not_press_stays_to_be_pressed(talk):
    ben = talk("Ben")
    asked = ben.say("400 small red mugs came in from acme at the warehouse")
    for who in ("Gemma", "Tom"):
        assert beside(ben, who).press("Yes", asked).data["refused"]
    assert Decimal(ben.on_hand(RED, "WH")) == 40
    assert "440" in ben.press("Yes", asked).text


def test_an_amount_beyond_somebody_else_stays_to_be_pressed(talk):
    anna = talk()
    asked = anna.say("300 small red mugs came in from acme at high street")
    assert "more than your role" in beside(anna, "Tom").press("Yes", asked).text
    assert "312" in anna.press("Yes", asked).text


def test_somebody_who_could_do_it_may_press_for_somebody_else(talk):
    ben = talk("Ben")
    asked = ben.say("400 small red mugs came in from acme at the warehouse")
    assert "440" in beside(ben, "Anna").press("Yes", asked).text
    assert "Already done" in ben.press("Yes", asked).text


def test_nobody_undoes_a_change_at_a_place_of_others(talk):
    anna = talk()
    done = anna.say("sold 3 small red mugs at the warehouse")
    refused = beside(anna, "Tom").press("Undo", done)
    assert "no access" in refused.text
    assert Decimal(anna.on_hand(RED, "WH")) == 37
    assert "37 → 40" in anna.press("Undo", done).text


def test_an_undo_tells_only_of_places_that_the_person_may_see(talk):
    tom = talk("Tom")
    tom.say("move 2 small red mugs from high street to harbour")
    undone = tom.say("undo that")
    assert "10 → 12" in undone.text
    assert "Harbour" not in undone.text
    assert [row["location"] for row in undone.data["rows"]] == ["HIGH"]


def test_what_stands_in_the_way_of_an_undo_elsewhere_is_not_told(talk):
    tom = talk("Tom")
    tom.say("move 2 small red mugs from high street to harbour")
    beside(tom, "Anna", "c2").say("sold 6 small red mugs at harbour")
    refused = tom.say("undo that")
    assert "Harbour" not in refused.text
    assert "1" not in refused.text
    assert Decimal(tom.on_hand(RED, "HIGH")) == 10


def test_somebody_who_left_is_told_nothing_and_changes_nothing(talk):
    tom = talk("Tom")
    tom.say("sold 1 blue mug at high street")
    people = tom.house.store.people
    people.update(tom.user.id, active=False)
    gone = beside(tom, "Tom Reed")
    for words in ("undo that", "why?", "how many blue mugs left?", "help", "sold 1 blue mug"):
        answer = gone.say(words)
        assert "no access" in answer.text
        assert "Blue" not in answer.text
    assert Decimal(tom.on_hand(BLUE, "HIGH")) == 6


def test_the_first_name_of_somebody_who_left_or_of_two_is_nobodys(talk):
    anna = talk()
    people = anna.house.store.people
    people.add("Tom Hall", "staff")
    assert not anna.house.user_named("tom").active
    people.update(people.find("Ben").id, active=False)
    assert not anna.house.user_named("Ben").active
    assert anna.house.user_named("").role == "owner"
    assert anna.house.user_named("whoever runs this").active


def test_somebody_who_may_not_change_stock_any_more_undoes_nothing(talk):
    tom = talk("Tom")
    tom.say("sold 1 blue mug at high street")
    tom.house.store.people.update(tom.user.id, role="driver")
    assert "may not" in beside(tom, "Tom").say("undo that").text
    assert Decimal(tom.on_hand(BLUE, "HIGH")) == 6

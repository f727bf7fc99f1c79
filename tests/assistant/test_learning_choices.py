"""A choice made twice is remembered, said when used, put right by a correction; readings that were picked are kept."""

from tests.shop import BIG_RED, RED


def choose(person, label, amount):
    """Break some red mugs, and say by button which were meant."""
    asked = person.say(f"{amount} red mugs broke at the high street")
    assert person_is_asked(asked), asked.text
    return person.press(label, asked)


def person_is_asked(answer):
    return answer.data.get("missing") == "products"


def test_a_choice_made_twice_is_taken_and_said(talk):
    anna = talk()
    choose(anna, "Red Mug 350ml", 1)
    second = choose(anna, "Red Mug 350ml", 2)
    assert "You chose Red Mug 350ml for “red mugs” twice" in second.text
    third = anna.say("3 red mugs broke at the high street")
    assert third.text.startswith("“red mugs” → Red Mug 350ml, as you chose before."), third.text
    assert anna.on_hand(RED, "HIGH") == "6.000"


def test_answers_in_words_count_like_buttons(talk):
    anna = talk()
    anna.say("1 red mugs broke at the high street")
    anna.say("1")
    choose(anna, "Red Mug 350ml", 2)
    assert "as you chose before" in anna.say("3 red mugs broke at the high street").text


def test_one_choice_or_two_different_ones_are_no_habit(talk):
    anna = talk()
    choose(anna, "Red Mug 350ml", 1)
    choose(anna, "Red Mug 500ml", 1)
    choose(anna, "Red Mug 350ml", 2)
    assert person_is_asked(anna.say("3 red mugs broke at the high street"))


def test_a_new_product_that_fits_the_words_is_asked_about(talk, store):
    from sqlalchemy import text

    from tools.store.catalogue import bump

    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    with store.database.writing() as connection:
        row = {"sku": "MUG-RED-900", "name": "Red Mug 900ml", "category": "Mugs"}
        connection.execute(text(
            "INSERT INTO product (sku, name, category, unit, barcode, active) "
            "VALUES (:sku, :name, :category, 'each', '', true)"
        ), row)  # fmt: skip
        bump(connection)
    assert person_is_asked(anna.say("3 red mugs broke at the high street"))


def test_two_people_who_mean_different_things_are_both_asked(talk):
    anna, tom = talk(), talk("Tom", "c2")
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
        anna.say("undo")
    choose(anna, "Red Mug 350ml", 1)
    choose(tom, "Red Mug 500ml", 1)
    assert person_is_asked(anna.say("2 red mugs broke at the high street"))


def test_the_place_is_still_asked_for(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    asked = anna.say("3 red mugs broke")
    assert asked.data.get("missing") == "location"
    assert "as you chose before" in asked.text
    done = anna.press("Harbour", asked)
    assert anna.on_hand(RED, "HARB") == "2.000", done.text


def test_a_question_still_shows_all(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    assert set(anna.say("how many red mugs left?").parses[0].slots["products"]) == {RED, BIG_RED}


def test_a_choice_that_was_not_made_teaches_nothing(talk):
    anna = talk()
    for amount in (1, 2, 3):
        asked = anna.say(f"{amount} red mugs broke at the high street")
        assert person_is_asked(asked)
        anna.say("never mind")
    assert anna.house.store.learned.all() == []


def test_a_correction_counts_for_the_other_one_and_it_is_asked_again(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    anna.say("3 red mugs broke at the high street")
    anna.say("no, I meant the big red mug")
    assert (float(anna.on_hand(RED, "HIGH")), float(anna.on_hand(BIG_RED, "HIGH"))) == (9, 0)
    assert person_is_asked(anna.say("4 red mugs broke at the high street"))


def test_another_number_leaves_the_choice_as_it_is(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    anna.say("3 red mugs broke at the high street")
    anna.say("no, 4")
    anna.later(minutes=2)
    assert "as you chose before" in anna.say("1 red mugs broke at the high street").text


def test_an_undone_choice_is_asked_again(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    anna.say("3 red mugs broke at the high street")
    anna.say("undo")
    assert person_is_asked(anna.say("3 red mugs broke at the high street"))


def test_it_can_be_turned_off_for_good(talk):
    anna = talk()
    choose(anna, "Red Mug 350ml", 1)
    second = choose(anna, "Red Mug 350ml", 2)
    assert "ask every time" in anna.press("Ask me every time", second).text
    for amount in (3, 1):
        choose(anna, "Red Mug 350ml", amount)
    assert person_is_asked(anna.say("2 red mugs broke at the high street"))


def test_a_choice_is_forgotten_by_its_words(talk):
    anna = talk()
    for amount in (1, 2):
        choose(anna, "Red Mug 350ml", amount)
    assert "I took it for Red Mug 350ml" in anna.say("forget red mugs").text
    assert person_is_asked(anna.say("3 red mugs broke at the high street"))


def test_a_change_with_a_usual_choice_is_still_asked_about_where_it_is_odd(talk):
    tom = talk("Tom")
    for amount in (1, 2):
        choose(tom, "Red Mug 350ml", amount)
    answer = tom.say("maybe 3 red mugs broke at the high street?")
    assert tom.on_hand(RED, "HIGH") == "9.000", answer.text


def test_a_reading_picked_twice_is_kept_with_its_names_masked(talk):
    anna = talk()
    store = anna.house.store
    for _ in range(2):
        asked = unsure(anna)
        anna.press(asked.actions[0].label, asked)
    kept = store.readings.all()
    assert len(kept) == 1
    assert "red" not in kept[0].text
    assert kept[0].how == "picked"


def test_a_reading_picked_once_is_not_kept(talk):
    anna = talk()
    asked = unsure(anna)
    anna.press(asked.actions[0].label, asked)
    anna.say("how many red mugs left?")
    assert anna.house.store.readings.all() == []


def test_a_reading_picked_by_number_counts(talk):
    anna = talk()
    for _ in range(2):
        unsure(anna)
        anna.say("1")
    assert len(anna.house.store.readings.all()) == 1


UNSURE = ("red mugs report order", "sort red mugs", "handle the red mugs", "milk business", "red mug orders",
          "red mug matter", "red mugs and dates", "acme red mugs", "red mugs plan", "deal with red mugs")  # fmt: skip


def unsure(person):
    """Something that is asked about, whatever the sentences of the day."""
    for text in UNSURE:
        answer = person.say(text)
        if answer.data.get("unsure"):
            return answer
    raise AssertionError("all of these are understood at once by now: write a vaguer one")


def test_a_change_that_was_said_yes_to_is_a_confirmed_reading_until_it_is_undone(talk):
    anna = talk()
    asked = anna.say("we counted 99 small red mugs at the high street")
    if not asked.data.get("needs_yes"):
        asked = anna.say("throw out 12 small red mugs at the high street")
    assert asked.data.get("needs_yes"), asked.text
    anna.say("yes")
    assert [reading.how for reading in anna.house.store.readings.all()] == ["yes"]
    anna.say("undo")
    assert anna.house.store.readings.all() == []

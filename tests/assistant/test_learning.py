"""The shop's own words: taught, used, listed, taken back, in any door."""

import pytest

from tests.shop import BIG_RED, BLUE, MILK, RED


@pytest.mark.parametrize("lesson, then, sku", [
    ("by 'green top' I mean whole milk 1L", "how many green top left?", MILK),
    ("when I say the big ones I mean Red Mug 500ml", "how many of the big ones do we have?", BIG_RED),
    ("green top = whole milk", "green top stock", MILK),
    ("call MUG-RED-350 the little red", "how many little reds are left?", RED),
    ("“GT” means Whole Milk 1L", "how much GT is left?", MILK),
    ("Blue Mug 350ml is called bluey", "how many blueys left?", BLUE),
    ("we call the blue mug 'the smurf' here", "stock of the smurf", BLUE),
])  # fmt: skip
def test_a_taught_word_is_understood_from_the_next_message_on(talk, lesson, then, sku):
    anna = talk()
    told = anna.say(lesson)
    assert told.text.startswith("From now on"), told.text
    answer = talk("Tom", "c2").say(then)
    assert answer.parses[0].slots.get("products") == [sku], answer.text


@pytest.mark.parametrize("lesson", [
    "when we say bluey it's blue mug 350ml",
    "if a customer asks for 'bluey' they mean the blue mug",
    "'bluey' is the blue mug 350ml",
    "remember: bluey = blue mug 350ml",
    "add bluey as another name for blue mug 350ml",
    "add alias bluey for MUG-BLU-350",
    "the blue mug is also called bluey",
    "we refer to the blue mug as bluey",
    "let's call the blue mug bluey",
    "please treat bluey as blue mug 350ml",
    "by blueys I mean blue mugs",
    "blue mug 350ml = bluey",
])  # fmt: skip
def test_there_are_many_ways_to_teach(talk, lesson):
    anna = talk()
    anna.say(lesson)
    assert [(name.key, name.code) for name in anna.house.store.learned.all()] == [("bluey", BLUE)]


@pytest.mark.parametrize(
    "text", ["remove alias bluey", "bluey doesn't mean blue mug any more", "unlearn bluey"]
)
def test_there_are_many_ways_to_forget(talk, text):
    anna = talk()
    anna.say("bluey = blue mug 350ml")
    anna.say(text)
    assert anna.house.store.learned.all() == []


@pytest.mark.parametrize("lesson, then, slot, code", [
    ("we call the warehouse 'the barn'", "how many small red mugs are in the barn?", "location", "WH"),
    ("by the potters we mean Acme Ceramics", "how do the potters do on lead times?", "supplier", "ACME"),
])  # fmt: skip
def test_places_and_suppliers_have_words_too(talk, lesson, then, slot, code):
    anna = talk()
    assert "From now on" in anna.say(lesson).text
    understood = anna.house.parser.read(
        then, memory_of_nothing(), catalogue=anna.house.store.catalogue(), now=anna.clock[0]
    )
    assert understood.parses[0].slots.get(slot) == code


def memory_of_nothing():
    from intents.context import Memory

    return Memory()


def test_a_change_said_with_a_taught_word_is_made_like_any_other(talk):
    anna = talk()
    anna.say("by 'little red' I mean MUG-RED-350")
    anna.say("we broke 2 little reds at the high street")
    assert anna.on_hand(RED, "HIGH") == "10.000"


@pytest.mark.parametrize("lesson, why", [
    ("by 'Blue Mug 350ml' I mean Red Mug 350ml", "is a name of Blue Mug 350ml"),
    ("big red mug = Red Mug 350ml", "is a name of Red Mug 500ml"),
    ("by mug-blu-350 I mean Red Mug 350ml", "is a name of"),
    ("when I say Harbour I mean Whole Milk", "is a name of the place Harbour"),
    ("by 7 I mean Red Mug 350ml", "has no letters"),
    ("by Mrs Jones I mean Red Mug 350ml", "Mrs Eleanor Jones"),
    ("by today I mean Red Mug 350ml", "understand requests"),
    ("by how many I mean Red Mug 350ml", "understand requests"),
    ("by " + "very long " * 12 + "I mean Red Mug 350ml", "too long"),
    ("by zorb I mean purple unicorn", "I know no product"),
])  # fmt: skip
def test_a_word_that_cannot_be_taught_is_refused_with_the_reason(talk, lesson, why):
    anna = talk()
    answer = anna.say(lesson)
    assert why in answer.text
    assert anna.house.store.learned.all() == []


@pytest.mark.parametrize("text", [
    "this means we are out of milk",
    "what does green top mean?",
    "call Acme about the delivery",
    "forget it",
    "2 + 2 = 4",
    "MUG-RED-350 = 40",
    "move 2 small red mugs from the warehouse -> harbour",
    "1 red mug 350ml = 1 blue mug 350ml",
    "what did we sell last week?",
])  # fmt: skip
def test_what_only_looks_like_a_lesson_teaches_nothing(talk, text):
    anna = talk()
    anna.say(text)
    assert anna.house.store.learned.all() == []


def test_a_proper_name_goes_before_a_taught_word(talk):
    anna = talk()
    anna.say("by red mug I mean MUG-RED-350")
    assert anna.say("how many red mugs?").parses[0].slots["products"] == [RED]
    assert anna.say("how many red mug 500ml?").parses[0].slots["products"] == [BIG_RED]
    assert anna.say("how many big red mugs?").parses[0].slots["products"] == [BIG_RED]


def test_a_word_stands_for_one_thing_and_a_choice_teaches_it(talk):
    anna = talk()
    asked = anna.say("by crimson I mean red mugs")
    assert [action.label for action in asked.actions] == ["Red Mug 350ml", "Red Mug 500ml"]
    assert "From now on" in anna.press("Red Mug 500ml", asked).text
    assert anna.say("how many crimsons?").parses[0].slots["products"] == [BIG_RED]


def test_the_choice_may_be_said(talk):
    anna = talk()
    anna.say("by crimson I mean red mugs")
    assert "means Red Mug 500ml" in anna.say("2").text
    anna.say("by scarlet I mean red mugs")
    assert "means Red Mug 350ml" in anna.say("small red mug").text


def test_undo_takes_the_word_back_and_no_change_of_stock(talk):
    anna = talk()
    anna.say("sold 2 small red mugs at the high street")
    anna.say("by little red I mean MUG-RED-350")
    assert "nothing special" in anna.say("undo").text
    assert anna.house.store.learned.all() == []
    assert anna.on_hand(RED, "HIGH") == "10.000"
    anna.say("undo")
    assert anna.on_hand(RED, "HIGH") == "12.000"


def test_undo_brings_the_meaning_before_it_back(talk):
    anna = talk()
    anna.say("by crimson I mean MUG-RED-350")
    again = anna.say("by crimson I mean MUG-RED-500")
    assert "it meant Red Mug 350ml" in again.text
    assert "means Red Mug 350ml again" in anna.press("Undo", again).text
    assert anna.say("how many crimson?").parses[0].slots["products"] == [RED]


def test_a_word_is_forgotten_and_brought_back(talk):
    anna = talk()
    anna.say("by crimson I mean MUG-RED-350")
    gone = anna.say("forget crimson")
    assert "Forgotten" in gone.text
    assert "products" not in anna.say("how many crimson?").parses[0].slots
    anna.press("Undo", gone)
    assert anna.say("how many crimson?").parses[0].slots["products"] == [RED]


def test_what_was_learned_is_listed_with_who_and_how_often(talk):
    anna = talk()
    assert anna.say("what have you learned?").text.startswith("Nothing yet")
    anna.say("by crimson I mean MUG-RED-350")
    anna.say("how many crimson?")
    text = anna.say("what have you learned?").text
    assert "“crimson” → Red Mug 350ml (taught by Anna Bell, used 1 time)" in text


def test_a_driver_may_not_teach_nor_press_anothers_button(talk):
    anna, gemma = talk(), talk("Gemma")
    refused = gemma.say("by crimson I mean MUG-RED-350")
    assert "may not teach" in refused.text
    told = anna.say("by crimson I mean MUG-RED-350")
    assert "may not teach" in gemma.press("Undo", told).text
    assert "may not teach" in gemma.say("forget crimson").text
    assert len(anna.house.store.learned.all()) == 1


def test_the_same_lesson_twice_changes_nothing(talk):
    anna = talk()
    anna.say("by crimson I mean MUG-RED-350", event_id="e1")
    version = anna.house.store.catalogue().version
    assert "I know" in anna.say("by crimson I mean MUG-RED-350").text
    assert anna.house.store.catalogue().version == version


def test_words_taught_in_a_circle_end_at_a_product(talk):
    anna = talk()
    anna.say("by crimson I mean MUG-RED-350")
    anna.say("by ruby I mean crimson")
    anna.say("by crimson I mean ruby")
    assert anna.say("how many ruby?").parses[0].slots["products"] == [RED]
    anna.say("forget crimson")
    assert anna.say("how many ruby?").parses[0].slots["products"] == [RED]


def test_markup_in_a_taught_word_stays_words(talk):
    anna = talk()
    told = anna.say("by <b>crimson</b> I mean MUG-RED-350")
    assert "From now on" in told.text or "is" in told.text
    assert "Something went wrong" not in anna.say("what have you learned?").text


def test_two_people_who_teach_at_once_leave_one_meaning(talk):
    from concurrent.futures import ThreadPoolExecutor

    pairs = [(talk("Anna", f"a{n}"), RED) for n in range(4)] + [
        (talk("Tom", f"t{n}"), BLUE) for n in range(4)
    ]
    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(lambda pair: pair[0].say(f"by zorb I mean {pair[1]}").text, pairs))
    assert all("means" in text for text in texts)
    assert len(pairs[0][0].house.store.learned.all()) == 1


def test_a_word_of_a_product_that_left_means_nothing_until_it_is_back(talk, store):
    from sqlalchemy import text

    from tools.store.catalogue import bump

    anna = talk()
    anna.say("by crimson I mean MUG-RED-350")

    def stocked(active):
        with store.database.writing() as connection:
            change = text("UPDATE product SET active = :active WHERE sku = :sku")
            connection.execute(change, {"active": active, "sku": RED})
            bump(connection)

    stocked(False)
    assert "products" not in anna.say("how many crimson?").parses[0].slots
    assert "not in the catalogue" in anna.say("what have you learned?").text
    stocked(True)
    assert anna.say("how many crimson?").parses[0].slots["products"] == [RED]

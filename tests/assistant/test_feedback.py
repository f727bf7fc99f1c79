"""A customer's words, noted in the chat."""


def test_what_a_customer_said_is_noted_and_can_be_taken_back(talk):
    anna = talk()
    said = anna.say("a customer asked whether we sell oat milk")
    if said.actions and said.actions[0].label.startswith("Yes"):
        said = anna.press("Yes", said)
    assert "Noted: “" in said.text
    assert "oat milk" in said.text
    assert "Undone" in anna.say("undo").text

"""The assistant: the conversation and the wiring."""

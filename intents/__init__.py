"""Words become intents with slots."""

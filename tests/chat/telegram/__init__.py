"""The Telegram door against a stand-in for the Bot API over real HTTP."""

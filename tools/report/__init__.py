"""Summaries that nobody has to ask for."""

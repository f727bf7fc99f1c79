"""Putting shipments together."""

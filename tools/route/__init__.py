"""Delivery rounds and arrival times."""

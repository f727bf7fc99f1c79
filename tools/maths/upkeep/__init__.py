"""Upkeep of vehicles: what is due, how likely a part is to fail, when to change it, what drifts."""

"""Sums on what customers say: voices, bursts, what they did to sales; no database, no web, no clock."""

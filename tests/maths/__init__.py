"""Sums on plain facts, one file a subject."""

"""Sums on plain facts: no database, no web, no clock."""

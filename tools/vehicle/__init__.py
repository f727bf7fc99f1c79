"""Vans and bikes."""

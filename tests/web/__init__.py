"""The web door: HTTP interface and pages, in a real browser where it matters."""

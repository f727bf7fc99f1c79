"""Chat doors: web, terminal."""

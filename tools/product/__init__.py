"""What the shop carries."""

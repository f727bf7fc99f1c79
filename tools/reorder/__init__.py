"""What to buy, and buying it."""

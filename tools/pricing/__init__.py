"""What to charge."""

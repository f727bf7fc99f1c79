"""When to buy, how much, and why."""

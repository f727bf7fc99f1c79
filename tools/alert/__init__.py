"""What to watch, and when to say so."""

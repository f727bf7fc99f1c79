"""Which place sends which order: whole or split, with what stock can be promised and what it costs."""

"""Whether goods are good."""

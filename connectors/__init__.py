"""Everyone who talks, and everyone who brings data."""

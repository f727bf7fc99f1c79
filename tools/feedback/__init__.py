"""What customers say and ask for."""

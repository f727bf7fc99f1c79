"""What will sell, and how sure that is."""

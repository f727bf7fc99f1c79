"""What is where, what comes, what leaves."""

"""What the assistant can do: one file is one tool, its path is its intent."""

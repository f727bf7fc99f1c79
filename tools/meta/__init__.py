"""Talk about the talk: help, thanks, yes, no, undo."""

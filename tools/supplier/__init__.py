"""How suppliers do, alone and against each other."""

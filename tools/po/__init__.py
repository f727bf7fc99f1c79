"""Purchase orders: what is on its way from suppliers."""

"""What the thermometers and hygrometers read."""

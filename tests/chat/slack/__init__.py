"""The Slack door, against a Slack of our own."""

"""What was found out, for people to read."""

"""What a session will cost and take, told before a single call: one truth for `swarm estimate` and for the scanner."""

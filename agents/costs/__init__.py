"""What a session will cost and how long it will take, before any call: for `swarm estimate` and for the scanner."""

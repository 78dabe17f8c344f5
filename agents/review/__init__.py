"""What the security and performance agents have in common: they differ in topic, instructions and model reply."""

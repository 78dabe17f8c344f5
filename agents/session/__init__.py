"""What several roles read and write of a session."""

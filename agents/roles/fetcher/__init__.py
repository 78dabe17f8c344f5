"""Fetches the archive of one commit from its code host and stores it where an upload starts a session."""

"""How a session is closed, whoever closes it: the closer at the end of its execution, the reaper after it."""

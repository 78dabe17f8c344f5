"""What a call of a state tells its operator: the fields of its log lines, its metrics, and its spans."""

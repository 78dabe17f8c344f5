"""Says of what a task died when the task itself no longer can."""

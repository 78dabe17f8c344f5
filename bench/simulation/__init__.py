"""The deployed system on paper: a seeded simulation that predicts a session's seconds and dollars."""

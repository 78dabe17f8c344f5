"""The deployed system on paper: a seeded simulation of discrete events that predicts a session's seconds and dollars."""

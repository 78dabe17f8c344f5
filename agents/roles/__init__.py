"""The agents: one package a role, each with a pure core, a run function and its instructions."""

"""How a model is asked a question and its answer is verified."""

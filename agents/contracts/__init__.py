"""The typed input and output of every state, and the documents they point to."""

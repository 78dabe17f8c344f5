"""The offline default model: structure and the authors' own words, labelled "extracted, not AI-written"."""

"""The repository's own documents as blocks, from Markdown, reStructuredText, AsciiDoc and plain text."""

"""The repository's own documents as blocks: README, guides, changelogs, in Markdown, reStructuredText, AsciiDoc or text."""

"""Keys: what is sealed, to whom, and who opens it. docs/SECURITY.md explains the whole in a page."""

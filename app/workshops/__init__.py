"""Workshops, who signed up for them, who waits, and the public link that needs no account."""

"""Notes of meetings and appointments, from the first line of a draft to what is added after signing."""

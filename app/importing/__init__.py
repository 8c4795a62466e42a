"""Bringing in spreadsheets: people, a roster, past attendance, a workshop's list; and taking that back."""

"""The meetings of a group: their dates, the attendance, the notes."""

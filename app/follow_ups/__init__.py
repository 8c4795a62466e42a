"""What somebody means to do for a person after a meeting of their group, and until when."""

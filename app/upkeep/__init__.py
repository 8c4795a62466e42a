"""Keeping the notebook: backups, proving that they can be restored, and what a server should look after."""

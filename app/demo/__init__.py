"""The invented organisation that `flask demo` fills: its people, their groups, and how everything went."""

"""Who has which part in what, since when, and which vaults that part opens."""

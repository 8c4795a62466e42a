"""Groups, who is in them and since when, and who facilitates them."""

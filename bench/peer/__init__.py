"""The nine pages once more, by a good Django developer: own sessions and sign-in, no keys, no trail."""

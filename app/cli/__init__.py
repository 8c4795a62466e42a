"""The command line: thin, like views. Parse, call a rule, print."""

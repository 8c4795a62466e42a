"""Staff: accounts, roles, signing in and out, and how their keys are opened."""

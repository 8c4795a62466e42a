"""Who did and who saw what: append-only, chained. It knows people and staff by opaque id only."""

"""What comes next for the members of a support group, after its cycle."""

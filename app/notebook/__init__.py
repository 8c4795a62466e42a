"""Pages that gather from several features: Today, groups, a group, a person, More."""

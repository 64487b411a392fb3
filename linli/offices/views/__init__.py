"""Doors of offices: one's own page, administration of offices and of accounts."""

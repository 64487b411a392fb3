"""Verbs of the trunk: one transaction each, from `moving.begin` to `moving.finish`."""

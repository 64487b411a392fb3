"""Reads of areas: where a point lies, which areas there are, who answers there."""

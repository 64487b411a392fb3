"""Notices on the desk: a message is delivered as soon as it is written."""

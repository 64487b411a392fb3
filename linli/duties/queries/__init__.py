"""Reads of duties: calendars, worklists, words for the time left."""

"""Doors of cases: for residents, for the desk, for whoever wonders what can be reported."""

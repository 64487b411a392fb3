"""Doors of areas: places for everybody, who answers for staff, changes for administrators."""

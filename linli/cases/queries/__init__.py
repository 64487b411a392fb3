"""Reads of cases, always for somebody."""

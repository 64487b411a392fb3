"""Linli (邻里): what offices owe people, never what people are."""

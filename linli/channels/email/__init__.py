"""E-mail, through whatever Django's mail settings name."""

"""How the sample town comes about: land, people, a year of cases."""

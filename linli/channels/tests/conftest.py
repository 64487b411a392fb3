from linli.channels.tests.matters import lamps

__all__ = ["lamps"]

"""How sure a share is: Wilson's score interval (Wilson 1927)."""

from math import sqrt

Z_95 = 1.959963984540054


def wilson(hits: int, of: int, z: float = Z_95) -> tuple[float, float]:
    """Return the interval for a share; (0, 1) where nothing was counted.

    Args:
        hits: how many of `of` had the property.
        z: quantile of the normal distribution; 1.96 gives 95 %.
    """
    if not 0 <= hits <= of:
        raise ValueError(f"{hits} of {of}")
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, z * z
    centre = share + square / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    low, high = (centre - reach) / whole, (centre + reach) / whole
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)

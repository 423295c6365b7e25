"""Reproducible randomness with a size: soft noise from a seed.

It must not know what is drawn with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, zoom

Field = NDArray[np.float32]
"""A picture in the making: rows by columns of float32."""


def source(*seeds: int) -> np.random.Generator:
    """A generator that depends on every one of `seeds` (not negative) and on nothing else."""
    return np.random.default_rng(seeds)


def white(rng: np.random.Generator, shape: tuple[int, int]) -> Field:
    """Independent values, mean 0, standard deviation 1."""
    return rng.standard_normal(shape, dtype=np.float32)


def soft(rng: np.random.Generator, shape: tuple[int, int], sigma_px: float) -> Field:
    """Gaussian noise blurred by `sigma_px` and brought back to standard deviation 1.

    Wide blurs are drawn coarse and enlarged: nobody sees the difference and it is many times faster.
    """
    step = max(1, int(sigma_px / 3))
    coarse = (shape[0] // step + 2, shape[1] // step + 2)
    field = gaussian_filter(white(rng, coarse), sigma_px / step, mode="wrap")
    if step > 1:
        field = zoom(field, step, order=1)
    cut: Field = np.ascontiguousarray(field[: shape[0], : shape[1]], dtype=np.float32)
    return cut / np.float32(max(float(cut.std()), 1e-6))

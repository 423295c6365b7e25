"""Find pupil and iris in an infrared eye picture and measure how usable they are.

It must not know of devices or thresholds of acceptance. It finds the edges that quality needs, not an iris code.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, gaussian_filter1d, gaussian_laplace, label, map_coordinates

from station.capture.codecs import Grey

Field = NDArray[np.float32]

_PUPIL_BELOW = 55  # grey level; an infrared pupil is the darkest thing in the picture
_SMALLEST_PUPIL_PX = 300
_SHARP = 1.5  # median absolute Laplacian of Gaussian (1.5 px) of a sharp iris, in grey levels
_BEST_RADIUS_PX = 100.0  # ISO/IEC 29794-6 asks for 80; below that quality falls in proportion
_ENOUGH_IRIS_SCLERA = 20.0
_ENOUGH_PUPIL_IRIS = 40.0
_LENS_FROM, _LENS_TO = 1.10, 1.42  # iris radii; a soft lens is 13.8 to 14.5 mm wide, an iris 10.2 to 13 mm
_LENS_LINE = 2.5  # grey levels; without a lens the white of a drawn eye stays below 1.5


@dataclass(frozen=True)
class IrisMeasure:
    """Each score is 0 to 100. `radius_px` is that of the iris, 0 when no eye was found.

    sharpness: median |Laplacian of Gaussian, 1.5 px| inside the iris, over 1.5 grey levels.
    contrast: the worse of (sclera - iris) / 20 levels and (iris - pupil) / 40 levels.
    visible: share of the ring between pupil and sclera that is neither lid, lash nor lamp, stretched so that 95 % is
    100 and 45 % is 0.
    size: iris radius over 100 px.
    lens_edge: how far a ring in the white of the eye, seen on both sides of the iris, stands out, in grey levels. It
    is no part of the quality. It is tried on drawn eyes only, and a lens without a visible edge leaves none.
    """

    sharpness: float
    contrast: float
    visible: float
    size: float
    radius_px: float
    lens_edge: float = 0.0

    @property
    def lens_suspected(self) -> bool:
        """Worth asking the person, no more."""
        return self.lens_edge >= _LENS_LINE

    @property
    def quality(self) -> int:
        """The weakest score: a sharp picture of a closed lid is worth nothing."""
        return round(min(self.sharpness, self.contrast, self.visible, self.size))

    @property
    def weakest(self) -> str:
        """The name of the weakest score, for the coach."""
        scores = {name: getattr(self, name) for name in ("visible", "sharpness", "contrast", "size")}
        return min(scores, key=lambda name: scores[name])


NO_EYE = IrisMeasure(0, 0, 0, 0, 0)


@dataclass(frozen=True)
class _Disc:
    x: float
    y: float
    radius: float


def measure_iris(grey: Grey) -> IrisMeasure:
    """The measures of one eye, 8-bit infrared grey; NO_EYE when there is no pupil or no edge around it."""
    image = grey.astype(np.float32)
    pupil = _pupil(image)
    if pupil is None:
        return NO_EYE
    rays = _sideways(gaussian_filter(image, 2.0), pupil)
    radius = _limbus(rays, pupil)
    if radius is None:
        return NO_EYE
    y, x = np.mgrid[0 : grey.shape[0], 0 : grey.shape[1]]
    distance = np.hypot(x - pupil.x, y - pupil.y)
    ring = (distance > pupil.radius * 1.15) & (distance < radius * 0.95)
    iris = rays[:, int(pupil.radius * 1.3) : int(radius * 0.9)]
    sclera = rays[:, int(radius * 1.08) : int(radius * 1.35)]
    if not iris.size or not sclera.size:
        return NO_EYE
    iris_level, sclera_level = float(np.median(iris)), float(np.median(sclera))
    pupil_level = float(np.median(image[distance < pupil.radius * 0.8]))
    clear = ring & _like_iris(image, iris_level, sclera_level)
    share = float(clear.sum()) / max(1.0, float(np.pi * ((radius * 0.95) ** 2 - (pupil.radius * 1.15) ** 2)))
    detail = np.abs(gaussian_laplace(image, 1.5))[clear]
    return IrisMeasure(
        sharpness=_score(float(np.median(detail)) / _SHARP if detail.size else 0),
        contrast=_score(
            min((sclera_level - iris_level) / _ENOUGH_IRIS_SCLERA, (iris_level - pupil_level) / _ENOUGH_PUPIL_IRIS)
        ),
        visible=_score((share - 0.45) / 0.50),
        size=_score(radius / _BEST_RADIUS_PX),
        radius_px=radius,
        lens_edge=_lens_edge(image, pupil, radius),
    )


def _score(share: float) -> float:
    return 100 * min(1.0, max(0.0, share))


def _pupil(image: Field) -> _Disc | None:
    """The largest dark patch, as a disc as wide as the patch (lids may cover its top)."""
    patches, count = label(gaussian_filter(image, 1.5) < _PUPIL_BELOW)
    if count == 0:
        return None
    sizes = np.bincount(patches.ravel())[1:]
    if sizes.max() < _SMALLEST_PUPIL_PX:
        return None
    rows, columns = np.nonzero(patches == 1 + int(sizes.argmax()))
    widths = np.bincount(rows)
    widest = np.flatnonzero(widths > 0.97 * widths.max())
    radius = float(columns.max() - columns.min() + 1) / 2
    return _Disc(float(columns.max() + columns.min()) / 2, float(widest.mean()), radius)


def _sideways(image: Field, pupil: _Disc) -> Field:
    """Grey levels along rays to the left and right of the pupil, where no lid is: rays by radius in px."""
    angles = np.deg2rad([-16, -8, 0, 8, 16, 164, 172, 180, 188, 196])[:, None]
    radii = np.arange(int(pupil.radius * 5.5))[None, :]
    places = [pupil.y + radii * np.sin(angles), pupil.x + radii * np.cos(angles)]
    rays: Field = map_coordinates(image, places, order=1, mode="nearest")
    return rays


def _limbus(rays: Field, pupil: _Disc) -> float | None:
    """The radius where the rays brighten most, between 1.5 and 5 pupil radii: there iris becomes sclera."""
    profile = gaussian_filter(np.median(rays, axis=0), 3.0)
    rise = np.gradient(profile)
    first, last = int(pupil.radius * 1.5), int(pupil.radius * 5)
    if last - first < 10:
        return None
    best = first + int(rise[first:last].argmax())
    return float(best) if rise[best] > 0.5 else None


def _lens_edge(image: Field, pupil: _Disc, radius: float) -> float:
    """The fainter side of a line around the iris that is dark on both sides or bright on both; 0 when they differ."""
    smooth = gaussian_filter(image, 1.0)
    radii = np.arange(int(radius * _LENS_FROM), int(radius * _LENS_TO))[None, :]
    sides = []
    for middle in (0, 180):
        angles = np.deg2rad(middle + np.arange(-18, 19, 2))[:, None]
        places = [pupil.y + radii * np.sin(angles), pupil.x + radii * np.cos(angles)]
        profile = np.median(map_coordinates(smooth, places, order=1, mode="nearest"), axis=0)
        line = (gaussian_filter1d(profile, 1.5) - gaussian_filter1d(profile, 7.0))[4:-4]
        if not line.size:
            return 0.0
        sides.append(float(line[np.abs(line).argmax()]))
    return min(map(abs, sides)) if sides[0] * sides[1] > 0 else 0.0


def _like_iris(image: Field, iris_level: float, sclera_level: float) -> NDArray[np.bool_]:
    """Where the picture is neither as bright as a lid or a lamp nor as dark as a lash."""
    smooth = gaussian_filter(image, 2.0)
    low, high = iris_level * 0.55, iris_level + 0.62 * (sclera_level - iris_level)
    between: NDArray[np.bool_] = (smooth > low) & (smooth < high)
    return between

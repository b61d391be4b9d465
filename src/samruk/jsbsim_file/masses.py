"""Mass properties of a JSBSim file: empty aircraft, point masses and tanks, about their common centre of gravity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np

from samruk.jsbsim_file.text import location, measured, part, refused

Matrix = "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"


@dataclass(frozen=True)
class MassProperties:
    """A whole aircraft at rest."""

    mass: float
    """kg."""
    centre: tuple[float, float, float]
    """m, structural axes (x aft, y right, z up): centre of gravity."""
    J_xx: float
    """kg m^2, body axes, about the centre of gravity; so are the others."""
    J_yy: float
    """kg m^2."""
    J_zz: float
    """kg m^2."""
    J_xy: float
    """kg m^2, integral of x y dm."""
    J_xz: float
    """kg m^2, integral of x z dm."""
    J_yz: float
    """kg m^2, integral of y z dm."""


@dataclass(frozen=True)
class Lump:
    """A mass, its place, and its tensor about that place."""

    mass: float
    """kg."""
    place: tuple[float, float, float]
    """m, structural axes."""
    tensor: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    """kg m^2, body axes."""


def read(aircraft: Element) -> MassProperties:
    """Mass properties with full point masses and the tanks' contents as the file gives them."""
    gas = aircraft.find("buoyant_forces")
    if gas is not None:
        raise refused(gas, "lighter than air: gas cells are not read")
    lumps = list(_lumps(aircraft))
    mass = sum(lump.mass for lump in lumps)
    centre = np.sum([lump.mass * np.array(lump.place) for lump in lumps], axis=0) / mass
    tensor = np.zeros((3, 3))
    for lump in lumps:
        d = np.array([-1.0, 1.0, -1.0]) * (np.array(lump.place) - centre)
        tensor = tensor + lump.tensor + lump.mass * (d @ d * np.eye(3) - np.outer(d, d))
    x, y, z = (float(value) for value in centre)
    return MassProperties(
        mass, (x, y, z), float(tensor[0, 0]), float(tensor[1, 1]), float(tensor[2, 2]),
        -float(tensor[0, 1]), -float(tensor[0, 2]), -float(tensor[1, 2]),
    )  # fmt: skip


def _lumps(aircraft: Element) -> Iterator[Lump]:
    """Empty aircraft, point masses, tanks."""
    balance = part(aircraft, "mass_balance")
    places = [at for at in balance.findall("location") if at.get("name") == "CG"]
    if not places:
        raise refused(balance, 'holds no <location name="CG">')
    yield Lump(measured(part(balance, "emptywt"), "LBS"), location(places[0]), _empty_tensor(balance))
    for point in balance.findall("pointmass"):
        yield Lump(measured(part(point, "weight"), "LBS"), location(part(point, "location")), _shape(point))
    for tank in aircraft.findall("propulsion/tank"):
        contents = tank.find("contents")
        if contents is not None and tank.get("type", "FUEL").upper() in ("FUEL", "OXIDIZER"):
            yield _tank(tank, measured(contents, "LBS"))


def _tank(tank: Element, mass: float) -> Lump:
    """A liquid's tank; with a radius, a ball of that size."""
    for unread in ("grain_config", "inertia_factor"):
        if tank.find(unread) is not None:
            raise refused(tank, f"<{unread}> of a tank is not read")
    radius = 0.0 if (found := tank.find("radius")) is None else measured(found, "IN")
    return Lump(mass, location(part(tank, "location")), 0.4 * mass * radius**2 * np.eye(3))


def _empty_tensor(balance: Element) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Tensor of the empty aircraft, body axes.

    By default a file's products are the negated integrals in structural axes (its ixz is minus the integral of x z dm);
    with negated_crossproduct_inertia="false" they are the integrals themselves. Turning to body axes changes the sign
    of xy and yz, and a tensor holds negated integrals.
    """
    values = {}
    for name in ("ixx", "iyy", "izz", "ixy", "ixz", "iyz"):
        found = balance.find(name)
        values[name] = 0.0 if found is None else measured(found, "SLUG*FT2")
    sign = -1.0 if balance.get("negated_crossproduct_inertia", "true").strip() == "false" else 1.0
    xy, xz, yz = -sign * values["ixy"], sign * values["ixz"], -sign * values["iyz"]
    return np.array([[values["ixx"], xy, xz], [xy, values["iyy"], yz], [xz, yz, values["izz"]]])


def _shape(point: Element) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Own tensor of a point mass with a form; tubes and cylinders lie along x."""
    form = point.find("form")
    if form is None:
        return np.zeros((3, 3))
    mass = measured(part(point, "weight"), "LBS")
    r, long = (0.0 if (e := form.find(name)) is None else measured(e, "FT") for name in ("radius", "length"))
    shapes = {
        "tube": (r**2, (6.0 * r**2 + long**2) / 12.0),
        "cylinder": (r**2 / 2.0, (3.0 * r**2 + long**2) / 12.0),
        "sphere": (2.0 / 3.0 * r**2, 2.0 / 3.0 * r**2),
        "ball": (2.0 / 5.0 * r**2, 2.0 / 5.0 * r**2),
    }
    name = form.get("shape", "")
    if name not in shapes:
        raise refused(form, f"the shape {name!r} is not read; known are {', '.join(shapes)}")
    along, across = shapes[name]
    return np.diag([mass * along, mass * across, mass * across])

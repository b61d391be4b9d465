"""A section in cloud: what it gains each second, and how a coat goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samruk.aircraft.parts import IceProtection
from samruk.lazy import jnp
from samruk.plant import accretion
from samruk.plant.accretion import FREEZING, GLAZE, Stream
from samruk.plant.ice.state import Coat

Scalar = Any

STRIP_WIDTH, RIDGE_WIDTH = 0.018, 0.020
"""m, heated parting strip, and the runback ice behind the heated zones (estimated)."""
STRIP_SURFACE = FREEZING + 2.0
"""K, wanted at the parting strip."""
STRIP_EVAPORATION = 0.4
"""Part of the strip's water that evaporates: 30 to 49 % computed for flight at 55 m/s."""
RIDGE_COOLING = 0.5
"""Freezing behind the heated zone over that at the nose, W/m^2 over W/m^2: runback cannot freeze faster than air takes
its heat away (estimated)."""
RIDGE_KEPT = 0.5
"""Part of the runback ridge that stays after a cycle (estimated)."""
AFT_PEAK = 3.0
"""Height of the ridge of large-drop ice over its mean thickness (estimated)."""
WARM_SHEDDING = 1.0 / 300.0
"""1/(s K): part of the ice that falls off per second and kelvin of recovery temperature above freezing (estimated)."""
WARM_SHEDDING_MOST = 1.0 / 20.0
"""1/s."""
RECOVERY = 0.85
"""Recovery factor of a laminar nose."""
ADHESION, ADHESION_LEAST, ADHESION_MOST = 0.03e6, 0.01e6, 0.5e6
"""Pa per K below freezing, and limits, of the strength with which ice holds to a surface (recalled, unverified)."""
LEVER, BASE = 3.0, 0.02
"""Stress in the foot of nose ice over dynamic pressure times height over width, and that width, m (estimated)."""
BLOWN = 0.7
"""Part of the ice that leaves when the airstream breaks it off (estimated)."""


@dataclass(frozen=True)
class Shape:
    """A section's form."""

    chord: Scalar
    """m."""
    thickness: Scalar
    """Over chord."""
    nose_radius: Scalar
    """Over chord."""


@dataclass(frozen=True)
class Growth:
    """What a section gains each second."""

    thickness: Scalar
    """m/s."""
    horn: Scalar
    """m/s."""
    drag: Scalar
    """1/s."""
    ridge: Scalar
    """m/s, while a strip is heated."""
    aft: Scalar
    """m/s."""
    mass: Scalar
    """kg/(s m^2) of planform that freezes."""
    caught: Scalar
    """kg/(s m^2) of planform that strikes."""
    evaporated: Scalar
    """kg/(s m^2) of planform that evaporates unfrozen."""
    strip_vapour: Scalar
    """kg/(s m^2) of planform that a heated strip evaporates and that would have frozen."""
    drying: Scalar
    """m/s lost to dry air."""
    strip: Scalar
    """Part of the heat that a parting strip needs and can have, 0..1."""


def section(
    s: Stream, vapour_ice: Scalar, shape: Shape, alpha: Scalar, flux: Scalar, p: IceProtection
) -> Growth:
    """Growth on a section: alpha rad; strip heat flux W/m^2; `p` for its uncertain factors.

    Water that freezes behind the nose is part of the shape that `accretion.section_drag_rate` was fitted to.
    """
    diameter = 2.0 * shape.nose_radius * shape.chord
    K0 = accretion.modified_inertia(s, diameter)
    beta0 = accretion.stagnation_collection(K0)
    h_c = accretion.heat_transfer(s, diameter)
    h_G = accretion.mass_transfer(s, h_c)
    n0 = accretion.freezing_fraction(s, beta0, h_c, h_G)
    n = jnp.clip(n0, 0.0, 1.0)
    flow = s.water * s.speed
    at_nose = flow * beta0 * p.catch_factor
    growth = n * at_nose / accretion.ice_density(s, n0)
    frozen = accretion.whole_fraction(n)
    tilt = 0.75 * alpha / shape.thickness
    height = shape.thickness * jnp.sqrt(1.0 + tilt * tilt)
    part = accretion.distributed_catch(s, diameter, 2.0 * shape.nose_radius / shape.thickness)
    caught = jnp.minimum(part * p.catch_factor, 1.0) * height * flow
    needed = accretion.heat_to_run_wet(s, beta0, h_c, h_G, STRIP_SURFACE)
    loose = (1.0 - frozen) * caught
    sent_aft = frozen * (1.0 - n) * at_nose * (STRIP_WIDTH * (1.0 - STRIP_EVAPORATION) / (RIDGE_WIDTH * GLAZE))
    over_strip = jnp.minimum(at_nose * STRIP_WIDTH / shape.chord, caught)
    return Growth(
        thickness=growth,
        horn=growth * accretion.horn_part(n) * p.horn_factor,
        drag=accretion.section_drag_rate(s, K0, n, shape.chord) * p.drag_factor * p.catch_factor,
        ridge=jnp.minimum(sent_aft, RIDGE_COOLING * n * at_nose * (1.0 / GLAZE)) * p.ridge_factor,
        aft=frozen * flow * accretion.aft_collection(K0) * (AFT_PEAK / GLAZE) * p.ridge_factor,
        mass=caught - loose,
        caught=caught,
        evaporated=jnp.minimum(accretion.wet_evaporation(s, h_G) * height, loose),
        strip_vapour=STRIP_EVAPORATION * over_strip * frozen,
        drying=accretion.sublimation_rate(s, h_G, vapour_ice),
        strip=jnp.clip(flux / jnp.maximum(needed, 1.0), 0.0, 1.0),
    )  # fmt: skip


def warm_shedding(s: Stream) -> Scalar:
    """Part of the ice that falls off each second because the air, brought to rest, is warmer than ice can be."""
    return jnp.clip(WARM_SHEDDING * (recovery(s) - FREEZING), 0.0, WARM_SHEDDING_MOST)


def recovery(s: Stream) -> Scalar:
    """Temperature of a dry nose, K."""
    return s.temperature + RECOVERY * s.speed * s.speed * (0.5 / accretion.CP_AIR)


def hold(s: Stream, p: IceProtection) -> Scalar:
    """Stress with which ice holds, Pa."""
    return p.adhesion_factor * jnp.clip(ADHESION * (FREEZING - recovery(s)), ADHESION_LEAST, ADHESION_MOST)


def blown(coat: Coat, s: Stream, holds: Scalar) -> Scalar:
    """Part that the airstream breaks off now: thick ice that hardly holds."""
    stress = LEVER * 0.5 * s.rho * s.speed * s.speed * coat.thickness * (1.0 / BASE)
    return jnp.where(stress > holds, BLOWN, 0.0)


def advance(
    coat: Coat, growth: Growth, area: Scalar, event: Scalar, runback: Scalar, falling: Scalar, dt: Scalar
) -> tuple[Coat, Scalar]:
    """A coat after dt, and the kg it lost: grow, dry, warm, and lose what an event takes.

    Args:
        coat: the ice.
        growth: of its section.
        area: m^2 of planform.
        event: part that leaves now. A parting strip with less heat than it needs leaves bridges, so less leaves.
        runback: 0..1, part of the water that a heated strip sends aft.
        falling: 1/s, part that falls off by warmth.
        dt: s.
    """
    thickness = coat.thickness + growth.thickness * dt
    kept = dried(thickness, growth.drying * dt) * (1.0 - jnp.minimum(falling * dt, 1.0))
    left = kept * (1.0 - event)
    ridge = (coat.ridge + runback * growth.ridge * dt) * kept * (1.0 - event * (1.0 - RIDGE_KEPT))
    mass = coat.mass + (growth.mass - runback * growth.strip_vapour) * area * dt
    after = Coat(
        thickness * left, (coat.horn + growth.horn * dt) * left, (coat.drag + growth.drag * dt) * left, ridge,
        (coat.aft + growth.aft * dt) * kept, mass * left,
    )  # fmt: skip
    return after, mass * (1.0 - left)


def dried(thickness: Scalar, loss: Scalar) -> Scalar:
    """Part of a coat (m) that is left when its thickness falls by `loss` (m)."""
    left = jnp.maximum(thickness - loss, 0.0) / jnp.maximum(thickness, 1e-12)
    return jnp.where(thickness > 0.0, left, 1.0)

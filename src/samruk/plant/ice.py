"""Ice on the aircraft: how it grows, what takes it away, and what it does.

Stations: the protected zones of the left and right wing and of the tail, the unprotected rest of wing and tail, the
propeller at 0.7 of its radius, the pitot tube, and the ice detector's probe. Each grows by the heat balance at its own
stagnation line (`accretion`); what it does to the aerodynamics is collected on the way, because ice that grew at one
freezing fraction keeps its shape when the air changes.

Everything that is frozen on and everything that leaves is summed, so `collected - shed` is the ice aboard.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from samruk import earth
from samruk.aircraft import Aerodynamics, Aircraft
from samruk.lazy import jnp
from samruk.plant import accretion
from samruk.plant.accretion import FREEZING, GLAZE, Stream
from samruk.tables import to_float, to_int
from samruk.weather.air import Air
from samruk.weather.atmosphere import vapour_pressure_ice
from samruk.words import wide

Scalar = Any

TAIL_THICKNESS, TAIL_NOSE_RADIUS = 0.12, 0.0158
"""Of the tail's section over its chord: NACA 0012, taken for all aircraft."""
BLADE_CHORD, BLADE_THICKNESS, BLADE_NOSE_RADIUS = 0.07, 0.12, 0.0158
"""Blade chord at 0.7 radius over the propeller's diameter; section as NACA 0012 (estimated)."""
BLADE_STATION = 0.7
"""Part of the radius that stands for the blade."""
BLADE_LOSS, BLADE_SCALE = 0.20, 1.5e-3
"""Most of the thrust that blade ice takes, and the height of ice that trips the flow, m, at which 63 % of that is lost.
Flight tests: 10 % as a rule, 15 to 20 % at worst (NACA TN-1598, recalled)."""
BLADE_RESIDUE = 0.2
"""Part of the blade ice that stays when it is thrown off (estimated)."""
ADHESION, ADHESION_LEAST, ADHESION_MOST = 0.03e6, 0.01e6, 0.5e6
"""Pa per K below freezing, and limits, of the strength with which ice holds to a blade (recalled, unverified)."""
BLADE_HEAT_TIME = 20.0
"""s in which a heated blade frees itself (estimated)."""
PROBE_DIAMETER = 6.35e-3
"""m, vibrating-rod ice detector."""
SIGNAL_TIME = 60.0
"""s that the detector goes on reporting after its probe is clear again."""
PITOT_CLEARING = 30.0
"""s in which heat opens a closed pitot port (estimated)."""
WARM_SHEDDING = 1.0 / 300.0
"""1/(s K): part of the ice that falls off per second and kelvin of recovery temperature above freezing (estimated)."""
WARM_SHEDDING_MOST = 1.0 / 20.0
"""1/s."""
STRIP_WIDTH, RIDGE_WIDTH = 0.018, 0.020
"""m, heated parting strip, and the runback ice behind the heated zones (estimated)."""
STRIP_SURFACE = FREEZING + 2.0
"""K, wanted at the parting strip."""
STRIP_EVAPORATION = 0.4
"""Part of the strip's water that evaporates: 30 to 49 % computed for flight at 55 m/s."""
RIDGE_KEPT = 0.5
"""Part of the runback ridge that stays after a cycle (estimated)."""
FROST_DENSITY = 200.0
"""kg/m^3, hoar frost (estimated)."""
FROST_FULL = 0.5e-3
"""m of frost at which its whole effect is there (estimated)."""


@dataclass(frozen=True)
class Protection:
    """Part of each zone's protection that works now, 0..1."""

    wing_left: Scalar = 0.0
    wing_right: Scalar = 0.0
    tail: Scalar = 0.0
    propeller: Scalar = 0.0
    pitot: Scalar = 0.0


@dataclass(frozen=True)
class Coat:
    """Ice on a lifting surface, seen per section."""

    thickness: Scalar = wide(0.0)
    """m, at the stagnation line."""
    horn: Scalar = wide(0.0)
    """m, height that trips the flow."""
    drag: Scalar = wide(0.0)
    """Rise of the section's drag coefficient."""
    ridge: Scalar = wide(0.0)
    """m, refrozen runback behind the heated zone."""
    mass: Scalar = wide(0.0)
    """kg on the whole zone."""


@dataclass(frozen=True)
class Ice:
    """Ice of the whole aircraft."""

    wing_left: Coat = field(default_factory=Coat)
    """Protected zone of the left wing."""
    wing_right: Coat = field(default_factory=Coat)
    """Protected zone of the right wing."""
    wing_bare: Coat = field(default_factory=Coat)
    """Unprotected rest of both wings."""
    tail: Coat = field(default_factory=Coat)
    """Protected zone of the tail."""
    tail_bare: Coat = field(default_factory=Coat)
    """Unprotected rest of the tail."""
    blade: Coat = field(default_factory=Coat)
    """Propeller blades at 0.7 radius; mass on all of them."""
    stores: Coat = field(default_factory=Coat)
    """Noses of what hangs outside."""
    frost: Scalar = wide(0.0)
    """m of frost on the wing's upper side."""
    pitot: Scalar = wide(0.0)
    """0..1, part of the pitot port that is closed."""
    probe: Scalar = wide(0.0)
    """m of ice on the detector's probe."""
    probe_armed: Scalar = wide(0.0)
    """s since the probe was last clear."""
    probe_heating: Scalar = 0.0
    """s of probe heating that are left."""
    probe_signal: Scalar = 0.0
    """s for which the detector will go on reporting ice."""
    probe_rate: Scalar = 0.0
    """m/s, growth that the detector found at its last trip."""
    cycle: Scalar = wide(0.0)
    """s since the protection's cycle began."""
    collected: Scalar = wide(0.0)
    """kg of ice grown so far on wing, tail, propeller and stores."""
    shed: Scalar = wide(0.0)
    """kg of it that is gone: thrown off, melted, sublimated."""


@dataclass(frozen=True)
class IceEffects:
    """What the ice does now: factors on and additions to the clean aircraft."""

    C_L_factor: Scalar = 1.0
    """On the lift slope."""
    C_L_max_factor: Scalar = 1.0
    """On the largest lift."""
    C_D_added: Scalar = 0.0
    """Drag coefficient, on the wing area."""
    C_m_added: Scalar = 0.0
    """Pitching moment, nose down negative."""
    roll_added: Scalar = 0.0
    """Rolling moment C_l from unequal halves, positive to the right."""
    control_factor: Scalar = 1.0
    """On the effect of elevator, aileron and rudder."""
    damping_factor: Scalar = 1.0
    """On C_l_p, C_m_q and C_n_r."""
    thrust_factor: Scalar = 1.0
    """On the propeller's thrust at given shaft power."""
    pitot_blockage: Scalar = 0.0
    """0..1, part of the pitot port that is closed."""
    mass: Scalar = 0.0
    """kg of ice and frost aboard."""


def initial(frost: Scalar = 0.0) -> Ice:
    """A clean aircraft, or one with a coat of frost (m) on its wing."""
    return Ice(frost=frost)


def detection(ice: Ice) -> tuple[Scalar, Scalar]:
    """What the detector says: 1 while it reports ice, and the rate it found, m/s (0 when it reports none)."""
    reporting = ice.probe_signal > 0.0
    return to_int(reporting), jnp.where(reporting, ice.probe_rate, 0.0)


def carried(ice: Ice) -> Scalar:
    """Ice on wing, tail, propeller and stores, kg: what was collected less what was shed."""
    coats = (ice.wing_left, ice.wing_right, ice.wing_bare, ice.tail, ice.tail_bare, ice.stores)
    return sum((coat.mass for coat in coats), ice.blade.mass)


# One slow tick --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Growth:
    """What a section gains each second."""

    thickness: Scalar
    horn: Scalar
    drag: Scalar
    ridge: Scalar
    mass: Scalar
    """kg/(s m^2) of planform."""
    drying: Scalar
    """m/s lost to dry air."""
    strip: Scalar
    """Part of the heat that a parting strip needs and can have, 0..1."""


def slow(
    ice: Ice,
    air: Air,
    Va: Scalar,
    rho: Scalar,
    alpha: Scalar,
    on: Protection,
    propeller_speed: Scalar,
    aircraft: Aircraft,
    dt: Scalar,
) -> Ice:
    """The ice after dt seconds (1 s is meant; below a tenth of the protection's cycle).

    Args:
        ice: the state.
        air: temperature, cloud water and drops, humidity.
        Va: m/s, true airspeed.
        rho: kg/m^3.
        alpha: rad, angle of attack.
        on: part of each zone's protection that works.
        propeller_speed: rad/s.
        aircraft: its geometry and protection.
        dt: s.
    """
    speed = jnp.maximum(Va, 1.0)
    pressure = rho * earth.GAS_CONSTANT * air.temperature
    s = accretion.stream(air.temperature, pressure, speed, air.cloud_water, air.cloud_drop, air.humidity)
    vapour_ice = vapour_pressure_ice(air.temperature)
    ice = _surfaces(ice, s, vapour_ice, alpha, on, aircraft, dt)
    ice = _propeller(ice, s, vapour_ice, on.propeller, propeller_speed, aircraft, dt)
    ice = _stores(ice, s, vapour_ice, aircraft, dt)
    return _probes(ice, s, on.pitot, aircraft, dt)


def _section(
    s: Stream, vapour_ice: Scalar, chord: Scalar, thickness: Scalar, nose_radius: Scalar, alpha: Scalar, flux: Scalar
) -> _Growth:
    """Growth on a section: chord m; thickness and nose radius over chord; alpha rad; strip heat flux W/m^2."""
    diameter = 2.0 * nose_radius * chord
    K0 = accretion.modified_inertia(s, diameter)
    beta0 = accretion.stagnation_collection(K0)
    h_c = accretion.heat_transfer(s, diameter)
    h_G = accretion.mass_transfer(s, h_c)
    n0 = accretion.freezing_fraction(s, beta0, h_c, h_G)
    n = jnp.clip(n0, 0.0, 1.0)
    caught = s.water * s.speed * beta0
    growth = n * caught / accretion.ice_density(s, n0)
    frozen = accretion.whole_fraction(n)
    tilt = 0.75 * alpha / thickness
    height = thickness * jnp.sqrt(1.0 + tilt * tilt)
    needed = accretion.heat_to_run_wet(s, beta0, h_c, h_G, STRIP_SURFACE)
    strip = jnp.clip(flux / jnp.maximum(needed, 1.0), 0.0, 1.0)
    return _Growth(
        thickness=growth,
        horn=growth * accretion.horn_part(n),
        drag=accretion.section_drag_rate(s, K0, n, chord),
        ridge=frozen * (1.0 - n) * caught * (STRIP_WIDTH * (1.0 - STRIP_EVAPORATION) / (RIDGE_WIDTH * GLAZE)),
        mass=accretion.total_catch(K0, 2.0 * nose_radius / thickness) * height * s.water * s.speed * frozen,
        drying=accretion.sublimation_rate(s, h_G, vapour_ice),
        strip=strip,
    )


def _surfaces(
    ice: Ice, s: Stream, vapour_ice: Scalar, alpha: Scalar, on: Protection, aircraft: Aircraft, dt: Scalar
) -> Ice:
    """Wing and tail after dt: growth, drying, warming, and the protection's cycle."""
    g, p = aircraft.geometry, aircraft.ice
    wing = _section(s, vapour_ice, g.chord, g.wing_thickness, g.nose_radius, alpha, p.wing_strip_flux)
    tail = _section(s, vapour_ice, g.tail_chord, TAIL_THICKNESS, TAIL_NOSE_RADIUS, 0.0 * alpha, p.wing_strip_flux)
    falling = _warm_shedding(s)
    running = to_float(on.wing_left + on.wing_right + on.tail > 0.0)
    cycle = ice.cycle + running * dt
    half, covered = 0.5 * g.wing_area * p.wing_coverage, g.tail_area * p.wing_coverage

    def zone(coat: Coat, growth: _Growth, area: Scalar, part: float, works: Scalar) -> tuple[Coat, Scalar]:
        fires = works * to_float((ice.cycle < part * p.wing_cycle) & (cycle >= part * p.wing_cycle))
        event = fires * growth.strip * (1.0 - p.wing_residual)
        return _advance(coat, growth, area, event, works * growth.strip, falling, dt)

    def bare(coat: Coat, growth: _Growth, area: Scalar) -> tuple[Coat, Scalar]:
        return _advance(coat, growth, area, 0.0 * running, 0.0 * running, falling, dt)

    left, shed_left = zone(ice.wing_left, wing, half, 1.0 / 3.0, on.wing_left)
    right, shed_right = zone(ice.wing_right, wing, half, 2.0 / 3.0, on.wing_right)
    aft, shed_tail = zone(ice.tail, tail, covered, 1.0, on.tail)
    rest, shed_rest = bare(ice.wing_bare, wing, g.wing_area - 2.0 * half)
    aft_rest, shed_aft_rest = bare(ice.tail_bare, tail, g.tail_area - covered)
    gained = dt * (wing.mass * g.wing_area + tail.mass * g.tail_area)
    frost = jnp.maximum(ice.frost - wing.drying * (GLAZE / FROST_DENSITY) * dt, 0.0) * (1.0 - falling * dt)
    return replace(
        ice, wing_left=left, wing_right=right, wing_bare=rest, tail=aft, tail_bare=aft_rest, frost=frost,
        cycle=jnp.where(cycle >= p.wing_cycle, 0.0, cycle), collected=ice.collected + gained,
        shed=ice.shed + (shed_left + shed_right + shed_tail + shed_rest + shed_aft_rest),
    )  # fmt: skip


def _warm_shedding(s: Stream) -> Scalar:
    """Part of the ice that falls off each second because the air, brought to rest, is warmer than ice can be."""
    recovery = s.temperature + 0.85 * s.speed * s.speed * (0.5 / accretion.CP_AIR)
    return jnp.clip(WARM_SHEDDING * (recovery - FREEZING), 0.0, WARM_SHEDDING_MOST)


def _advance(
    coat: Coat, growth: _Growth, area: Scalar, event: Scalar, runback: Scalar, falling: Scalar, dt: Scalar
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
    kept = _dried(thickness, growth.drying * dt) * (1.0 - jnp.minimum(falling * dt, 1.0))
    left = kept * (1.0 - event)
    ridge = (coat.ridge + runback * growth.ridge * dt) * kept * (1.0 - event * (1.0 - RIDGE_KEPT))
    mass = coat.mass + growth.mass * area * dt
    after = Coat(
        thickness * left,
        (coat.horn + growth.horn * dt) * left,
        (coat.drag + growth.drag * dt) * left,
        ridge,
        mass * left,
    )
    return after, mass * (1.0 - left)


def _dried(thickness: Scalar, loss: Scalar) -> Scalar:
    """Part of a coat (m) that is left when its thickness falls by `loss` (m)."""
    left = jnp.maximum(thickness - loss, 0.0) / jnp.maximum(thickness, 1e-12)
    return jnp.where(thickness > 0.0, left, 1.0)


def _propeller(
    ice: Ice, s: Stream, vapour_ice: Scalar, on: Scalar, propeller_speed: Scalar, aircraft: Aircraft, dt: Scalar
) -> Ice:
    """Blade ice after dt: growth at 0.7 radius, drying, warming, heat, and throwing off.

    Ice leaves when the centrifugal stress rho t Omega^2 r at its foot exceeds its hold on the blade, on all blades at
    once; that one blade sheds before the others, and the shaking from it, is not modelled.
    """
    diameter = aircraft.propeller.diameter
    radius, chord = 0.5 * BLADE_STATION * diameter, BLADE_CHORD * diameter
    around = propeller_speed * radius
    blade_speed = jnp.sqrt(s.speed * s.speed + around * around)
    w = Stream(s.temperature, s.pressure, blade_speed, s.water, s.drop, s.vapour, s.viscosity, s.rho)
    growth = _section(w, vapour_ice, chord, BLADE_THICKNESS, BLADE_NOSE_RADIUS, 0.0 * around, 0.0 * around)
    wet = 1.0 - 0.9 * on
    growth = replace(
        growth, thickness=wet * growth.thickness, horn=wet * growth.horn, drag=0.0 * wet, mass=wet * growth.mass
    )
    area = aircraft.propeller.blades * chord * 0.4 * diameter
    recovery = s.temperature + 0.85 * blade_speed * blade_speed * (0.5 / accretion.CP_AIR)
    hold = jnp.clip(ADHESION * (FREEZING - recovery), ADHESION_LEAST, ADHESION_MOST)
    thrown = to_float(GLAZE * ice.blade.thickness * around * propeller_speed > hold)
    falling = _warm_shedding(w) + on * (1.0 / BLADE_HEAT_TIME)
    blade, lost = _advance(ice.blade, growth, area, thrown * (1.0 - BLADE_RESIDUE), 0.0 * on, falling, dt)
    return replace(ice, blade=blade, collected=ice.collected + growth.mass * area * dt, shed=ice.shed + lost)


def _stores(ice: Ice, s: Stream, vapour_ice: Scalar, aircraft: Aircraft, dt: Scalar) -> Ice:
    """Noses of the stores after dt: each a cylinder of the mean diameter across the stream, on the frontal area.

    A round nose catches up to a third more than a cylinder of its diameter at the same inertia (spheres against
    cylinders, Langmuir & Blodgett, recalled): within what cloud water is known to. Nothing heats them.
    """
    around = 0.0 * s.speed
    growth = _section(s, vapour_ice, aircraft.stores.diameter, 1.0, 0.5, around, around)
    coat, lost = _advance(ice.stores, growth, aircraft.stores.front, around, around, _warm_shedding(s), dt)
    return replace(ice, stores=coat, collected=ice.collected + growth.mass * aircraft.stores.front * dt,
                   shed=ice.shed + lost)  # fmt: skip


def _cylinder(s: Stream, diameter: Scalar) -> Scalar:
    """Growth of ice at the stagnation line of a cylinder across the stream, m/s; diameter in m."""
    beta0 = accretion.stagnation_collection(accretion.modified_inertia(s, 0.5 * diameter))
    h_c = accretion.heat_transfer(s, diameter)
    n0 = accretion.freezing_fraction(s, beta0, h_c, accretion.mass_transfer(s, h_c))
    return jnp.clip(n0, 0.0, 1.0) * s.water * s.speed * beta0 / accretion.ice_density(s, n0)


def _probes(ice: Ice, s: Stream, heated: Scalar, aircraft: Aircraft, dt: Scalar) -> Ice:
    """Pitot port and ice detector after dt.

    The port closes from its rim: part closed grows by 2 d_ice/d_port. The detector trips at its threshold, heats its
    probe clear, and reports from the trip until `SIGNAL_TIME` after the reset.
    """
    p = aircraft.ice
    falling = _warm_shedding(s)
    closing = (1.0 - heated) * 2.0 * _cylinder(s, p.pitot_diameter) / p.pitot_port
    opening = heated * (1.0 / PITOT_CLEARING) + falling
    pitot = jnp.clip(ice.pitot + dt * (closing - opening), 0.0, 1.0)
    heating = ice.probe_heating > 0.0
    grown = (ice.probe + dt * _cylinder(s, 0.0 * heated + PROBE_DIAMETER)) * (1.0 - falling * dt)
    probe, armed = jnp.where(heating, 0.0, grown), jnp.where(heating, 0.0, ice.probe_armed + dt)
    trips = probe >= p.detector_threshold
    return replace(
        ice, pitot=pitot, probe=probe, probe_armed=armed,
        probe_heating=jnp.where(trips, p.detector_reset, jnp.maximum(ice.probe_heating - dt, 0.0)),
        probe_signal=jnp.where(trips, p.detector_reset + SIGNAL_TIME, jnp.maximum(ice.probe_signal - dt, 0.0)),
        probe_rate=jnp.where(trips, p.detector_threshold / jnp.maximum(armed, dt), ice.probe_rate),
    )  # fmt: skip


# Effects --------------------------------------------------------------------------------------------------------------

REFERENCE_SEVERITY, REFERENCE_DRAG = 0.08, 0.021
"""Severity eta of the iced Twin Otter in Bragg's method, and the rise of drag that goes with it (recalled)."""
ROUGHNESS_DRAG, ROUGHNESS_SCALE = 0.25, 0.3e-3
"""Part of the section's clean drag that any rough ice adds by early transition, and the thickness, m, at which 63 % of
it is there (estimated). The runs of TM-83556 are fitted equally well with 0 to 25 %; NACA TN-3564 has 38 to 67 % for
0.7 kg/m of rime on a section 2.2 m long, where the shape adds only a few percent."""
STORE_DRAG = 4.0
"""Rise of a store's drag per ice thickness over diameter: its front grows by that (shape unchanged)."""
RIDGE_DRAG = 2.5
"""Section drag per height over chord of a runback ridge (estimated: a fence in 1.5 times the dynamic pressure)."""


def effects(ice: Ice, aircraft: Aircraft) -> IceEffects:
    """What the ice does to the aircraft.

    Drag: sections averaged over the span. Largest lift: horn and ridge heights (NACA TR-446). Lift slope, controls,
    damping, pitch: Bragg's form C_iced = (1 + eta k) C with the Twin Otter's k (AIAA 2000-0360, recalled), the severity
    eta taken from the drag rise of wing and tail, bending off above 0.1 as in the UIUC model.
    """
    g, p, a = aircraft.geometry, aircraft.ice, aircraft.aero
    cover = p.wing_coverage
    bare, bare_tail = _drag(ice.wing_bare, g.chord, a), _drag(ice.tail_bare, g.tail_chord, a)
    left, right = (bare + cover * (_drag(coat, g.chord, a) - bare) for coat in (ice.wing_left, ice.wing_right))
    tail = bare_tail + cover * (_drag(ice.tail, g.tail_chord, a) - bare_tail)
    e_left, e_right, e_tail = _severity(left), _severity(right), _severity(tail)
    e_wing = 0.5 * (e_left + e_right)
    frost = jnp.clip(ice.frost * (1.0 / FROST_FULL), 0.0, 1.0)
    coats = (ice.wing_left, ice.wing_right, ice.wing_bare)
    loss_left, loss_right, loss_bare = (_lift_loss(coat, g.chord) for coat in coats)
    lift_loss = cover * 0.5 * (loss_left + loss_right) + (1.0 - cover) * loss_bare
    surfaces = (1.0 / REFERENCE_SEVERITY) * 0.5 * (e_wing + e_tail)
    return IceEffects(
        C_L_factor=(1.0 - 0.10 / REFERENCE_SEVERITY * e_wing) * (1.0 - 0.05 * frost),
        C_L_max_factor=(1.0 - lift_loss) * (1.0 - 0.25 * frost),
        C_D_added=0.5 * (left + right) + tail * g.tail_area / g.wing_area + 0.4 * a.C_D_profile_wing * frost
        + aircraft.stores.C_D * STORE_DRAG * ice.stores.thickness / aircraft.stores.diameter,
        C_m_added=-0.01892 / REFERENCE_SEVERITY * (0.75 * e_wing + 0.25 * e_tail) - 0.014928 / 0.20 * e_tail,
        roll_added=0.159 * (e_right - e_left),
        control_factor=1.0 - 0.095 * surfaces,
        damping_factor=1.0 - 0.065 * surfaces,
        thrust_factor=1.0 - BLADE_LOSS * (1.0 - jnp.exp(-ice.blade.horn * (1.0 / BLADE_SCALE))),
        pitot_blockage=ice.pitot,
        mass=carried(ice) + FROST_DENSITY * ice.frost * g.wing_area,
    )


def _drag(coat: Coat, chord: Scalar, aero: Aerodynamics) -> Scalar:
    """Rise of a section's drag: what the ice's shape adds, its ridge, and the loss of laminar flow to its roughness."""
    rough = ROUGHNESS_DRAG * aero.C_D_profile_wing * (1.0 - jnp.exp(-coat.thickness * (1.0 / ROUGHNESS_SCALE)))
    return coat.drag + RIDGE_DRAG * coat.ridge / chord + rough


def _severity(drag: Scalar) -> Scalar:
    """Bragg's eta from a rise of section drag, bent off above 0.1 towards 0.3 (UIUC Twin Otter model)."""
    eta = REFERENCE_SEVERITY / REFERENCE_DRAG * drag
    return jnp.where(eta > 0.1, 0.3 - 0.3297 * jnp.exp(-5.0 * eta), eta)


def _lift_loss(coat: Coat, chord: Scalar) -> Scalar:
    """Part of C_L_max that ice takes from a section.

    At the leading edge k = 0.263 (h/c / 0.001)^0.2, fading below h/c = 2e-4 and held at 0.55; behind the heated zone,
    at 8 % chord, 1 - exp(-0.115 (h/c / 0.001)^0.82). Our fits to NACA TR-446 (NACA 0012, ridges 0.001 to 0.0125 chord
    high; 8 % between its stations 5 and 15 %): the first within 0.05, the second within 0.03.
    """
    horn, ridge = coat.horn * 1e3 / chord, coat.ridge * 1e3 / chord
    edge = 0.263 * accretion.raised(horn, 0.2) * (1.0 - jnp.exp(-5.0 * horn))
    aft = 1.0 - jnp.exp(-0.115 * accretion.raised(ridge, 0.82))
    return 1.0 - (1.0 - jnp.minimum(edge, 0.55)) * (1.0 - aft)

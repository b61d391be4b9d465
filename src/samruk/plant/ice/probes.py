"""Ice on what measures, breathes, sees and speaks: pitot, static port, detector, intake, window, antenna."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samruk.aircraft import Aircraft
from samruk.aircraft.parts import IceProtection
from samruk.lazy import jnp
from samruk.plant import accretion
from samruk.plant.accretion import Stream
from samruk.plant.ice.growth import warm_shedding
from samruk.plant.ice.state import Ice, Ports, Probe, Protection

Scalar = Any

PROBE_DIAMETER = 6.35e-3
"""m, vibrating-rod ice detector."""
SIGNAL_TIME = 60.0
"""s that the detector goes on reporting after its probe is clear again."""
CLEARING = 30.0
"""s in which heat opens a closed port (estimated)."""
DRAIN_PART = 0.25
"""How fast runback closes the pitot's drain over how fast drops close its port (estimated)."""
LARGE_DROP = 50e-6
"""m: drops above it strike where cloud drops do not, on fuselage sides with static ports."""
STATIC_TIME = 600.0
"""s in which large drops at 0.3 g/m^3 close an unheated flush port (estimated)."""
DRAIN, LEAK = 0.02, 1e-5
"""Conductance of the pitot's drain over that of its open port (estimated), and that below which a line is shut."""
WIRE, MESH, SUCTION = 1.5e-3, 6e-3, 0.5
"""m, wire and opening of the intake's screen; speed in it over airspeed (estimated)."""
RADOME, TURRET = 0.20, 0.40
"""m, diameters of the antenna's cover and of the camera's ball (estimated)."""
FACING = 0.3
"""Part of the time that the window looks where the camera's ball ices (estimated)."""
WINDOW_FREED = 60.0
"""s in which heat frees the window (estimated)."""


def _cylinder(s: Stream, diameter: Scalar) -> tuple[Scalar, Scalar]:
    """Growth of ice at the stagnation line of a cylinder across the stream, m/s, and its freezing fraction 0..1."""
    beta0 = accretion.stagnation_collection(accretion.modified_inertia(s, 0.5 * diameter))
    h_c = accretion.heat_transfer(s, diameter)
    n0 = accretion.freezing_fraction(s, beta0, h_c, accretion.mass_transfer(s, h_c))
    n = jnp.clip(n0, 0.0, 1.0)
    return n * s.water * s.speed * beta0 / accretion.ice_density(s, n0), n


def after(ice: Ice, s: Stream, on: Protection, static_pressure: Scalar, aircraft: Aircraft, dt: Scalar) -> Ice:
    """All of them after dt."""
    ports = _ports(ice.ports, s, on, static_pressure, aircraft.ice, dt)
    probe = _probe(ice.probe, s, aircraft.ice, dt)
    return replace(_covers(ice, s, on.window, dt), ports=ports, probe=probe)


def _ports(
    ports: Ports, s: Stream, on: Protection, static_pressure: Scalar, p: IceProtection, dt: Scalar
) -> Ports:
    """Ports and intake after dt.

    A port closes from its rim: part closed grows by 2 d_ice/d_port. The drain looks down: what closes it is water that
    runs back and freezes. Static ports lie flush, where only large drops strike.
    """
    falling = warm_shedding(s)
    tube, n = _cylinder(s, p.pitot_diameter)
    closing = (1.0 - on.pitot) * 2.0 * tube / p.pitot_port
    opening = on.pitot * (1.0 / CLEARING) + falling
    large = jnp.where(s.drop > LARGE_DROP, 1.0, 0.0)
    flush = (1.0 - on.pitot) * large * s.water * (1.0 / (0.3e-3 * STATIC_TIME)) * jnp.where(n > 0.0, 1.0, 0.0)
    wire, _ = _cylinder(replace(s, speed=SUCTION * s.speed), 0.0 * s.speed + WIRE)
    screen = 2.0 * (1.0 - on.intake) * wire * (1.0 / MESH)
    pitot = jnp.clip(ports.pitot + dt * (closing - opening), 0.0, 1.0)
    drain = jnp.clip(ports.drain + dt * (DRAIN_PART * (1.0 - n) * closing - opening), 0.0, 1.0)
    static = jnp.clip(ports.static + dt * (flush - opening), 0.0, 1.0)
    intake = jnp.clip(ports.intake + dt * (screen - on.intake * (1.0 / CLEARING) - falling), 0.0, 1.0)
    over = (1.0 + DRAIN) * 0.5 * s.rho * s.speed * s.speed
    line = static_pressure + pitot_line(over, ports.total_pressure - static_pressure, pitot, drain)
    kept = static_line(static_pressure, ports.static_pressure, static)
    return Ports(pitot, drain, static, intake, line, kept)


def pitot_line(over: Scalar, kept: Scalar, port: Scalar, drain: Scalar) -> Scalar:
    """Pressure in the pitot line over that of the air, Pa: the port lets in, the drain lets out, both laminar.

    Closing a hole by a part x leaves (1 - x)^2 of its conductance. With the port closed the line falls to static
    pressure through the drain; with both closed it keeps its pressure, and airspeed reads as an altimeter does.

    Args:
        over: Pa, of the air brought to rest, over static pressure.
        kept: Pa, what the line held before, over static pressure.
        port: 0..1, part closed.
        drain: 0..1, part closed.
    """
    of_port, of_drain = (1.0 - port) * (1.0 - port), DRAIN * (1.0 - drain) * (1.0 - drain)
    leak = jnp.where(of_port + of_drain < LEAK, LEAK, 0.0)
    return (of_port * over + leak * kept) / (of_port + of_drain + leak)


def static_line(static: Scalar, kept: Scalar, port: Scalar) -> Scalar:
    """Pressure in the static line, Pa: it keeps what it had when the port closes."""
    closed = jnp.clip((port - 0.98) * 50.0, 0.0, 1.0)
    return static + closed * (kept - static)


def _probe(probe: Probe, s: Stream, p: IceProtection, dt: Scalar) -> Probe:
    """The detector after dt: it trips at its threshold, heats its rod clear, and reports until `SIGNAL_TIME` later."""
    heating = probe.heating > 0.0
    rate, _ = _cylinder(s, 0.0 * s.speed + PROBE_DIAMETER)
    grown = (probe.ice + dt * rate) * (1.0 - warm_shedding(s) * dt)
    coat, armed = jnp.where(heating, 0.0, grown), jnp.where(heating, 0.0, probe.armed + dt)
    trips = coat >= p.detector_threshold
    return Probe(
        coat, armed,
        jnp.where(trips, p.detector_reset, jnp.maximum(probe.heating - dt, 0.0)),
        jnp.where(trips, p.detector_reset + SIGNAL_TIME, jnp.maximum(probe.signal - dt, 0.0)),
        jnp.where(trips, p.detector_threshold / jnp.maximum(armed, dt), probe.rate),
    )  # fmt: skip


def _covers(ice: Ice, s: Stream, heated: Scalar, dt: Scalar) -> Ice:
    """The antenna's cover and the camera's window after dt."""
    falling = 1.0 - jnp.minimum(warm_shedding(s) * dt, 1.0)
    cover, n = _cylinder(s, 0.0 * s.speed + RADOME)
    pane, _ = _cylinder(s, 0.0 * s.speed + TURRET)
    wet = jnp.where((s.water > 1e-6) | (s.temperature > accretion.FREEZING), 1.0 - n, 0.0)
    freed = 1.0 - jnp.minimum(heated * dt * (1.0 / WINDOW_FREED), 1.0)
    return replace(
        ice, radome=(ice.radome + cover * dt) * falling, wetness=wet,
        window=(ice.window + (1.0 - heated) * FACING * pane * dt) * falling * freed,
    )  # fmt: skip

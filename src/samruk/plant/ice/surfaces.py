"""Ice on wing, tail and stores: growth by zone, and the three kinds of protection."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from samruk.aircraft import Aircraft
from samruk.aircraft.parts import IceProtection
from samruk.lazy import jnp
from samruk.plant.accretion import Stream
from samruk.plant.ice.growth import Growth, Shape, advance, blown, hold, section, warm_shedding
from samruk.plant.ice.state import BOOTS, ELECTROTHERMAL, Books, Coat, Ice, Protection
from samruk.tables import to_float

Scalar = Any

TAIL_THICKNESS, TAIL_NOSE_RADIUS = 0.12, 0.0158
"""Of the tail's section over its chord: NACA 0012, taken for all aircraft."""
BOOT_TIME = 6.0
"""s for which a boot stands up (NACA TN-3564)."""
BOOT_COLDEST = 233.15
"""K, -40 C: below it the rubber is stiff and boots are not used (recalled, unverified)."""
BOOT_THIN, BOOT_THICK = 0.3, 1.0
"""Ice over the least thickness that a boot breaks: at or below the first nothing leaves, from the second on all does
that ever does (estimated)."""


@dataclass(frozen=True)
class _Zone:
    """How the protection of one zone works this second."""

    event: Scalar
    """Part of the ice that leaves."""
    runback: Scalar
    """Part of a heated strip's water that goes aft."""


def booked(
    books: Books, growth: Growth, area: Scalar, runback: Scalar, lost: Scalar, dt: Scalar, frozen: Scalar = 1.0
) -> Books:
    """The books after a zone's dt: `frozen` is the part of the freezing water that protection lets freeze."""
    vapour = runback * growth.strip_vapour
    collected = frozen * growth.mass - vapour
    evaporated = growth.evaporated + vapour
    step = area * dt
    return Books(
        books.caught + growth.caught * step,
        books.evaporated + evaporated * step,
        books.run_off + jnp.maximum(growth.caught - collected - evaporated, 0.0) * step,
        books.collected + collected * step,
        books.shed + lost,
    )


def after(
    ice: Ice, s: Stream, vapour_ice: Scalar, alpha: Scalar, on: Protection, aircraft: Aircraft, dt: Scalar
) -> Ice:
    """Wing and tail after dt: growth, drying, warming, breaking off, and the protection's cycle."""
    g, p = aircraft.geometry, aircraft.ice
    inner, outer, tail = (
        section(s, vapour_ice, shape, tilt, p.wing_strip_flux, p)
        for shape, tilt in (
            (Shape((2.0 - p.tip_chord) * g.chord, g.wing_thickness, g.nose_radius), alpha),
            (Shape(p.tip_chord * g.chord, g.wing_thickness, g.nose_radius), alpha),
            (Shape(g.tail_chord, TAIL_THICKNESS, TAIL_NOSE_RADIUS), 0.0 * alpha),
        )
    )
    quarter, covered = 0.25 * g.wing_area * p.wing_coverage, g.tail_area * p.wing_coverage
    running = to_float(on.wing_left + on.wing_right + on.tail > 0.0)
    cycle = ice.cycle + running * dt
    heated = to_float(p.wing_kind == ELECTROTHERMAL)
    boots = to_float(p.wing_kind == BOOTS)
    right_part = 2.0 / 3.0 - boots * (1.0 / 3.0)  # boots of both halves stand up together
    holds, falling, books = hold(s, p), warm_shedding(s), ice.books

    def worked(coat: Coat, growth: Growth, part: Scalar, works: Scalar) -> _Zone:
        at = part * p.wing_cycle
        fires = works * to_float((ice.cycle < at) & (cycle >= at))
        breaks = heated * growth.strip + boots * _boot(coat, s, p)
        return _Zone(fires * breaks * (1.0 - p.wing_residual), works * heated * growth.strip)

    def zone(coat: Coat, growth: Growth, area: Scalar, part: Scalar, works: Scalar) -> Coat:
        nonlocal books
        by = worked(coat, growth, part, works)
        event = jnp.maximum(by.event, blown(coat, s, holds))
        grown, lost = advance(coat, growth, area, event, by.runback, falling, dt)
        books = booked(books, growth, area, by.runback, lost, dt)
        return grown

    inside, outside, none = quarter * (2.0 - p.tip_chord), quarter * p.tip_chord, 0.0 * running
    grown = replace(
        ice,
        wing_left=zone(ice.wing_left, inner, inside, 1.0 / 3.0, on.wing_left),
        tip_left=zone(ice.tip_left, outer, outside, 1.0 / 3.0, on.wing_left),
        wing_right=zone(ice.wing_right, inner, inside, right_part, on.wing_right),
        tip_right=zone(ice.tip_right, outer, outside, right_part, on.wing_right),
        tail=zone(ice.tail, tail, covered, 1.0, on.tail),
        wing_bare=zone(ice.wing_bare, outer, g.wing_area - 4.0 * quarter, 1.0, none),
        tail_bare=zone(ice.tail_bare, tail, g.tail_area - covered, 1.0, none),
    )

    def stands(part: Scalar, works: Scalar) -> Scalar:
        since = cycle - part * p.wing_cycle
        since = jnp.where(since < 0.0, since + p.wing_cycle, since)
        begun = (ice.cycle > 0.0) | (cycle >= part * p.wing_cycle)
        return boots * works * to_float((since < BOOT_TIME) & begun)

    return replace(
        grown, books=books, cycle=jnp.where(cycle >= p.wing_cycle, 0.0, cycle),
        inflated_left=stands(1.0 / 3.0, on.wing_left), inflated_right=stands(right_part, on.wing_right),
        inflated_tail=stands(1.0, on.tail),
    )  # fmt: skip


def _boot(coat: Coat, s: Stream, p: IceProtection) -> Scalar:
    """Part of what a boot can take off that it takes off now: nothing of thin ice, nothing in great cold."""
    thick = jnp.clip((coat.thickness / p.boot_least - BOOT_THIN) * (1.0 / (BOOT_THICK - BOOT_THIN)), 0.0, 1.0)
    return jnp.where(s.temperature > BOOT_COLDEST, thick, 0.0)


def stores(ice: Ice, s: Stream, vapour_ice: Scalar, aircraft: Aircraft, dt: Scalar) -> Ice:
    """Noses of the stores after dt: each a cylinder of the mean diameter across the stream, on the frontal area.

    A round nose catches up to a third more than a cylinder of its diameter at the same inertia (spheres against
    cylinders, Langmuir & Blodgett, recalled): within what cloud water is known to. Nothing heats them.
    """
    none, front = 0.0 * s.speed, aircraft.stores.front
    growth = section(s, vapour_ice, Shape(aircraft.stores.diameter, 1.0, 0.5), none, none, aircraft.ice)
    coat, lost = advance(ice.stores, growth, front, none, none, warm_shedding(s), dt)
    return replace(ice, stores=coat, books=booked(ice.books, growth, front, none, lost, dt))

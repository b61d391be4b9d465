"""Messages of samruk's own dialect that come from the aircraft's own picture (data/dialect/samruk.xml)."""

from __future__ import annotations

import math
import re
from typing import Any

from samruk.earth import GRAVITY, MEAN_RADIUS, RHO0
from samruk.messages import Mode, Reason
from samruk.mission import Runway
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.picture import Picture
from samruk.vehicle.readings import NAN, Fields, degrees_e7
from samruk.vehicle.service import Now
from samruk.vehicle.target import away, target_of

OF_THE_CREW = (Reason.NONE, Reason.CREW)
"""Reasons of a mode that somebody ordered; for any other the aircraft took it up by itself."""
SOON = (15.0, 30.0, 45.0, 60.0)
"""s ahead of the places that SAMRUK_MODE foresees."""
STEP = 2.5
"""s of one step of that foresight."""
SETTLED = 0.03
"""rad of course within which the foresight stops turning."""
NEVER = 1e6
"""kg that the fuel plan gives a field that is not there."""
COLD_BATTERY = 243.15
"""K, under which less than half of the battery's energy can be drawn."""


def mode(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SAMRUK_MODE."""
    flying = not p.landed
    target = target_of(a, p)
    soon = a.board.get("soon") or ahead(a, p)
    return {
        "time_boot_ms": now.boot_ms, "since_ms": round(1000.0 * max(now.simulated - float(p.flight.since), 0.0)),
        "commanded_at_ms": round(1000.0 * a.commanded_at),
        "target_altitude": p.aim.altitude if flying else NAN, "target_airspeed": p.aim.airspeed if flying else NAN,
        "target_heading": target.course if flying else NAN,
        "soon_lat": [degrees_e7(place[0]) for place in soon], "soon_lon": [degrees_e7(place[1]) for place in soon],
        "soon_altitude": [place[2] for place in soon], "leg": int(p.flight.leg), "mode": int(p.mode),
        "reason": int(p.reason), "next_mode": int(p.next_mode), "next_reason": int(p.next_reason),
        "commanded_by": a.commanded_by if p.reason in OF_THE_CREW else 0, "lost_link": int(p.mode == Mode.LOST_LINK),
        "gear": int(p.command.gear_down), "flap": round(100.0 * p.command.delta_f),
    }  # fmt: skip


def ahead(a: Aircraft, p: Picture) -> list[tuple[float, float, float]]:
    """Where the aircraft will be in the next minute: it turns as it turns now until it points to where it is going (a
    circle goes on), and climbs as it climbs now until it is at the height it aims at."""
    e, target = p.estimate, target_of(a, p)
    speed = p.ground_speed
    latitude, longitude, altitude, course = e.latitude, e.longitude, e.altitude_msl, p.course
    rate = GRAVITY * math.tan(e.phi) / max(speed, 20.0) if not p.landed else 0.0
    circles = p.mode in (Mode.LOITER, Mode.HOLD) or target.distance < 2.0 * speed
    found, t = [], 0.0
    for goal in SOON:
        while t < goal - 1e-6:
            if not circles and abs(math.remainder(target.course - course, 2.0 * math.pi)) < SETTLED + abs(rate) * STEP:
                rate, course = 0.0, target.course
            course += rate * STEP
            latitude += speed * STEP * math.cos(course) / MEAN_RADIUS
            longitude += speed * STEP * math.sin(course) / (MEAN_RADIUS * math.cos(latitude))
            altitude = _climbed(altitude, p)
            t += STEP
        found.append((latitude, longitude, altitude))
    return found


def _climbed(altitude: float, p: Picture) -> float:
    """Height after one step."""
    left = p.aim.altitude - altitude
    if p.landed or p.mode == Mode.STICK:
        return altitude + (0.0 if p.landed else p.climb_rate * STEP)
    step = p.climb_rate * STEP
    return altitude + (step if step * left <= 0.0 or abs(step) < abs(left) else left)


def fuel(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SAMRUK_FUEL: what the aircraft's own plan says of every field."""
    m, plan, task = p.measurement, p.plan, a.flight_plan.task
    runways = (task.home, task.alternate_a, task.alternate_b)
    needed = [float(kg) if field.usable and kg < NEVER else NAN
              for kg, field in zip((plan.home, plan.alternate_a, plan.alternate_b), runways, strict=True)]  # fmt: skip
    flow = max(m.fuel_flow, 1e-6)
    bingo = [max((m.fuel - plan.reserve - kg) / flow, 0.0) if p.engine_running else NAN for kg in needed]
    names = [short_name(name)[:8].ljust(8) for name in (*a.live.plan.fields, "", "", "")[:3]]
    return {
        "time_boot_ms": now.boot_ms, "aboard": m.fuel, "flow": m.fuel_flow, "reserve": plan.reserve, "needed": needed,
        "flight_time": [_flight_time(p, field) for field in runways], "bingo": bingo,
        "field_lat": [degrees_e7(field.latitude) for field in runways],
        "field_lon": [degrees_e7(field.longitude) for field in runways],
        "count": sum(1 for field in runways if field.usable), "names": "".join(names).rstrip(),
    }  # fmt: skip


def short_name(name: str) -> str:
    """Code of an aerodrome, or its first word.

    >>> short_name("Astana (UACC)"), short_name("Kara Koyun strip")
    ('UACC', 'Kara')
    """
    code = re.search(r"\b[A-Z]{4}\b", name)
    return code.group() if code else name.split(" ")[0]


def _flight_time(p: Picture, field: Runway) -> float:
    """s to a field at the present airspeed in the estimated wind; NaN on the ground and where there is none."""
    if p.landed or not field.usable:
        return NAN
    distance, bearing = away(p.estimate.latitude, p.estimate.longitude, field.latitude, field.longitude)
    tail = p.estimate.wind_n.x * math.cos(bearing) + p.estimate.wind_n.y * math.sin(bearing)
    return float(distance / max(p.estimate.airspeed_true + tail, 5.0))


def ice(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SAMRUK_ICE; mass of ice is not measured by any sensor aboard and not told."""
    m, on = p.measurement, bool(p.command.wing_protection)
    return {
        "time_boot_ms": now.boot_ms, "rate": m.ice_rate, "power_excess": p.frost.excess,
        "stall_margin": stall_margin(a, p), "temperature": m.temperature, "exposed": p.frost.exposed,
        "detected": int(m.ice_detected), "protection": 0 if not on else 1 if m.wing_powered else 2,
        "pitot_heat": int(p.command.pitot_heat), "airspeed_valid": int(p.estimate.airspeed_valid),
    }  # fmt: skip


def stall_margin(a: Aircraft, p: Picture) -> float:
    """Airspeed over the stall speed of the clean wing at the load carried, less 1; NaN on the ground."""
    if p.landed:
        return NAN
    lift = a.live.handbook(a.k).lift
    C_L_max = lift.C_L_max + p.flap * (lift.C_L_max_flap - lift.C_L_max)
    load = max(float(p.air.load_factor), 0.25)
    stall = math.sqrt(2.0 * load * p.estimate.mass * GRAVITY / (RHO0 * lift.area * C_L_max))
    return float(p.estimate.airspeed_calibrated / stall - 1.0)


def heat(a: Aircraft, p: Picture, now: Now) -> Fields:
    """SAMRUK_HEAT: coolant, oil, boxes, battery, fuel, bay, turret."""
    m, aircraft = p.measurement, a.flight_plan.aircraft
    thermal, engine = aircraft.thermal, aircraft.engine
    rows: list[tuple[Any, Any, Any]] = [
        (m.engine_temperature, NAN, engine.coolant_limit), (m.oil_temperature, NAN, engine.oil_limit),
        (m.box_temperature, NAN, thermal.box_limit_high),
        (m.battery_temperature, COLD_BATTERY, thermal.battery_limit_high),
        (m.fuel_temperature, thermal.fuel_freezing, NAN),
        (m.bay_temperature, thermal.bay_limit_low, thermal.bay_limit_high),
        (m.turret_temperature, thermal.turret_limit_low, thermal.turret_limit_high),
    ]  # fmt: skip
    value, low, high = ([float(x) for x in column] for column in zip(*rows, strict=True))
    return {"time_boot_ms": now.boot_ms, "value": value, "low": low, "high": high}


def links(a: Aircraft, p: Picture, now: Now) -> Fields | list[Fields]:
    """SAMRUK_LINKS: one message per station where the links are flown, else those of the aircraft's own receivers."""
    known: list[Fields] | None = a.board.get("links")
    if known is not None:
        return [{"time_boot_ms": now.boot_ms, **each} for each in known]
    r, age = p.radio, a.live.link_age(a.k)
    limit = a.live.rule(a.k, "lost_link_time")
    return {
        "time_boot_ms": now.boot_ms, "margin": [r.los_margin_db, r.satellite_margin_db], "delay": [r.delay, NAN],
        "loss": [NAN, NAN], "age": [age, NAN], "lost_link_in": limit - age if age > 3.0 else NAN, "station": 0,
        "up": int(r.los_up) | int(r.satellite_up) << 1, "active": int(r.bearer), "chosen": 0,
    }  # fmt: skip


MAKERS = {"SAMRUK_MODE": mode, "SAMRUK_FUEL": fuel, "SAMRUK_ICE": ice, "SAMRUK_HEAT": heat, "SAMRUK_LINKS": links}
"""Who makes which message."""

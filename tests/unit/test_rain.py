"""Rain: where it falls and as what, what it does to wing, engine, runway, camera and links; all of it one way only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from tests.unit.test_mission_file import TEXT, read, refusal

from samruk import load, metar, weather
from samruk.frames import Vec3
from samruk.mission import Conditions, Links, Profile, Rain, Runway
from samruk.mission_file import events, reported
from samruk.plant import ice, wet
from samruk.plant.ice import IceEffects
from samruk.radio import link
from samruk.radio import rain as on_link
from samruk.study import keys
from samruk.verify.wet import effects
from samruk.weather import rain, standard_profile
from samruk.weather.air import Air
from samruk.weather.rain import MM_PER_HOUR

ANKA = load.aircraft("anka").aircraft
RATES = (0.0, 0.5, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 1900.0)
"""mm/h, to the world's record rates."""
AREA = Rain(25.0 * MM_PER_HOUR, 4000.0, 3000.0, half_length=20e3, half_width=10e3)
PER_METRE = 1.0 / 6335439.0
"""rad of latitude per metre at the equator."""


def rises(values: Sequence[Any], strictly: bool = True) -> bool:
    """Whether a sequence only rises; where it may stay, rounding is forgiven."""
    steps = np.diff([float(v) for v in values])
    return bool((steps > 0.0).all() if strictly else (steps >= -1e-12).all())


def day(area: Rain = AREA, **more: Any) -> Conditions:
    return replace(Conditions(rain_a=area), **more)


# Where and as what ----------------------------------------------------------------------------------------------------


def test_drops_fall_below_the_melting_height_and_flakes_above() -> None:
    low = rain.falling(0.0, 0.0, 1000.0, 100.0, 280.0, day())
    high = rain.falling(0.0, 0.0, 3500.0, 100.0, 270.0, day())
    above = rain.falling(0.0, 0.0, 5000.0, 100.0, 260.0, day())
    assert [float(low.drops), float(low.flakes)] == pytest.approx([AREA.rate, 0.0])
    assert [float(high.drops), float(high.flakes)] == pytest.approx([0.0, AREA.rate])
    assert float(above.drops) == float(above.flakes) == 0.0


def test_what_falls_through_warm_air_has_melted() -> None:
    snow = replace(AREA, melting=-1000.0)
    cold, warm = (rain.falling(0.0, 0.0, 1000.0, 100.0, t, day(snow)) for t in (268.0, 280.0))
    assert float(cold.drops) == 0.0
    assert float(warm.flakes) == 0.0


def grown(rate: float, temperature: float) -> float:
    """m of ice on the wing after a second in rain, mm/h, without cloud, as `weather.sample` tells it."""
    column = standard_profile("standard")
    flat = replace(column, temperature=np.full_like(column.temperature, temperature))
    flat = Profile(**{each.name: jnp.asarray(getattr(flat, each.name)) for each in fields(Profile)})
    area = replace(AREA, rate=rate * MM_PER_HOUR, melting=4000.0)
    air = weather.sample(0.0, 0.0, 1000.0, 0.0, 0.0, 100.0, day(area), flat)
    assert int(air.freezing_rain) == int(temperature < 273.15 and rate > 0.0)
    after = ice.slow(ice.initial(), air, 45.0, 1.2, 0.05, ice.Protection(), 200.0, ANKA, 1.0)
    return float(after.wing_bare.thickness)


def test_freezing_rain_grows_ice_and_warm_rain_none() -> None:
    assert rises([grown(rate, 268.15) for rate in (0.0, 0.5, 1.0, 2.0)])
    assert grown(5.0, 278.15) == grown(0.0, 268.15) == 0.0


def test_freezing_rain_is_counted_once() -> None:
    """Its water is what 2 mm/h has in the air, as drops of Appendix O."""
    fall = 2.0 * MM_PER_HOUR
    found = rain.supercooled(fall, 268.15, 0.0, 20e-6)
    assert [float(v) for v in found] == pytest.approx([float(rain.rain_water(fall)), rain.FREEZING_DROP])
    assert [float(v) for v in rain.supercooled(fall, 278.15, 1e-4, 20e-6)] == [1e-4, 20e-6]


def test_rain_freezes_aloft_where_warm_air_lies_over_cold() -> None:
    """A warm nose at 1,500 m over frost: it melts there, and the drops freeze below."""
    column = standard_profile("standard")
    nose = replace(column, temperature=np.where(column.height < 500.0, 268.15, column.temperature))
    assert events.melting(nose) == pytest.approx(events.melting(column))
    assert 2200.0 < events.melting(column) < 2400.0  # 15 K at 6.5 K/km
    assert events.rain_top(column) == pytest.approx(events.melting(column) + 360.0)


def test_a_column_all_below_freezing_gives_snow() -> None:
    assert events.melting(standard_profile("standard"), -40.0) == -1000.0
    assert events.melting(standard_profile("standard"), 10.0) > events.melting(standard_profile("standard"))


# Reports --------------------------------------------------------------------------------------------------------------


def told(groups: str, air: str = "12/11") -> metar.Report:
    return metar.report(f"UACC 140600Z 23005MPS {groups} OVC020 {air} Q1010")


def test_reported_rain_falls_over_the_aerodrome() -> None:
    column, home = standard_profile("standard"), Runway(0.9, 1.2, 355.0)
    rates = [reported.rain_rate(told(f"4000 {code}")) for code in ("-DZ", "-RA", "RA", "+RA")]
    assert rises(rates)
    found = events.reported_rain(told("4000 +SHRA"), home, column, 0.0)["rain_a"]
    assert (found.latitude, found.half_length) == (home.latitude, 5000.0)
    assert events.reported_rain(told("9999"), home, column, 0.0) == {}
    assert events.reported_rain(told("4000 VCSH"), home, column, 0.0) == {}


def test_reported_snow_never_melts_and_reported_freezing_rain_has() -> None:
    column, home = standard_profile("standard"), Runway(0.9, 1.2, 355.0)
    snow = events.reported_rain(told("1500 -SN", "M05/M06"), home, column, -20.0)["rain_a"]
    ice = events.reported_rain(told("3000 -FZRA", "M02/M03"), home, column, -17.0)["rain_a"]
    assert snow.melting < 0.0
    assert ice.melting > home.elevation + 1000.0
    assert ice.top > ice.melting


def test_what_the_rain_hides_is_not_put_down_to_haze() -> None:
    fog, shower = reported.haze(told("0300 FG")), reported.haze(told("2500 +RA"))
    assert fog["visibility"] == pytest.approx(300.0, rel=1e-6)
    assert fog["haze_top"] < 200.0
    assert shower["visibility"] > 2500.0
    assert reported.haze(told("9999")) == {}


# The aircraft ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "up"), [("C_L_max_factor", False), ("C_L_factor", False), ("thrust_factor", False), ("C_D_added", True)]
)
@pytest.mark.parametrize("delta_f", [0.0, 1.0])
def test_more_rain_is_never_better_for_the_wing(name: str, up: bool, delta_f: float) -> None:
    values = [float(getattr(effects(rate, delta_f), name)) for rate in RATES[:-1]]  # the last is beyond all tests
    assert rises(values if up else [-v for v in values])


@pytest.mark.parametrize("iced", [0.0, 0.002, 0.0035, 0.05])
def test_rain_on_ice_never_takes_drag_away(iced: float) -> None:
    dragged = [effects(rate, ice=IceEffects(C_D_added=iced)).C_D_added for rate in RATES]
    assert rises(dragged, strictly=False)
    assert float(dragged[0]) == iced


def test_ice_on_a_wet_wing_never_takes_drag_away() -> None:
    dragged = [effects(25.0, ice=IceEffects(C_D_added=x)).C_D_added for x in np.linspace(0.0, 0.02, 41)]
    assert rises(dragged, strictly=False)


def test_light_rain_costs_the_laminar_flow_and_little_else() -> None:
    light = effects(5.0)
    assert float(light.C_D_added) == pytest.approx(wet.LAMINAR_DRAG, rel=0.5)
    assert float(light.C_L_max_factor) > 0.99
    assert float(effects(0.0).C_D_added) == 0.0


def test_the_engine_loses_a_fiftieth_in_100_mm_h_and_never_gains() -> None:
    left = [wet.power_factor(Air(rain_rate=rate * MM_PER_HOUR)) for rate in RATES]
    assert rises([-float(v) for v in left], strictly=False)
    assert float(left[RATES.index(100.0)]) == pytest.approx(0.98)
    assert wet.water_to_air(46e-3, 1.225) == pytest.approx(0.0376, rel=1e-2)


# The runway -----------------------------------------------------------------------------------------------------------


def grip(speed: float, **cover: float) -> float:
    wet_, standing, snow, ice = (cover.get(name, 0.0) for name in ("wet", "standing", "snow", "ice"))
    return float(wet.braking(speed, wet_, standing, snow, ice, 0.5))


@pytest.mark.parametrize("speed", [0.0, 10.0, 20.0, 30.0, 40.0, 60.0])
def test_a_worse_runway_never_brakes_better(speed: float) -> None:
    order = [grip(speed), grip(speed, wet=1.0), grip(speed, wet=1.0, standing=1.0)]
    assert rises([-v for v in order], strictly=False)
    assert grip(speed, ice=1.0) <= grip(speed, snow=1.0) <= grip(speed)
    for cover in ("wet", "standing", "snow", "ice"):
        base = {"wet": 1.0} if cover == "standing" else {}
        parts = [grip(speed, **{**base, cover: x}) for x in np.linspace(0.0, 1.0, 11)]
        assert rises([-v for v in parts], strictly=False)


@pytest.mark.parametrize("cover", [{"wet": 1.0}, {"wet": 1.0, "standing": 1.0}])
def test_wet_ground_brakes_worse_the_faster(cover: dict[str, float]) -> None:
    values = [grip(v, **cover) for v in np.linspace(0.0, 60.0, 121)]
    assert rises([-v for v in values], strictly=False)


def kept(before: wet.Runway, air: Air, agl: float = 0.0, state: int = 0, dt: float = 1.0) -> wet.Runway:
    return wet.runway(before, air, agl, 20.0, Conditions(runway_state=state), 0.4, dt)


def test_what_falls_covers_the_runway_by_its_kind_and_goes() -> None:
    fall = 5.0 * MM_PER_HOUR
    raining = kept(wet.Runway(), Air(temperature=285.0, rain_rate=fall))
    snowing = kept(wet.Runway(), Air(temperature=268.0, snow_rate=fall))
    freezing = kept(wet.Runway(), Air(temperature=271.0, rain_rate=fall))
    assert (float(raining.wet), float(snowing.snow), float(freezing.ice)) == (1.0, 1.0, 1.0)
    dried = kept(raining, Air(temperature=285.0), dt=wet.DRYING)
    assert float(dried.wet) == pytest.approx(math.exp(-1.0))
    assert float(kept(snowing, Air(temperature=268.0), dt=1e4).snow) == 1.0


def test_rain_met_high_above_wets_no_runway_and_what_is_declared_stands() -> None:
    fall = Air(temperature=271.0, rain_rate=5.0 * MM_PER_HOUR)
    assert float(kept(wet.Runway(), fall, agl=3000.0).ice) == 0.0
    assert float(kept(wet.Runway(), fall, state=wet.DRY).ice) == 0.0
    assert float(kept(wet.Runway(), Air(), agl=3000.0, state=wet.SNOW).snow) == 1.0


def test_tyres_hydroplane_in_standing_water_above_nasas_speed() -> None:
    under = wet.Runway(standing=1.0)
    assert not wet.hydroplanes(under, 0.99 * wet.HYDROPLANING)
    assert wet.hydroplanes(under, 1.01 * wet.HYDROPLANING)
    assert not wet.hydroplanes(wet.Runway(wet=1.0), 100.0)


# Sight ----------------------------------------------------------------------------------------------------------------


def seen(height: float = 2000.0, vapour: float = 8e-3, area: Rain = AREA, **more: Any) -> rain.Seen:
    return rain.transmission(0.0, 0.0, height, 0.0, 100.0, vapour, day(area, **more))


@pytest.mark.parametrize("camera", ["visible", "infrared"])
def test_less_is_seen_through_more_rain_more_haze_and_more_air(camera: str) -> None:
    by_rain = [getattr(seen(area=replace(AREA, rate=r * MM_PER_HOUR)), camera) for r in RATES[:8]]
    by_haze = [getattr(seen(area=Rain(), visibility=v), camera) for v in (300.0, 1e3, 3e3, 5e3, 2e4, 6e4)]
    by_height = [getattr(seen(h), camera) for h in (50.0, 200.0, 1000.0, 2500.0, 3500.0)]
    assert rises([-float(v) for v in by_rain])
    assert rises(by_haze)
    assert rises([-float(v) for v in by_height])


def test_the_infrared_sees_through_haze_but_not_through_fog_or_rain() -> None:
    hazy, foggy = (seen(area=Rain(), vapour=1e-3, visibility=v) for v in (3000.0, 300.0))
    pour = seen()
    assert float(hazy.infrared) > 2.0 * float(hazy.visible)
    assert float(foggy.infrared) < 1e-3
    assert float(pour.infrared) < 0.1


def test_humid_air_blinds_the_infrared() -> None:
    assert rises([-float(seen(vapour=v, area=Rain()).infrared) for v in (0.0, 2e-3, 8e-3, 20e-3)])


def test_kruse_at_his_own_limits() -> None:
    """q = 1.6, 1.3 and 0 beyond 50 km, from 6 to 50 km and in fog."""
    for clear, q in ((60e3, 1.6), (20e3, 1.3), (3e3, 0.82), (700.0, 0.2), (400.0, 0.0)):
        assert float(rain.haze_at_infrared(clear)) == pytest.approx((10.0 / 0.55) ** -q, rel=1e-9)


# Links ----------------------------------------------------------------------------------------------------------------


def straight(ray: on_link.Ray, area: Rain, points: int = 40_000) -> float:
    """m of a ray in a rectangle, counted point by point."""
    t = (np.arange(points) + 0.5) / points
    bulge = t * (1.0 - t) * ray.length**2 * 0.5 / (4.0 / 3.0 * 6371008.8)
    height = ray.height + t * ray.rise - bulge
    along = (ray.latitude + t * ray.north) / PER_METRE
    across = (ray.longitude + t * ray.east) * 6378137.0
    there = (height < area.top) & (np.abs(along) < area.half_length) & (np.abs(across) < area.half_width)
    return float(ray.length * there.mean())


@pytest.mark.parametrize(
    ("start", "way", "foot", "rise"),
    [((-80e3, 0.0), (100e3, 3e3), 15.0, 5000.0), ((-80e3, 4e3), (200e3, 0.0), 15.0, 9000.0),
     ((0.0, 0.0), (5e3, 2e3), 15.0, 8000.0), ((60e3, -30e3), (-90e3, 60e3), 900.0, 500.0),
     ((10e3, 0.0), (-60e3, 0.0), 3000.0, -2500.0), ((30e3, 0.0), (50e3, 0.0), 15.0, 4000.0)],
)  # fmt: skip
def test_the_way_in_a_cell_is_the_one_counted_point_by_point(start: Any, way: Any, foot: float, rise: float) -> None:
    ray = on_link.Ray(
        start[0] * PER_METRE, start[1] / 6378137.0, foot, way[0] * PER_METRE, way[1] / 6378137.0, rise,
        math.hypot(*way, rise),
    )  # fmt: skip
    counted = straight(ray, AREA)
    assert float(on_link.inside(ray, AREA)) == pytest.approx(counted, abs=3e-4 * ray.length)  # points and the ellipsoid


def los(area: Rain, height: float = 6000.0, away: float = 100e3, **more: Any) -> float:
    site = Links(latitude=0.0, longitude=0.0)
    return float(on_link.along_ray(away * PER_METRE, 0.0, height, away, 14.25e9, site, day(area, **more), 100.0))


def to_satellite(area: Rain, height: float = 1000.0, **more: Any) -> float:
    up = Vec3(-0.8, 0.0, -0.6)
    return float(on_link.to_satellite(0.0, 0.0, height, up, day(area, **more), 100.0))


@pytest.mark.parametrize("loss", [los, to_satellite])
def test_more_rain_wider_rain_and_higher_rain_never_help_a_link(loss: Callable[..., float]) -> None:
    assert rises([loss(replace(AREA, rate=r * MM_PER_HOUR)) for r in RATES])
    assert rises([loss(replace(AREA, half_length=x)) for x in (1e3, 2e3, 3e3)])
    assert rises([loss(replace(AREA, half_length=x)) for x in (3e3, 10e3, 40e3, 200e3)], strictly=False)
    wide = replace(AREA, half_length=200e3)
    assert rises([loss(replace(wide, top=top, melting=top)) for top in (1500.0, 2000.0, 3000.0, 5000.0)])
    assert rises([loss(AREA, rain_scale=x) for x in (0.0, 0.5, 1.0, 2.0)])


def test_above_the_rain_only_the_gateway_gets_wet() -> None:
    assert to_satellite(AREA, height=8000.0) == 0.0
    wet_gateway = [to_satellite(Rain(), height=8000.0, gateway_rain=r * MM_PER_HOUR) for r in RATES[:9]]
    assert rises(wet_gateway)
    assert wet_gateway[0] == 0.0


def test_dry_snow_takes_nothing_from_a_link() -> None:
    assert los(replace(AREA, melting=-1000.0)) == 0.0


def test_the_step_loses_in_rain_what_the_ray_loses() -> None:
    site, radio = Links(latitude=0.0, longitude=0.0), ANKA.radio
    place, wide = (60e3 * PER_METRE, 0.0, 2000.0), day(replace(AREA, rate=100.0 * MM_PER_HOUR, half_length=100e3))
    dry, pour = (
        link.slow(link.initial(), *place, site, radio, c, 0.0, 1, 100).paths for c in (Conditions(), wide)
    )
    _, distance, *_ = link.look(*place, site)
    lost = float(on_link.along_ray(*place, distance, radio.los_frequency, site, wide, 100.0))
    assert float(dry.los_db) - float(pour.los_db) == pytest.approx(lost, abs=1e-9)
    assert lost > 5.0
    assert float(dry.satellite_db) > float(pour.satellite_db) + 1.0


# Files ----------------------------------------------------------------------------------------------------------------

AREA_TEXT = """
[[weather.rain]]
rate_mm_h = 25
latitude_deg = 51.2
longitude_deg = 70.5
half_length_km = 30
half_width_km = 20
from = 2026-01-14T03:00:00Z
"""
WARM = TEXT.replace('day = "cold"', 'day = "standard"')


def conditions(text: str) -> Conditions:
    return read(text).flights[1].task.conditions


def test_an_area_of_rain_is_read_with_its_top_from_the_column() -> None:
    found = conditions(WARM + AREA_TEXT).rain_a
    assert found.rate == pytest.approx(25.0 * MM_PER_HOUR)
    assert found.melting == pytest.approx(15.0 / 0.0065, abs=10.0)  # geopotential taken as height
    assert found.top == pytest.approx(found.melting + 360.0)
    assert (found.start, found.end) == (3600.0, 1e9)
    warmer = conditions(WARM.replace("[conditions]", "[conditions]\ntemperature_offset_k = 5") + AREA_TEXT).rain_a
    assert warmer.melting > found.melting + 500.0


def test_a_third_area_and_a_slip_of_unit_are_refused() -> None:
    assert "2" in refusal(WARM + 3 * AREA_TEXT)
    assert "rate" in refusal(WARM + AREA_TEXT.replace("25", "9000", 1))


def test_a_report_rains_unless_the_file_says_where() -> None:
    told_ = 'metar = "UACC 140200Z 23005MPS 4000 +RA OVC020 12/11 Q1010"'
    text = WARM.replace('day = "standard"', f'day = "standard"\n{told_}')
    assert conditions(text).rain_a.rate == pytest.approx(20.0 * MM_PER_HOUR)
    assert conditions(text + AREA_TEXT).rain_a.rate == pytest.approx(25.0 * MM_PER_HOUR)
    assert conditions(WARM).rain_a.rate == 0.0


def test_studies_may_vary_rain_and_its_effect() -> None:
    assert {
        "conditions.rain_effect", "conditions.rain_scale", "conditions.gateway_rain_mm_h", "weather.rain.1.rate_mm_h",
        "conditions.visibility_km",
    } <= keys.known().keys()  # fmt: skip

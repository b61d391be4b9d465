"""Terrain before flight: files read, voids, what stands in a ray's way, routes over hills."""

from __future__ import annotations

import gzip
import io
import lzma
import math
import re
import zipfile

import numpy as np
import pytest

from samruk import load, terrain_file
from samruk.errors import MissionError
from samruk.mission import AZIMUTHS, RINGS, Links, Runway
from samruk.plan import Leg
from samruk.terrain_file import Grid
from samruk.terrain_file.grid import VOID, fill

DEGREE = math.pi / 180.0
SIDE = 1201
SEED = np.random.default_rng(2)
HILLS = SEED.integers(100, 1900, (SIDE, SIDE)).astype(np.int16)


def hgt(heights: np.ndarray = HILLS) -> bytes:
    return heights.astype(">i2").tobytes()


def test_a_tile_lies_where_its_name_says() -> None:
    grid = terrain_file.read(hgt(), "N44W072.hgt", "t")
    assert (grid.north, grid.west) == pytest.approx((45.0 * DEGREE, -72.0 * DEGREE))
    assert (grid.south, grid.east) == pytest.approx((44.0 * DEGREE, -71.0 * DEGREE))
    assert float(grid.at(45.0 * DEGREE, -72.0 * DEGREE)) == HILLS[0, 0]
    assert float(grid.at(44.0 * DEGREE, -71.0 * DEGREE)) == pytest.approx(HILLS[-1, -1], abs=1e-6)  # rounding
    row, column = 300, 700
    there = (45.0 - row / 1200) * DEGREE, (-72.0 + column / 1200) * DEGREE
    assert float(grid.at(*there)) == pytest.approx(HILLS[row, column], abs=1e-6)  # rounding of the angle
    assert math.isnan(float(grid.at(43.9 * DEGREE, -71.5 * DEGREE)))


def test_a_tile_south_and_east_of_greenwich_lies_there() -> None:
    grid = terrain_file.read(hgt(), "S23E015.hgt", "t")
    assert (grid.south, grid.west) == pytest.approx((-23.0 * DEGREE, 15.0 * DEGREE))


def zipped(data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("N44W072.hgt", data)
    return held.getvalue()


@pytest.mark.parametrize(("end", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress), (".zip", zipped)])
def test_a_packed_tile_is_the_same(end: str, pack: object) -> None:
    grid = terrain_file.read(pack(hgt()), f"N44W072.hgt{end}", "t")  # type: ignore[operator]
    assert np.array_equal(grid.heights, HILLS)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("N44W072.hgt", b"\0" * 100, "t: holds 100 bytes. Allowed: 2884802 or 25934402 (1201 or 3601 posts a side)."),
        ("hills.hgt", hgt(), "t: 'hills.hgt' is no terrain file."),
        ("N44.hgt", hgt(), "t: 'N44.hgt' does not tell its place. Name it like N44W072.hgt."),
        ("N44W072.hgt.gz", b"no", "t: cannot be unpacked:"),
        ("N44W072.bil", hgt(), "t: 'N44W072.bil' is no terrain file. Allowed: .hgt, .hgt.gz, .hgt.xz, .hgt.zip"),
        ("N44W072.hgt", hgt(np.full((SIDE, SIDE), 12000, np.int16)), "t: has heights from 12000 to 12000."),
    ],
)
def test_what_is_no_tile_is_refused_in_a_line(name: str, data: bytes, told: str) -> None:
    with pytest.raises(MissionError) as caught:
        terrain_file.read(data, name, "t")
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_small_voids_grow_shut_and_large_ones_are_refused() -> None:
    level = np.full((SIDE, SIDE), 700, np.int16)
    level[400:410, 400:410] = VOID
    grid = terrain_file.read(hgt(level), "N44W072.hgt", "t")
    assert grid.filled == 100
    assert (grid.heights == 700).all()
    level[:200] = VOID
    with pytest.raises(MissionError, match=r"has no height at 16\.7 % of its posts\. Allowed: up to 5 %"):
        terrain_file.read(hgt(level), "N44W072.hgt", "t")


def test_a_void_takes_the_mean_of_its_neighbours() -> None:
    heights = np.array([[0, 10, 0], [20, VOID, 40], [0, 50, 0]], np.int16)
    assert fill(heights, heights == VOID)[1, 1] == 30


# GeoTIFF --------------------------------------------------------------------------------------------------------------

POSTS = np.arange(20, dtype=np.int16).reshape(4, 5)


def geotiff(keys: dict[int, int], data: np.ndarray = POSTS, compression: str | None = None, **more: object) -> bytes:
    tifffile = pytest.importorskip("tifffile")
    directory = [1, 1, 0, len(keys), *(x for key, value in sorted(keys.items()) for x in (key, 0, 1, value))]
    held = io.BytesIO()
    tags = [
        (33550, "d", 3, (0.5, 0.25, 0.0), True), (33922, "d", 6, (0.0, 0.0, 0.0, 10.0, 50.0, 0.0), True),
        (34735, "H", len(directory), tuple(directory), True), *more.get("tags", []),  # type: ignore[misc]
    ]  # fmt: skip
    tifffile.imwrite(held, data, extratags=tags, compression=compression)
    return held.getvalue()


GEOGRAPHIC = {1024: 2, 1025: 2, 2048: 4326}


def test_a_pixel_is_a_point_or_an_area() -> None:
    point = terrain_file.read(geotiff(GEOGRAPHIC), "a.tif", "t")
    assert (point.north, point.west) == pytest.approx((50.0 * DEGREE, 10.0 * DEGREE))
    area = terrain_file.read(geotiff({**GEOGRAPHIC, 1025: 1}, compression="zlib"), "a.tiff", "t")
    assert (area.north, area.west) == pytest.approx((49.875 * DEGREE, 10.25 * DEGREE))
    assert np.array_equal(area.heights, POSTS)
    assert (area.spacing_latitude, area.spacing_longitude) == pytest.approx((0.25 * DEGREE, 0.5 * DEGREE))


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({1024: 1, 1025: 1, 3072: 32619}, "t: is projected (EPSG:32619). Allowed: latitude and longitude in WGS-84"),
        ({1024: 2, 2048: 4267}, "t: is in EPSG:4267. Allowed: WGS-84 (EPSG:4326). Reproject it."),
        ({**GEOGRAPHIC, 4099: 9002}, "t: gives heights in unit 9002. Allowed: metres (9001)."),
        ({}, "t: does not say that it is geographic."),
    ],
)
def test_other_projections_are_refused_by_name(keys: dict[int, int], told: str) -> None:
    with pytest.raises(MissionError) as caught:
        terrain_file.read(geotiff(keys), "a.tif", "t")
    assert str(caught.value).startswith(told)


def test_what_is_no_tiff_and_what_is_a_picture_are_refused() -> None:
    pytest.importorskip("tifffile")
    with pytest.raises(MissionError, match="cannot be read as TIFF"):
        terrain_file.read(b"not a tiff", "a.tif", "t")
    with pytest.raises(MissionError, match="Allowed: one layer of numbers"):
        terrain_file.read(geotiff(GEOGRAPHIC, np.zeros((4, 5, 3), np.uint8)), "a.tif", "t")


# Edges and routes -----------------------------------------------------------------------------------------------------

HOME = Runway(44.5 * DEGREE, -71.9 * DEGREE, 300.0, 0.5 * math.pi, 1500.0)


def ridge(height: int = 1500, column: int = 600) -> Grid:
    """Level ground of 300 m with a wall from north to south."""
    heights = np.full((SIDE, SIDE), 300, np.int16)
    heights[:, column] = height
    return terrain_file.read(hgt(heights), "N44W072.hgt", "t")


def test_the_edge_of_a_ray_is_the_ridge_once_the_ray_is_behind_it() -> None:
    distance, top, reach = terrain_file.edges(ridge(), Links(latitude=HOME.latitude, longitude=HOME.longitude,
                                                             elevation=300.0))  # fmt: skip
    distance, top = distance.reshape(AZIMUTHS, RINGS), top.reshape(AZIMUTHS, RINGS)
    east = AZIMUTHS // 4
    away = 0.4 * DEGREE * math.cos(HOME.latitude) * 6388e3  # radius of the prime vertical there
    rings = reach * (np.arange(RINGS) / (RINGS - 1)) ** 2
    behind = rings > away + 300.0
    assert np.allclose(10.0 * distance[east, behind], away, atol=150.0)  # a post is 66 m wide here, a sample 93 m
    assert (top[east, behind] > 1100).all()  # the wall is one post wide: a sample may miss its top by half a post
    before = (rings < away - 300.0) & (distance[east] > 0)
    assert (top[east, before] == 300).all()


def leg(longitude: float, altitude: float, loiter: float = 0.0) -> Leg:
    return Leg(44.5 * DEGREE, longitude * DEGREE, altitude, loiter=loiter)


def test_a_leg_into_a_ridge_is_told_with_place_and_heights() -> None:
    found = terrain_file.faults(ridge(), [leg(-71.7, 1200.0), leg(-71.3, 1200.0)], HOME, 150.0, 1500.0)
    assert [fault.leg for fault in found] == [2]
    told = r"leg 2 at 44\.500\d N 71\.500\d W is at 1200 m msl, 300 m inside ground of 1500 m; wanted are 150 m\."
    assert re.fullmatch(told, found[0].told())
    assert found[0].hint() == "Fly there at 1650 m msl, or around."


def test_a_leg_over_a_ridge_is_sound_and_a_circle_beside_it_is_not() -> None:
    assert terrain_file.faults(ridge(), [leg(-71.7, 1700.0, 1800.0), leg(-71.3, 1700.0)], HOME, 150.0, 1500.0) == ()
    found = terrain_file.faults(ridge(), [leg(-71.513, 1400.0, 600.0)], HOME, 150.0, 1500.0)
    assert [(fault.leg, fault.circling) for fault in found] == [(1, True)]


def test_a_climb_takes_its_way() -> None:
    """To clear 1,650 m from 300 m by 3.3 % takes 41 km; the ridge stands 32 km away."""
    assert [fault.leg for fault in terrain_file.faults(ridge(), [leg(-71.3, 1700.0)], HOME, 150.0, 1500.0)] == [1]
    circling = [leg(-71.8, 1700.0, 1200.0), leg(-71.3, 1700.0)]
    assert terrain_file.faults(ridge(), circling, HOME, 150.0, 1500.0) == ()


def test_a_safe_height_is_two_thousand_feet_over_the_highest_ground_within_four_miles() -> None:
    home = (HOME.latitude, HOME.longitude)
    beyond = terrain_file.safe_height(ridge(), [(44.5 * DEGREE, -71.75 * DEGREE)], [home])
    assert beyond == pytest.approx(300.0 + 609.6)
    across = terrain_file.safe_height(ridge(), [(44.5 * DEGREE, -71.4 * DEGREE)], [home])
    assert across == pytest.approx(1500.0 + 609.6)


def test_a_mission_with_terrain_carries_its_file_and_its_hash() -> None:
    plan = load.mission("white-mountains")
    task = plan.flights[0].task
    assert "samruk:missions/white-mountains/N44W072.hgt.xz" in plan.hashes
    assert (task.tile.given, task.tile.rows, task.tile.columns) == (1, 1201, 1201)
    assert task.rules.escape_floor == task.rules.safe_height == pytest.approx(1908.0 + 609.6)
    assert all(flight.tables.ground is plan.flights[0].tables.ground for flight in plan.flights)


def test_every_fault_of_a_route_has_a_line_of_its_own() -> None:
    with pytest.raises(MissionError) as caught:
        load.mission("white-mountains", ["rules.loiter_radius_m=4000"])
    lines = str(caught.value).split("\n")
    assert len(lines) == 2
    assert all("route: the circle at leg" in line and line.endswith("m msl, or around.") for line in lines)


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("terrain.file=nothing.hgt", "there is no such file."),
        ("terrain.clearance_m_agl=9000", "Allowed: 0 m to 2000 m"),
        ("rules.ceiling_m_msl=2500", "is above rules.ceiling_m_msl"),
    ],
)
def test_terrain_that_cannot_be_used_is_told(word: str, told: str) -> None:
    with pytest.raises(MissionError, match=told):
        load.mission("white-mountains", [word])

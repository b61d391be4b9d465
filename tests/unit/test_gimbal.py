"""The gimbal protocol: who points, what is asked, where the camera looks."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import pytest

from samruk import earth
from samruk.payload.turret import EARTH, PLACE, STOWED
from samruk.vehicle.gimbal import Command, Flag, Gimbal, Result, View, quaternion
from samruk.vehicle.service import Now, Sender

DEGREE = math.pi / 180.0
NAN = math.nan
ANA, BEN = Sender(241, 190), Sender(242, 190)
NONE = (NAN,) * 7


@dataclass
class Rig:
    """A turret that goes where it is asked at once."""

    now: View = field(
        default_factory=lambda: View((1.0, 0.0, 0.0, 0.0), 50.0 * DEGREE, 70.0 * DEGREE, 3000.0, 0.0, 0.0, 0.0)
    )
    aims: list[tuple[float, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gimbal = Gimbal(lambda: self.now, lambda *a: self.aims.append(a))

    def ask(self, command: int, *p: float, by: Sender = ANA) -> Any:
        return self.gimbal.command(command, (*p, *NONE)[:7], by, Now())


def test_a_locked_direction_is_over_ground_and_a_free_one_follows_the_nose() -> None:
    rig = Rig()
    rig.now = replace(rig.now, q=quaternion(0.1, 0.05, 0.5))
    lock, follow = Flag.YAW_LOCK | Flag.PITCH_LOCK, Flag.PITCH_LOCK
    assert rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -30.0, 90.0, NAN, NAN, float(lock)) is Result.ACCEPTED
    assert rig.aims[-1] == pytest.approx((EARTH, 0.0, math.cos(30 * DEGREE), math.sin(30 * DEGREE)), abs=1e-12)
    rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -30.0, 90.0, NAN, NAN, float(follow))
    _, north, east, down = rig.aims[-1]
    assert math.atan2(east, north) == pytest.approx(0.5 + 0.5 * math.pi)
    assert down == pytest.approx(0.5)


def test_a_place_is_handed_on_in_ecef() -> None:
    rig = Rig()
    assert rig.ask(Command.DO_SET_ROI_LOCATION, 0, 0, 0, 0, 50.1, 70.2, 350.0) is Result.ACCEPTED
    truth = earth.ecef(50.1 * DEGREE, 70.2 * DEGREE, 350.0)
    assert rig.aims[-1] == pytest.approx((PLACE, *(float(v) for v in (truth.x, truth.y, truth.z))), abs=1e-6)


@pytest.mark.parametrize(
    ("command", "p", "answer"),
    [
        (Command.DO_GIMBAL_MANAGER_PITCHYAW, (-150.0, 0.0), Result.DENIED),
        (Command.DO_GIMBAL_MANAGER_PITCHYAW, (NAN, NAN, 90.0, 0.0), Result.DENIED),
        (Command.DO_GIMBAL_MANAGER_PITCHYAW, (), Result.DENIED),
        (Command.DO_SET_ROI_LOCATION, (0, 0, 0, 0, 91.0, 0.0, 0.0), Result.DENIED),
        (Command.DO_SET_ROI_SYSID, (2.0,), Result.UNSUPPORTED),
        (Command.IMAGE_START_CAPTURE, (0.0, 1.0, 1.0), Result.UNSUPPORTED),
        (Command.VIDEO_START_CAPTURE, (), Result.UNSUPPORTED),
        (Command.SET_CAMERA_ZOOM, (2.0, 140.0), Result.DENIED),
        (16, (), None),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(command: int, p: tuple[float, ...], answer: Any) -> None:
    rig = Rig()
    assert rig.ask(command, *p) is answer
    assert rig.aims == []


def test_only_the_holder_points() -> None:
    rig = Rig()
    assert rig.ask(Command.DO_GIMBAL_MANAGER_CONFIGURE, -2.0, -2.0, -1.0, -1.0) is Result.ACCEPTED
    assert rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 0.0, NAN, NAN, 0.0, by=BEN) is Result.DENIED
    assert rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 0.0, NAN, NAN, 0.0) is Result.ACCEPTED
    angles = {"pitch": 0.0, "yaw": 1.0, "pitch_rate": NAN, "yaw_rate": NAN}
    stream = SimpleNamespace(name="GIMBAL_MANAGER_SET_PITCHYAW", flags=16, **angles)
    count = len(rig.aims)
    rig.gimbal.heard(stream, BEN, Now())
    assert len(rig.aims) == count
    rig.gimbal.heard(stream, ANA, Now())
    assert rig.aims[-1] == pytest.approx((EARTH, math.cos(1.0), math.sin(1.0), 0.0), abs=1e-12)
    rig.ask(Command.DO_GIMBAL_MANAGER_CONFIGURE, -3.0, -3.0, -1.0, -1.0)
    assert rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 0.0, NAN, NAN, 0.0, by=BEN) is Result.ACCEPTED


def test_a_rate_turns_the_line_of_sight_with_simulated_time() -> None:
    rig = Rig()
    rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, NAN, NAN, 0.0, 10.0, float(Flag.YAW_LOCK))
    for k in range(21):
        list(rig.gimbal.due(Now(simulated=0.1 * k, wall=0.005 * k)))
    _, north, east, _ = rig.aims[-1]
    assert math.atan2(east, north) == pytest.approx(20.0 * DEGREE, abs=1e-9)


def test_the_camera_sees_below_what_geometry_says() -> None:
    """Straight down from 3,000 m with 30 degrees: a rectangle of 2 x 3000 x tan 15 by nine sixteenths of it."""
    rig = Rig()
    rig.now = replace(rig.now, elevation=-0.5 * math.pi)
    corners = rig.gimbal.footprint()
    assert corners is not None
    around = earth.MEAN_RADIUS * math.cos(50 * DEGREE)
    metres = [
        ((a - rig.now.latitude) * earth.MEAN_RADIUS, (b - rig.now.longitude) * around)
        for a, b in corners
    ]
    wide = 3000.0 * math.tan(15.0 * DEGREE)
    assert [(round(n), round(e)) for n, e in metres] == [
        (round(n * wide), round(e * wide)) for n, e in ((0.5625, -1), (0.5625, 1), (-0.5625, 1), (-0.5625, -1))
    ]


def test_above_the_horizon_there_is_no_footprint() -> None:
    rig = Rig()
    assert rig.gimbal.footprint() is None
    rig.now = replace(rig.now, elevation=-30.0 * DEGREE, q=quaternion(0.0, 0.6, 0.0))
    assert rig.gimbal.footprint() is None


def test_a_bank_turns_what_is_seen() -> None:
    """Looking right at -20 degrees in a right bank of 20 degrees is looking down at 40 degrees."""
    rig = Rig()
    rig.now = replace(rig.now, azimuth=0.5 * math.pi, elevation=-20.0 * DEGREE, q=quaternion(20 * DEGREE, 0.0, 0.0))
    where = rig.gimbal.where()
    assert where is not None
    east = (where[1] - rig.now.longitude) * earth.MEAN_RADIUS * math.cos(50 * DEGREE)
    assert east == pytest.approx(3000.0 / math.tan(40 * DEGREE), rel=1e-9)


def test_it_reports_five_times_a_second_of_the_wall_whatever_the_speed() -> None:
    rig = Rig()
    told = [
        o.name for k in range(100) for o in rig.gimbal.due(Now(simulated=2.0 * k, wall=0.1 * k, speed=20.0))
    ]
    assert 48 <= told.count("GIMBAL_DEVICE_ATTITUDE_STATUS") <= 51


def test_without_power_it_is_not_pointed() -> None:
    rig = Rig()
    rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -10.0, 0.0, NAN, NAN, 0.0)
    rig.now = replace(rig.now, powered=False)
    answer = rig.ask(Command.DO_GIMBAL_MANAGER_PITCHYAW, -20.0, 0.0, NAN, NAN, 0.0)
    assert answer is Result.TEMPORARILY_REJECTED
    assert rig.ask(Command.DO_SET_ROI_NONE) is Result.ACCEPTED
    assert rig.aims[-1][0] == STOWED

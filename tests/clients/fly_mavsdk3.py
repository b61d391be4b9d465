"""A whole flight by MAVSDK 3 (the gRPC client of most published scripts): run with the client's own Python.

    fly_mavsdk3.py PORT

It prints one JSON line with what it saw.
"""

# mypy: ignore-errors
import asyncio
import json
import sys
import time

from mavsdk import System
from mavsdk.action import ActionError
from mavsdk.mission_raw import MissionItem

BEGAN = time.monotonic()
WAYPOINT, TAKE_OFF, HOME = 16, 22, 20
RELATIVE, MISSION = 6, 2


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} {text}", file=sys.stderr, flush=True)


def item(seq: int, command: int, latitude: float, longitude: float, height: float) -> MissionItem:
    place = round(latitude * 1e7), round(longitude * 1e7)
    return MissionItem(seq, RELATIVE if command != HOME else MISSION, command, int(seq == 0), 1, 0.0, 0.0, 0.0, 0.0,
                       *place, height, 0)  # fmt: skip


PLAN = [
    item(0, TAKE_OFF, 51.0, 71.45, 300.0), item(1, WAYPOINT, 50.95, 71.33, 500.0),
    item(2, WAYPOINT, 50.99, 71.30, 550.0), item(3, HOME, 0.0, 0.0, 0.0),
]  # fmt: skip


async def first(stream, wanted, limit: float):
    """The first value that is wanted."""

    async def wait():
        async for value in stream:
            if wanted(value):
                return value

    return await asyncio.wait_for(wait(), limit)


async def texts(drone, seen: dict) -> None:
    async for text in drone.telemetry.status_text():
        seen["texts"].append(text.text)
        say(f"  {text.text}")


async def modes(drone, seen: dict) -> None:
    async for mode in drone.telemetry.flight_mode():
        if not seen["modes"] or seen["modes"][-1] != mode.name:
            seen["modes"].append(mode.name)


async def refused(name: str, call, seen: dict) -> None:
    try:
        await call()
        seen[name] = "accepted"
    except ActionError as error:
        seen[name] = error._result.result.name


async def main(port: int) -> dict:
    seen: dict = {"texts": [], "modes": []}
    drone = System(port=50000 + port % 10000)
    await drone.connect(system_address=f"udpin://127.0.0.1:{port}")
    await first(drone.core.connection_state(), lambda state: state.is_connected, 60.0)
    say("connected")
    watch = [asyncio.create_task(texts(drone, seen)), asyncio.create_task(modes(drone, seen))]
    await first(drone.telemetry.health(), lambda h: h.is_global_position_ok and h.is_home_position_ok, 60.0)
    await first(drone.telemetry.health_all_ok(), bool, 60.0)
    say("healthy")
    await drone.mission_raw.upload_mission(PLAN)
    held = await drone.mission_raw.download_mission()
    seen["held"] = [[each.command, each.x, each.y, each.z] for each in held]
    say("uploaded and read back")
    await drone.action.arm()
    await first(drone.telemetry.armed(), bool, 20.0)
    say("armed")
    await drone.mission_raw.start_mission()
    await first(drone.telemetry.in_air(), bool, 120.0)
    say("in the air")
    await refused("disarm", drone.action.disarm, seen)
    await first(drone.mission_raw.mission_progress(), lambda p: p.current >= 2, 240.0)
    await drone.mission_raw.pause_mission()
    await first(drone.telemetry.flight_mode(), lambda mode: mode.name == "HOLD", 20.0)
    say("holding")
    await drone.mission_raw.start_mission()
    await first(drone.telemetry.flight_mode(), lambda mode: mode.name == "MISSION", 20.0)
    await first(drone.telemetry.in_air(), lambda flying: not flying, 300.0)
    say("landed")
    await first(drone.telemetry.armed(), lambda armed: not armed, 60.0)
    say("engine off")
    place = await first(drone.telemetry.position(), lambda p: True, 10.0)
    seen["place"] = [place.latitude_deg, place.longitude_deg, place.relative_altitude_m]
    for each in watch:
        each.cancel()
    return seen


print(json.dumps(asyncio.run(main(int(sys.argv[1])))), flush=True)

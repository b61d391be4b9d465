"""A whole flight by MAVSDK 4, as its own examples fly: run with the client's own Python, not with samruk's.

    fly_mavsdk4.py PORT

It prints one JSON line with what it saw.
"""

# mypy: ignore-errors
import asyncio
import json
import sys
import time

from mavsdk.asyncio import Mavsdk
from mavsdk.asyncio.plugins.action import ActionAsync
from mavsdk.asyncio.plugins.mission import MissionAsync
from mavsdk.asyncio.plugins.telemetry import TelemetryAsync
from mavsdk.component_type import ComponentType
from mavsdk.mavsdk import Configuration
from mavsdk.plugins.mission import MissionItem, MissionPlan

WAY = [(50.95, 71.33, 500.0), (50.99, 71.30, 550.0)]
"""Degrees, degrees, m above home."""


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} {text}", file=sys.stderr, flush=True)


BEGAN = time.monotonic()


def item(latitude: float, longitude: float, height: float) -> MissionItem:
    return MissionItem(latitude_deg=latitude, longitude_deg=longitude, relative_altitude_m=height, is_fly_through=True)


async def until(stream, wanted, limit: float):
    """The first value that is wanted."""

    async def wait():
        async for value in stream:
            if wanted(value):
                return value

    return await asyncio.wait_for(wait(), limit)


async def main(port: int) -> dict:
    seen: dict = {"modes": [], "texts": []}
    config = Configuration.create_with_component_type(ComponentType.GROUND_STATION)
    async with Mavsdk(config) as mavsdk:
        await mavsdk.add_any_connection(f"udpin://127.0.0.1:{port}")
        system = await mavsdk.first_autopilot(timeout_s=30.0)
        assert system is not None, "no autopilot"
        action, mission, telemetry = ActionAsync(system), MissionAsync(system), TelemetryAsync(system)
        watch = [asyncio.create_task(modes(telemetry, seen)), asyncio.create_task(texts(telemetry, seen))]
        say("connected")
        await until(telemetry.subscribe_health_all_ok(), bool, 60.0)
        say("healthy")
        seen["type"] = int(await system.vehicle_type())
        await mission.set_return_to_launch_after_mission(True)
        await mission.upload_mission(MissionPlan(mission_items=[item(*each) for each in WAY]))
        held = await mission.download_mission()
        found = held.mission_items
        seen["held"] = [[each.latitude_deg, each.longitude_deg, each.relative_altitude_m] for each in found]
        say("uploaded and read back")
        try:
            await action.arm()
        finally:
            await asyncio.sleep(0.3)
        seen["armed"] = bool(await telemetry.armed())
        say("armed")
        await mission.start_mission()
        await until(telemetry.subscribe_in_air(), bool, 120.0)
        say("in the air")
        await until(telemetry.subscribe_position(), lambda p: p.relative_altitude_m > 300.0, 120.0)
        await refused_in_the_air(action, seen)
        await until(mission.subscribe_mission_progress(), lambda p: p.current >= p.total, 240.0)
        seen["finished"] = bool(await mission.is_mission_finished())
        say("mission finished")
        await until(telemetry.subscribe_in_air(), lambda flying: not flying, 240.0)
        say("landed")
        await until(telemetry.subscribe_armed(), lambda armed: not armed, 60.0)
        say("engine off")
        place = await telemetry.position()
        seen["place"] = [place.latitude_deg, place.longitude_deg, place.relative_altitude_m]
        for each in watch:
            each.cancel()
    return seen


async def modes(telemetry, seen: dict) -> None:
    async for mode in telemetry.subscribe_flight_mode():
        name = getattr(mode, "name", str(mode))
        if not seen["modes"] or seen["modes"][-1] != name:
            seen["modes"].append(name)


async def texts(telemetry, seen: dict) -> None:
    async for text in telemetry.subscribe_status_text():
        seen["texts"].append(text.text)
        say(f"  {text.text}")


async def refused_in_the_air(action, seen: dict) -> None:
    """Nothing disarms in the air."""
    for name in ("disarm", "kill"):
        try:
            await getattr(action, name)()
            seen[name] = "accepted"
        except Exception as error:
            seen[name] = str(error)


print(json.dumps(asyncio.run(main(int(sys.argv[1])))), flush=True)

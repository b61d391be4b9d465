"""MAVSDK 4 learns a dialect from its file and tells every message of it that it hears. Run with the client's Python.

    dialect_mavsdk4.py PORT FILE NAME...

It sends SAMRUK_SHOWN when all have come, and prints one JSON line: fields by message.
"""

# mypy: ignore-errors
import asyncio
import json
import sys
from pathlib import Path

from mavsdk.asyncio import Mavsdk
from mavsdk.asyncio.plugins.mavlink_direct import MavlinkDirectAsync
from mavsdk.component_type import ComponentType
from mavsdk.mavsdk import Configuration
from mavsdk.plugins.mavlink_direct import MavlinkMessage


async def main(port: int, file: str, names: list[str]) -> dict:
    async with Mavsdk(Configuration.create_with_component_type(ComponentType.GROUND_STATION)) as mavsdk:
        await mavsdk.add_any_connection(f"udpin://127.0.0.1:{port}")
        direct = MavlinkDirectAsync(await mavsdk.first_autopilot(timeout_s=10.0))
        await direct.load_custom_xml(Path(file).read_text())
        seen: dict = {}

        async def watch(name):
            async for message in direct.subscribe_message(name):
                seen[name] = json.loads(message.fields_json)
                return

        await asyncio.gather(*(asyncio.wait_for(watch(name), 15) for name in names), return_exceptions=True)
        shown = {"altitude": 1500.5, "airspeed": 51.0, "heading": 1.0, "id": [1, 2, 3, 4], "target_system": 1,
                 "mode": 6, "engine": 1, "gear": 0, "flap": 0, "protection": 0, "bearer": 2}
        for _ in range(5):
            await direct.send_message(MavlinkMessage("SAMRUK_SHOWN", 245, 190, 1, 1, json.dumps(shown)))
            await asyncio.sleep(0.1)
    return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(asyncio.wait_for(main(int(sys.argv[1]), sys.argv[2], sys.argv[3:]), 30))), flush=True)

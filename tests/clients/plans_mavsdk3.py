"""Plans, parameters and files with MAVSDK 3: run by hand (or by test_clients.py) in an environment that holds it.

    python tests/clients/plans_mavsdk3.py PORT
"""

# mypy: ignore-errors
from __future__ import annotations

# mypy: ignore-errors
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from mavsdk import System
from mavsdk.mission import MissionItem, MissionPlan
from mavsdk.mission_raw import MissionItem as RawItem
from mavsdk.mission_raw import MissionRawError

NAN = float("nan")


def item(number: int, command: int, x: int = 0, y: int = 0, z: float = 0.0, frame: int = 6, **p: float) -> RawItem:
    values = [p.get(f"p{k}", 0.0) for k in range(1, 5)]
    return RawItem(number, frame, command, int(number == 0), 1, *values, x, y, z, 0)


async def main(port: int) -> None:
    address = f"udpin://127.0.0.1:{port}"
    drone = System(port=50000 + port % 10000)
    await drone.connect(system_address=address)
    async for state in drone.core.connection_state():
        if state.is_connected:
            break
    home = await anext(drone.telemetry.home())
    x, y = round(home.latitude_deg * 1e7), round(home.longitude_deg * 1e7)
    plan = [
        item(0, 22, x + 300000, y, 600.0), item(1, 16, x + 600000, y, 700.0), item(2, 178, frame=2, p1=0, p2=50, p3=-1),
        item(3, 18, x + 600000, y + 600000, 800.0, p1=2, p3=-1500), item(4, 177, frame=2, p1=1, p2=1),
        item(5, 189, frame=2), item(6, 21, x, y, 0.0),
    ]  # fmt: skip
    await drone.mission_raw.upload_mission(plan)
    back = await drone.mission_raw.download_mission()
    assert [(i.command, i.x, i.y, i.z) for i in back] == [(i.command, i.x, i.y, i.z) for i in plan], back
    try:
        await drone.mission_raw.upload_mission([item(0, 82, x, y, 500.0)])
        raise AssertionError("a spline was taken")
    except MissionRawError as error:
        print("refused:", error)
    assert len(await drone.mission_raw.download_mission()) == len(plan), "the old mission is gone"
    fence = [RawItem(k, 0, 5001, 0, 1, 4.0, 0, 0, 0, x + dx, y + dy, 0.0, 1) for k, (dx, dy) in enumerate(
        [(-3000000, -3000000), (3000000, -3000000), (3000000, 3000000), (-3000000, 3000000)])]  # fmt: skip
    await drone.mission_raw.upload_geofence(fence)
    await drone.mission_raw.upload_rally_points([RawItem(0, 3, 5100, 0, 1, 0, 0, 0, 0, x + 200000, y, 300.0, 2)])
    points = [MissionItem(home.latitude_deg + 0.02 * k, home.longitude_deg + 0.02, 700.0, 45.0, True, NAN, NAN,
                          MissionItem.CameraAction.NONE, NAN, NAN, NAN, NAN, NAN, MissionItem.VehicleAction.NONE)
              for k in range(1, 4)]  # fmt: skip
    await drone.mission.upload_mission(MissionPlan(points))
    got = await drone.mission.download_mission()
    print("mission:", len(got.mission_items))
    parameters = await drone.param.get_all_params()
    print("parameters:", len(parameters.int_params), len(parameters.float_params))
    await drone.param.set_param_float("SAM_RESERVE", 3000.0)
    assert await drone.param.get_param_float("SAM_RESERVE") == 3000.0
    await drone.param.set_param_int("GF_ACTION", 1)
    assert await drone.param.get_param_int("GF_ACTION") == 1
    assert await drone.param.get_param_int("COM_FLTMODE1") == -1
    try:
        await drone.param.set_param_float("SAM_RESERVE", 1.0)
        print("a wrong value gave no error")
    except Exception as error:
        print("refused:", error)
    assert await drone.param.get_param_float("SAM_RESERVE") == 3000.0
    listing = await drone.ftp.list_directory("/")
    print("files:", listing)
    with tempfile.TemporaryDirectory() as folder:
        for burst in (False, True):
            async for progress in drone.ftp.download("/parameters.json", folder, burst):
                last = progress
            found = json.loads(Path(folder, "parameters.json").read_text())
            assert len(found["parameters"]) == len(parameters.int_params) + len(parameters.float_params)
            print("downloaded", "in a burst" if burst else "by pieces", last)
            Path(folder, "parameters.json").unlink()
        Path(folder, "note.txt").write_text("samruk" * 100)
        async for _ in drone.ftp.upload(f"{folder}/note.txt", "/scratch"):
            pass
        assert await drone.ftp.are_files_identical(f"{folder}/note.txt", "/scratch/note.txt")
    print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    asyncio.run(asyncio.wait_for(main(int(sys.argv[1])), 120))

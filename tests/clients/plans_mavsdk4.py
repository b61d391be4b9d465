"""Plans, parameters, files and logs by MAVSDK 4: run with the client's own Python, not with samruk's.

    plans_mavsdk4.py PORT

It prints one JSON line with what it saw.
"""

# mypy: ignore-errors
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from mavsdk.asyncio import Mavsdk
from mavsdk.asyncio.plugins.ftp import FtpAsync
from mavsdk.asyncio.plugins.log_files import LogFilesAsync
from mavsdk.asyncio.plugins.mission_raw import MissionRawAsync
from mavsdk.asyncio.plugins.param import ParamAsync
from mavsdk.component_type import ComponentType
from mavsdk.mavsdk import Configuration
from mavsdk.plugins.mission_raw import MissionItem

X, Y = 509_500_000, 713_300_000
"""1e-7 deg, near the mission's home."""


def item(number, command, x=0, y=0, z=0.0, frame=6, kind=0, **p):
    values = {f"param{k}": float(p.get(f"p{k}", 0.0)) for k in range(1, 5)}
    return MissionItem(seq=number, frame=frame, command=command, current=int(number == 0), autocontinue=1, x=x, y=y,
                       z=z, mission_type=kind, **values)  # fmt: skip


async def plans(system) -> dict:
    raw = MissionRawAsync(system)
    plan = [
        item(0, 16, X, Y, 700.0), item(1, 18, X, Y + 600000, 800.0, p1=2, p3=-1500), item(2, 177, frame=2, p1=0, p2=1),
        item(3, 20, frame=2),
    ]  # fmt: skip
    await raw.upload_mission(plan)
    back = await raw.download_mission()
    assert [(i.command, i.x, i.y, i.z) for i in back] == [(i.command, i.x, i.y, i.z) for i in plan]
    refused = ""
    try:
        await raw.upload_mission([item(0, 82, X, Y, 500.0)])
    except Exception as error:
        refused = str(error)
    corners = [(-6000000, -6000000), (6000000, -6000000), (6000000, 6000000), (-6000000, 6000000)]
    await raw.upload_geofence([item(k, 5001, X + dx, Y + dy, 0.0, 0, 1, p1=4) for k, (dx, dy) in enumerate(corners)])
    await raw.upload_rally_points([item(0, 5100, X + 100000, Y, 300.0, 3, 2)])
    fence, rally = await raw.download_geofence(), await raw.download_rallypoints()
    return {"mission": len(await raw.download_mission()), "refused": refused, "fence": len(fence), "rally": len(rally)}


async def values(system) -> dict:
    param = ParamAsync(system)
    found = await param.get_all_params()
    await param.set_param_float("SAM_RESERVE", 3000.0)
    await param.set_param_int("GF_ACTION", 1)
    refused = ""
    try:
        await param.set_param_float("SAM_RESERVE", 1.0)
    except Exception as error:
        refused = str(error)
    return {
        "parameters": len(found.int_params) + len(found.float_params), "refused_value": refused,
        "reserve": await param.get_param_float("SAM_RESERVE"), "action": await param.get_param_int("GF_ACTION"),
        "below_zero": await param.get_param_int("COM_FLTMODE1"),
    }  # fmt: skip


async def files(system, folder: str) -> dict:
    ftp = FtpAsync(system)
    listing = await ftp.list_directory("/")
    sizes = []
    for burst in (False, True):
        async for _ in ftp.download("/parameters.json", folder, burst):
            pass
        file = Path(folder, "parameters.json")
        sizes.append(len(json.loads(file.read_text())["parameters"]))
        file.unlink()
    Path(folder, "note.txt").write_text("samruk" * 100)
    async for _ in ftp.upload(f"{folder}/note.txt", "/scratch"):
        pass
    same = await ftp.are_files_identical(f"{folder}/note.txt", "/scratch/note.txt")
    return {"folder": len(listing.entries), "downloads": sizes, "same": same}


async def logs(system, folder: str) -> dict:
    service = LogFilesAsync(system)
    entries = await service.get_entries()
    target = f"{folder}/log.tlog"
    async for _ in service.download_log_file(entries[0], target):
        pass
    return {"logs": len(entries), "log_bytes": Path(target).stat().st_size, "log_listed": entries[0].size_bytes}


async def main(port: int) -> dict:
    config = Configuration.create_with_component_type(ComponentType.GROUND_STATION)
    async with Mavsdk(config) as mavsdk:
        await mavsdk.add_any_connection(f"udpin://127.0.0.1:{port}")
        system = await mavsdk.first_autopilot(timeout_s=30.0)
        with tempfile.TemporaryDirectory() as folder:
            seen = {}
            for part in (plans(system), values(system), files(system, folder), logs(system, folder)):
                seen |= await part
                print(seen, file=sys.stderr, flush=True)
            return seen


if __name__ == "__main__":
    print(json.dumps(asyncio.run(asyncio.wait_for(main(int(sys.argv[1])), 90.0))), flush=True)

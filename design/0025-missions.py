"""How often a plan is mixed or cut when rules of the upload are left out: the table of 0025-missions.md.

    python design/0025-missions.py
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from samruk.vehicle import missions

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

RULES: dict[str, dict[str, float]] = {
    "as they are": {},
    "no wait after a transfer, no passing over of late offers": {"LATEST": 0.0},
    "an upload is given up after 20 s": {"GIVEN_UP": 20.0},
    "neither": {"LATEST": 0.0, "GIVEN_UP": 20.0},
}
SESSIONS = 400


def session(seed: int) -> bool:
    """Ten uploads of one or two items, one at once after the other, 30 % of the frames twice, up to 0.9 s late; whether
    what is stored was ever mixed or cut."""
    from tests.vehicle import test_missions as t
    from tests.vehicle.protocol_path import Path as Way

    from samruk.rules.items import Item, Kind

    chance = random.Random(seed)
    held = missions.Missions()
    to, back = Way(seed, 0.1, 0.3, 0.9), Way(seed + 1, 0.1, 0.3, 0.9)
    offered: list[tuple[Item, ...]] = [()]
    time = 0.0
    for turn in range(10):
        client = t.Uploader(t.STATION, Kind.MISSION, t.plan(turn, chance.randint(1, 2)), to)
        offered.append(client.items)
        time = t.run(held, [client], to, back, time, 90.0)
        if held.plans[Kind.MISSION] not in offered:
            return True
    return False


def main() -> None:
    """Print a line for each."""
    for name, changed in RULES.items():
        kept = {each: getattr(missions, each) for each in changed}
        for each, value in changed.items():
            setattr(missions, each, value)
        wrong = sum(session(seed) for seed in range(SESSIONS))
        for each, value in kept.items():
            setattr(missions, each, value)
        print(f"{name}: {wrong} of {SESSIONS}")


if __name__ == "__main__":
    main()

"""The codec beside pymavlink, in the same run: microseconds to write and to read a frame.

    python benchmarks/mavlink.py [--rounds 7] [--json]

Both get the same messages with the same numbers; rounds alternate, medians are compared. Whole frames go in and out:
header, checksum, payload. Needs pymavlink.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import struct
import time
import warnings
from collections.abc import Callable
from typing import Any

from samruk.link.mavlink import MESSAGES, Parser, encode

MESSAGES_SENT = (
    "HEARTBEAT", "ATTITUDE", "GLOBAL_POSITION_INT", "VFR_HUD", "SYS_STATUS", "MISSION_ITEM_INT", "STATUSTEXT"
)  # fmt: skip
COUNT = 2000


class Pipe:
    """Where pymavlink writes."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, data: bytes) -> None:
        """Keep the last frame."""
        self.data = data


def values(name: str) -> dict[str, Any]:
    """Fields with numbers of the usual size."""
    rng, found = random.Random(name), {}
    for each in MESSAGES[name].fields:
        small = struct.unpack("<f", struct.pack("<f", rng.uniform(-1.0, 1.0)))[0]
        one = small if each.code == "f" else rng.randint(0, 100)
        found[each.name] = b"text" if each.is_text else [one] * each.length if each.length else one
    return found


def timed(call: Callable[[], Any]) -> float:
    """us of processor time for one of `COUNT` calls."""
    begin = time.process_time()
    for _ in range(COUNT):
        call()
    return 1e6 * (time.process_time() - begin) / COUNT


def measured(name: str, rounds: int) -> dict[str, float]:
    """us of each task for one message: medians over the rounds."""
    from pymavlink.dialects.v20 import common as peer

    fields, pipe, ours = values(name), Pipe(), Parser()
    link, reader = peer.MAVLink(pipe, srcSystem=1, srcComponent=1), peer.MAVLink(Pipe())
    kind = peer.mavlink_map[MESSAGES[name].number]
    frame = encode(name, fields, system=1)
    tasks: dict[str, Callable[[], Any]] = {
        "write": lambda: encode(name, fields, system=1),
        "write, pymavlink": lambda: link.send(kind(**fields)),
        "read": lambda: ours.datagram(frame),
        "read, pymavlink": lambda: reader.parse_buffer(bytearray(frame)),
    }
    spent: dict[str, list[float]] = {task: [] for task in tasks}
    for _ in range(rounds):
        for task, call in tasks.items():
            spent[task].append(timed(call))
    return {task: statistics.median(each) for task, each in spent.items()}


def main() -> None:
    """Measure and print."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--json", action="store_true")
    given = words.parse_args()
    warnings.simplefilter("ignore")
    rows = {name: measured(name, given.rounds) for name in MESSAGES_SENT}
    if given.json:
        print(json.dumps(rows))
        return
    for name, row in rows.items():
        ratios = row["write, pymavlink"] / row["write"], row["read, pymavlink"] / row["read"]
        print(f"{name:22} write {row['write']:5.1f} us ({ratios[0]:.1f} x pymavlink)  "
              f"read {row['read']:5.1f} us ({ratios[1]:.1f} x pymavlink)")  # fmt: skip


if __name__ == "__main__":
    main()

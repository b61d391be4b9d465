"""A whole flight by MAVProxy, typed as a person types it: run with the Python of MAVProxy's environment.

    fly_mavproxy.py PORT

It prints one JSON line with what MAVProxy showed.
"""

# mypy: ignore-errors
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BEGAN = time.monotonic()
PLAN = """QGC WPL 110
0\t1\t3\t22\t0\t0\t0\t0\t51.0\t71.45\t300\t1
1\t0\t3\t16\t0\t0\t0\t0\t50.95\t71.33\t500\t1
2\t0\t3\t16\t0\t0\t0\t0\t50.99\t71.30\t550\t1
3\t0\t3\t20\t0\t0\t0\t0\t0\t0\t0\t1
"""
"""As PX4's files are: no line for home."""


def say(text: str) -> None:
    print(f"{time.monotonic() - BEGAN:6.1f} {text}", file=sys.stderr, flush=True)


class Typed:
    """MAVProxy with a keyboard."""

    def __init__(self, port: int, folder: str) -> None:
        program = Path(sys.executable).parent / "mavproxy.py"
        modules = "wp,arm,mode,misc,cmdlong,link,param,rally"
        self.process = subprocess.Popen(
            [sys.executable, str(program), f"--master=udpin:127.0.0.1:{port}", f"--default-modules={modules}",
             f"--state-basedir={folder}", "--aircraft=a"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder,
        )  # fmt: skip
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            text = re.sub(r"\x1b\[[0-9;]*m", "", line).strip()
            self.lines.append(text)
            if text:
                say(f"  {text}")

    def type(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        say(f"> {text}")

    def wait(self, pattern: str, limit: float, start: int = 0) -> str:
        """The first line from `start` that has the pattern."""
        end = time.monotonic() + limit
        while time.monotonic() < end:
            found = next((line for line in self.lines[start:] if re.search(pattern, line)), None)
            if found is not None:
                return found
            time.sleep(0.05)
        raise TimeoutError(f"MAVProxy did not show {pattern!r} in {limit:.0f} s; last: {self.lines[-5:]}")

    def __len__(self) -> int:
        return len(self.lines)


def fly(port: int, folder: str) -> dict:
    plan = Path(folder) / "plan.txt"
    plan.write_text(PLAN)
    typed = Typed(port, folder)
    try:
        typed.wait(r"Detected vehicle|online system 1", 60.0)
        typed.wait(r"Received \d+ parameters|Mode|mode", 30.0)
        typed.type(f"wp load {plan}")
        typed.wait(r"Loaded \d+ waypoints|Flight plan received|Sent all", 30.0)
        for _ in range(30):
            begin = len(typed)
            typed.type("arm throttle")
            if "ACCEPTED" in typed.wait(r"COMMAND_ACK: COMPONENT_ARM_DISARM", 10.0, begin):
                break
            time.sleep(0.5)
        typed.wait("^ARMED", 20.0)
        typed.type("long MISSION_START 0 0 0 0 0 0 0")  # `mode mission` cannot be said: it knows PX4's modes as triples
        typed.wait("Take off", 60.0)
        typed.wait("Route", 120.0)
        begin = len(typed)
        typed.type("disarm")
        refused = typed.wait(r"COMMAND_ACK: COMPONENT_ARM_DISARM", 10.0, begin)
        typed.wait("Flare", 300.0)
        typed.wait("DISARMED", 120.0)
        time.sleep(0.5)
        typed.type("exit")
    finally:
        time.sleep(0.2)
        typed.process.terminate()
    return {"refused": refused, "lines": [line for line in typed.lines if line]}


with tempfile.TemporaryDirectory() as home:
    print(json.dumps(fly(int(sys.argv[1]), home)), flush=True)

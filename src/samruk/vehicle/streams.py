"""Which message goes out how often on which way, by the wall clock."""

from __future__ import annotations

from dataclasses import dataclass, field

FASTEST = 0.02
"""Wall s, the shortest interval that is served."""

RATES: dict[str, float] = {
    "HEARTBEAT": 1.0, "SYS_STATUS": 1.0, "EXTENDED_SYS_STATE": 2.0, "SYSTEM_TIME": 1.0,
    "GPS_RAW_INT": 1.0, "GLOBAL_POSITION_INT": 10.0, "LOCAL_POSITION_NED": 2.0,
    "ATTITUDE": 10.0, "ATTITUDE_QUATERNION": 2.0, "VFR_HUD": 5.0, "ALTITUDE": 2.0,
    "BATTERY_STATUS": 0.5, "FUEL_STATUS": 1.0, "EFI_STATUS": 0.5, "GENERATOR_STATUS": 0.5,
    "WIND_COV": 1.0, "HOME_POSITION": 0.5, "NAV_CONTROLLER_OUTPUT": 2.0,
    "POSITION_TARGET_GLOBAL_INT": 1.0, "ESTIMATOR_STATUS": 1.0, "SCALED_PRESSURE": 1.0, "HIGHRES_IMU": 1.0,
    "CURRENT_MODE": 0.5, "SAMRUK_MODE": 2.0, "SAMRUK_FUEL": 1.0, "SAMRUK_ICE": 1.0, "SAMRUK_HEAT": 0.5,
    "SAMRUK_LINKS": 1.0,
}  # fmt: skip
"""Hz of wall clock on a wide way."""
THIN: dict[str, float] = {
    "HEARTBEAT": 1.0, "HIGH_LATENCY2": 1.0, "ATTITUDE": 1.0, "SAMRUK_MODE": 1.0, "SAMRUK_LINKS": 0.5,
    "SAMRUK_FUEL": 0.2, "SAMRUK_ICE": 0.2, "SYSTEM_TIME": 0.2, "EFI_STATUS": 0.2, "SAMRUK_ROUTE_VERSIONS": 0.1,
}  # fmt: skip
"""Hz on a thin way, a satellite's: some 3 kbit/s. What a pilot flies by comes every second, so that no screen has to
strike it out."""
GROUPS: dict[int, tuple[str, ...]] = {
    1: ("SCALED_PRESSURE", "HIGHRES_IMU"),
    2: ("SYS_STATUS", "GPS_RAW_INT", "NAV_CONTROLLER_OUTPUT"),
    6: ("GLOBAL_POSITION_INT", "LOCAL_POSITION_NED"),
    10: ("ATTITUDE", "ATTITUDE_QUATERNION"),
    11: ("VFR_HUD",),
    12: ("ALTITUDE", "WIND_COV", "EFI_STATUS"),
}
"""MAV_DATA_STREAM of the old REQUEST_DATA_STREAM: its messages here."""
LEAST_GROUP = 1.0
"""Hz: REQUEST_DATA_STREAM cannot make a group slower than this; MAVProxy asks for 4 Hz of everything."""


@dataclass
class Streams:
    """Intervals of one way."""

    thin: bool = False
    """True on a way that carries little."""
    asked: dict[str, float] = field(default_factory=dict)
    """Hz that a client asked for, by message; 0 stops it."""
    own: dict[str, float] = field(default_factory=dict)
    """Hz of messages that other services stream."""
    _sent: dict[str, float] = field(default_factory=dict)

    def rate(self, name: str) -> float:
        """Hz of a message."""
        if self.thin:
            return THIN.get(name, 0.0)
        return self.asked.get(name, self.own.get(name, RATES.get(name, 0.0)))

    def names(self) -> list[str]:
        """Messages that are sent at all."""
        return [name for name in (THIN if self.thin else {**RATES, **self.own, **self.asked}) if self.rate(name) > 0.0]

    def set_interval(self, name: str, interval_us: float) -> None:
        """SET_MESSAGE_INTERVAL: -1 stops, 0 is the default, else us."""
        if interval_us < 0:
            self.asked[name] = 0.0
        elif interval_us == 0:
            self.asked.pop(name, None)
        else:
            self.asked[name] = 1.0 / max(interval_us * 1e-6, FASTEST)

    def set_group(self, group: int, rate: float) -> None:
        """REQUEST_DATA_STREAM: group 0 is everything."""
        for name in sum(GROUPS.values(), ()) if group == 0 else GROUPS.get(group, ()):
            self.asked[name] = max(rate, LEAST_GROUP)

    def interval_us(self, name: str) -> int:
        """As MESSAGE_INTERVAL says it: -1 for a message that is not sent."""
        rate = self.rate(name)
        return round(1e6 / rate) if rate > 0.0 else -1

    def hasten(self, name: str) -> None:
        """Let a message be due at once: what it says has changed."""
        self._sent.pop(name, None)

    def due(self, wall: float) -> list[str]:
        """Messages whose time has come; it is taken that they are sent now."""
        found = []
        for name in self.names():
            period, last = 1.0 / self.rate(name), self._sent.get(name)
            if last is None or wall - last >= period - 1e-3:
                on_time = last is not None and wall - last < 2.0 * period
                self._sent[name] = last + period if last is not None and on_time else wall
                found.append(name)
        return found

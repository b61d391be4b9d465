"""Aerodrome reports and forecasts: METAR, SPECI and TAF as text in, numbers out.

Reference: WMO-No. 306, Manual on Codes, FM 15 METAR, FM 16 SPECI and FM 51 TAF; the United States' groups (visibility
in statute miles, altimeter in inches of mercury, tenths of a degree in the remarks) by FMH-1. Groups that no aircraft
here feels (runway visual range, runway state, recent weather, colour states) are passed over; anything else that is
not understood is named, not guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from samruk import units
from samruk.errors import InputError

MILE = 1609.344
"""m, statute."""
CLEAR_VISIBILITY = 10000.0
"""m, what 9999 and CAVOK say at least."""
INCH_OF_MERCURY = 3386.389
"""Pa, at 0 C."""

CALLED = frozenset(("METAR", "SPECI", "COR", "AUTO", "TAF", "AMD", "NIL", "CNL"))
INTENSITY = {"-": 0.5, "": 1.0, "+": 2.0, "VC": 0.0}
PHENOMENA = (
    "DZ", "RA", "SN", "SG", "IC", "PL", "GR", "GS", "UP", "BR", "FG", "FU", "VA", "DU", "SA", "HZ", "PO", "SQ", "FC",
    "SS", "DS", "PY",
)  # fmt: skip
DESCRIPTORS = ("MI", "BC", "PR", "DR", "BL", "SH", "TS", "FZ")
WEATHER = re.compile(rf"(?P<how>\+|-|VC)?(?P<kind>(?:{'|'.join(DESCRIPTORS)})*)(?P<what>(?:{'|'.join(PHENOMENA)})*)")
WIND = re.compile(r"(?P<from>\d{3}|VRB|///)P?(?P<speed>\d{2,3}|//)(?:GP?(?P<gust>\d{2,3}))?(?P<unit>KT|MPS|KMH)")
CLOUD = re.compile(r"(?P<amount>FEW|SCT|BKN|OVC|VV|///)(?P<base>\d{3}|///)(?P<kind>CB|TCU|///)?")
TEMPERATURE = re.compile(r"(?P<air>M?\d{2})/(?P<dew>M?\d{2}|//|XX)?")
TENTHS = re.compile(r"T(?P<a>[01])(?P<air>\d{3})(?:(?P<d>[01])(?P<dew>\d{3}))?")
PASSED = re.compile(
    r"R\d{2}[LCR]?/.*|RE[A-Z]+|WS|R\d{2}|ALL|RWY\d*[LCR]?|\d{3}V\d{3}|\d{4}(?:N|NE|E|SE|S|SW|W|NW|NDV)|"
    r"BLU\+?|WHT|GRN|YLO\d?|AMB|RED|BLACK\w*|W(?:M?\d{2}|//)/.*|T[XN]M?\d{2}/\d{4}Z|QNH\d{4}INS|NSW|(?://){1,3}|"
    r"WS\d{3}/\d{5}KT"
)
AMOUNT = {"FEW": 2.0 / 8.0, "SCT": 4.0 / 8.0, "BKN": 7.0 / 8.0, "OVC": 1.0, "VV": 1.0}
"""Largest part of the sky that the word means."""
SPEED = {"KT": units.KNOT, "MPS": 1.0, "KMH": 1.0 / 3.6}


@dataclass(frozen=True)
class Layer:
    """One layer of cloud."""

    amount: float
    """0..1 of the sky, the most that the report means."""
    base: float | None
    """m above the aerodrome; None where it was not measured."""
    convective: bool = False
    """Cumulonimbus or towering cumulus."""


@dataclass(frozen=True)
class Phenomenon:
    """Present weather."""

    code: str
    """As reported: `-FZRA`."""
    intensity: float
    """0 in the vicinity, 0.5 light, 1 moderate, 2 heavy."""
    freezing: bool
    shower: bool
    thunder: bool
    rain: bool
    """Rain or drizzle."""
    snow: bool
    """Snow, grains or pellets."""
    obscures: bool
    """Fog, mist, haze, smoke, dust or sand."""


@dataclass(frozen=True)
class Conditions:
    """The air at an aerodrome, as reported or forecast; None is what was not said."""

    wind_from: float | None = None
    """rad, true; None in a variable wind."""
    wind: float | None = None
    """m/s, mean of ten minutes (United States: two)."""
    gust: float | None = None
    """m/s."""
    visibility: float | None = None
    """m; 10,000 says that much or more."""
    weather: tuple[Phenomenon, ...] = ()
    clouds: tuple[Layer, ...] = ()


@dataclass(frozen=True)
class Report:
    """A METAR or SPECI."""

    station: str
    """ICAO code."""
    day: int
    """Of the month."""
    minute: int
    """Of the day, UTC."""
    conditions: Conditions
    temperature: float | None
    """K."""
    dew_point: float | None
    """K."""
    qnh: float | None
    """Pa: pressure reduced to sea level in the standard atmosphere."""
    automatic: bool
    text: str

    @property
    def humidity(self) -> float | None:
        """0..1 relative to water, by the Magnus form of WMO-No. 8 (Annex 4.B)."""
        if self.temperature is None or self.dew_point is None:
            return None
        return min(vapour_pressure(self.dew_point) / vapour_pressure(self.temperature), 1.0)


@dataclass(frozen=True)
class Change:
    """One part of a forecast."""

    kind: str
    """`base`, `FM`, `BECMG`, `TEMPO` or `PROB`."""
    start: float
    """s from 00:00 UTC of the forecast's first day."""
    end: float
    """s."""
    probability: float
    """0..1."""
    conditions: Conditions
    """Only what this part says."""


@dataclass(frozen=True)
class Forecast:
    """A TAF."""

    station: str
    day: int
    """Of the month, of the beginning."""
    start: float
    """s from 00:00 UTC of that day."""
    end: float
    changes: tuple[Change, ...]
    """In the order of the text, the base first."""
    text: str

    def at(self, time: float) -> Conditions:
        """The prevailing conditions at a time, s from 00:00 UTC of the first day: what FM and BECMG have brought.

        Raises:
            InputError: the time is outside the forecast.
        """
        if not self.start <= time <= self.end:
            raise InputError(f"hour {time / 3600:.1f} lies outside the forecast", self.station,
                             f"It holds from hour {self.start / 3600:.0f} to {self.end / 3600:.0f}.")  # fmt: skip
        now = Conditions()
        for change in self.changes:
            if change.kind in ("base", "FM") and change.start <= time:
                now = change.conditions
            elif change.kind == "BECMG" and change.end <= time:
                now = merged(now, change.conditions)
        return now

    def worst(self, start: float, end: float) -> list[Conditions]:
        """All that may be between two times: what prevails, and every TEMPO and PROB that touches them."""
        edges = {start, end, *(c.start for c in self.changes), *(c.end for c in self.changes)}
        found = [self.at(time) for time in sorted(edges) if start <= time <= end]
        for change in self.changes:
            if change.kind in ("TEMPO", "PROB") and change.start < end and change.end > start:
                found.append(merged(self.at(max(start, change.start)), change.conditions))
        return found


def vapour_pressure(temperature: float) -> float:
    """Pa, saturation over water at a temperature, K: 6.112 hPa exp(17.62 t / (243.12 + t)), -45 to 60 C."""
    t = temperature - units.ZERO_CELSIUS
    return 611.2 * math.exp(17.62 * t / (243.12 + t))


def merged(old: Conditions, new: Conditions) -> Conditions:
    """Conditions after a change: what it says replaces, what it does not say stays."""
    said = {name: value for name, value in vars(new).items() if value not in (None, ())}
    if "wind" in said:
        said.update(wind_from=new.wind_from, gust=new.gust)
    return replace(old, **said)


def report(text: str, place: str = "METAR") -> Report:
    """Read a METAR or SPECI.

    Args:
        text: one report, with or without its first word and its closing `=`.
        place: what to call it in messages.

    Raises:
        InputError: no station or time, or a group that is not understood.
    """
    body, _, remarks = " ".join(text.replace("=", " ").split()).partition(" RMK")
    words = _joined(body.split())
    head = [word for word in words if word not in CALLED]
    if len(head) < 2 or not re.fullmatch(r"[A-Z][A-Z0-9]{3}", head[0]):
        raise InputError(f"{one(text)!r} begins with no station", place, "Give e.g. `UACC 140600Z 23005MPS ...`.")
    moment = re.fullmatch(r"(\d{2})(\d{2})(\d{2})Z", head[1])
    if not moment:
        raise InputError(f"{head[1]!r} is no time of observation", place, "Give day, hour and minute, as in 140600Z.")
    day, hour, minute = (int(part) for part in moment.groups())
    if not (1 <= day <= 31 and hour < 24 and minute < 60):
        raise InputError(f"{head[1]!r} is no time: allowed are days 01 to 31, hours 00 to 23", place)
    groups = _Groups(place)
    for word in _until_trend(head[2:]):
        groups.read(word)
    air, dew = _tenths(remarks) or (groups.air, groups.dew)
    return Report(head[0], day, 60 * hour + minute, groups.conditions(), air, dew, groups.qnh, "AUTO" in words, text)


def forecast(text: str, place: str = "TAF") -> Forecast:
    """Read a TAF.

    Raises:
        InputError: no station or period, or a group that is not understood.
    """
    words = _joined(" ".join(text.replace("=", " ").partition(" RMK")[0].split()).split())
    head = [word for word in words if word not in CALLED]
    if head and re.fullmatch(r"\d{6}Z", head[1] if len(head) > 1 else ""):
        head.pop(1)
    period = re.fullmatch(r"(\d{2})(\d{2})/(\d{2})(\d{2})", head[1]) if len(head) > 1 else None
    if not period or not re.fullmatch(r"[A-Z][A-Z0-9]{3}", head[0]):
        raise InputError(f"{one(text)!r} has no station and period", place, "Give e.g. `TAF UACC 140500Z 1406/1506`.")
    first = int(period[1])
    start, end = _seconds(first, period[1], period[2]), _seconds(first, period[3], period[4])
    changes = [_change(part, first, start, end, place) for part in _parts(head[2:])]
    closed = [replace(c, end=_next(changes, k, end)) if c.kind in ("base", "FM") else c for k, c in enumerate(changes)]
    return Forecast(head[0], first, start, end, tuple(closed), text)


def one(text: str) -> str:
    """A text short enough for a message."""
    flat = " ".join(text.split())
    return flat if len(flat) <= 40 else flat[:37] + "..."


def _joined(words: list[str]) -> list[str]:
    """Whole and broken miles are two words of one group: `1 1/2SM`."""
    joined: list[str] = []
    for word in words:
        if re.fullmatch(r"\d/\d+SM", word) and joined and re.fullmatch(r"\d", joined[-1]):
            joined[-1] = f"{joined[-1]}+{word}"
        else:
            joined.append(word)
    return joined


def _until_trend(words: list[str]) -> Iterator[str]:
    """The report itself: a landing forecast after it is no observation."""
    for word in words:
        if word in ("NOSIG", "BECMG", "TEMPO") or re.fullmatch(r"FM\d+", word):
            return
        yield word


class _Groups:
    """Reads groups one by one."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.said: dict[str, float | None] = {}
        self.weather: list[Phenomenon] = []
        self.clouds: list[Layer] = []
        self.air: float | None = None
        self.dew: float | None = None
        self.qnh: float | None = None

    def conditions(self) -> Conditions:
        """What was said."""
        return Conditions(**self.said, weather=tuple(self.weather), clouds=tuple(self.clouds))

    def read(self, word: str) -> None:
        """One group."""
        readers = (self._wind, self._visibility, self._cloud, self._temperature, self._pressure, self._weather)
        if not any(reader(word) for reader in readers) and not PASSED.fullmatch(word):
            raise InputError(f"the group {word!r} is not understood", self.place, "Correct it or take it out.")

    def _wind(self, word: str) -> bool:
        found = WIND.fullmatch(word)
        if found and found["speed"] != "//":
            unit = SPEED[found["unit"]]
            bearing = int(found["from"]) if found["from"].isdigit() else None
            if bearing is not None and bearing > 360:
                raise InputError(f"{word!r}: the wind blows from {bearing} degrees; allowed are 0 to 360", self.place)
            self.said["wind_from"] = None if bearing is None else math.radians(bearing % 360)
            self.said["wind"] = unit * int(found["speed"])
            self.said["gust"] = unit * int(found["gust"]) if found["gust"] else None
        return bool(found)

    def _visibility(self, word: str) -> bool:
        if word == "CAVOK":
            self.said["visibility"] = CLEAR_VISIBILITY
            return True
        if re.fullmatch(r"\d{4}", word):
            self.said["visibility"] = CLEAR_VISIBILITY if word == "9999" else float(word)
            return True
        miles = re.fullmatch(r"[PM]?(?:(\d+)\+)?(\d+)(?:/(\d+))?SM", word)
        if miles and (miles[3] is None or int(miles[3])):
            whole, part, under = int(miles[1] or 0), int(miles[2]), int(miles[3] or 1)
            self.said["visibility"] = min(MILE * (whole + part / under), CLEAR_VISIBILITY)
        return bool(miles)

    def _cloud(self, word: str) -> bool:
        if word in ("SKC", "CLR", "NSC", "NCD"):
            return True
        found = CLOUD.fullmatch(word)
        if found and found["amount"] != "///":
            base = None if found["base"] == "///" else 100.0 * units.FOOT * int(found["base"])
            self.clouds.append(Layer(AMOUNT[found["amount"]], base, found["kind"] in ("CB", "TCU")))
        return bool(found)

    def _temperature(self, word: str) -> bool:
        found = TEMPERATURE.fullmatch(word)
        if found:
            self.air = _celsius(found["air"])
            self.dew = _celsius(found["dew"]) if found["dew"] and found["dew"][-1].isdigit() else None
            if self.dew is not None and self.dew > self.air:
                raise InputError(f"{word!r}: the dew point lies above the temperature", self.place)
        return bool(found)

    def _pressure(self, word: str) -> bool:
        found = re.fullmatch(r"(?P<unit>[QA])(?P<value>\d{4})", word)
        if found:
            value = int(found["value"])
            self.qnh = 100.0 * value if found["unit"] == "Q" else 0.01 * INCH_OF_MERCURY * value
            if not 85000.0 <= self.qnh <= 110000.0:
                raise InputError(f"{word!r} is {self.qnh / 100:.0f} hPa; allowed are 850 to 1100 hPa", self.place)
        return bool(found) or word in ("Q////", "A////")

    def _weather(self, word: str) -> bool:
        found = WEATHER.fullmatch(word)
        if not found or not (found["kind"] or found["what"]):
            return False
        kinds, what = set(re.findall("..", found["kind"])), set(re.findall("..", found["what"]))
        self.weather.append(Phenomenon(
            word, INTENSITY[found["how"] or ""], "FZ" in kinds, "SH" in kinds, "TS" in kinds, bool(what & {"RA", "DZ"}),
            bool(what & {"SN", "SG", "PL", "GS", "IC"}),
            bool(what & {"FG", "BR", "HZ", "FU", "VA", "DU", "SA", "SS", "DS"}),
        ))  # fmt: skip
        return True


def _celsius(text: str) -> float:
    return units.ZERO_CELSIUS + int(text.replace("M", "-"))


def _tenths(remarks: str) -> tuple[float, float | None] | None:
    """Temperature and dew point to a tenth, from the remarks of the United States."""
    for word in remarks.split():
        if found := TENTHS.fullmatch(word):
            sign = {"0": 0.1, "1": -0.1}
            air = units.ZERO_CELSIUS + sign[found["a"]] * int(found["air"])
            return air, units.ZERO_CELSIUS + sign[found["d"]] * int(found["dew"]) if found["d"] else None
    return None


def _parts(words: list[str]) -> Iterator[list[str]]:
    """The base, then each change with its words."""
    part: list[str] = ["base"]
    for word in words:
        begins = word in ("BECMG", "TEMPO", "INTER") or re.fullmatch(r"FM\d{4,6}|PROB[34]0", word)
        if begins and not (word == "TEMPO" and part[-1].startswith("PROB")):
            yield part
            part = []
        part.append(word)
    yield part


def _change(words: list[str], first: int, start: float, end: float, place: str) -> Change:
    """One part of a forecast."""
    kind, rest, probability = words[0], words[1:], 1.0
    if kind.startswith("FM"):
        digits = kind[2:] if len(kind) == 8 else f"{first:02}{kind[2:]}"
        start, kind = _seconds(first, digits[:2], digits[2:4]) + 60.0 * int(digits[4:] or 0), "FM"
    elif kind.startswith("PROB"):
        probability, kind = int(kind[4:]) / 100.0, "PROB"
        rest = rest[1:] if rest and rest[0] == "TEMPO" else rest
    if kind in ("BECMG", "TEMPO", "INTER", "PROB"):
        period = re.fullmatch(r"(\d{2})(\d{2})/(\d{2})(\d{2})", rest[0] if rest else "")
        if not period:
            raise InputError(f"{kind} is followed by no period", place, "Give it as in `TEMPO 1408/1412`.")
        start, end, rest = _seconds(first, period[1], period[2]), _seconds(first, period[3], period[4]), rest[1:]
        kind = "TEMPO" if kind == "INTER" else kind
    groups = _Groups(place)
    for word in rest:
        groups.read(word)
    return Change(kind, start, end, probability, groups.conditions())


def _next(changes: list[Change], k: int, end: float) -> float:
    """When a base or FM part is taken over by the next."""
    return next((change.start for change in changes[k + 1 :] if change.kind == "FM"), end)


def _seconds(first: int, day: str, hour: str) -> float:
    """s from 00:00 of the first day; a smaller day number is of the next month, begun the day after the first."""
    later = int(day) - first
    return 86400.0 * (later if later >= 0 else int(day)) + 3600.0 * int(hour)


__all__ = ["Change", "Conditions", "Forecast", "Layer", "Phenomenon", "Report", "forecast", "report", "vapour_pressure"]

"""The drawing of a map: paper with a graticule, areas, lines, symbols, and names that find their own places."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from samruk.verdict import map_relief
from samruk.verdict.labels import ASCENT, Box, Wish, settle, width
from samruk.verdict.map_features import Aerodrome, CloudFootprint, MissionMap
from samruk.verdict.map_projection import Array, apart, away, cone_for, line_of_sight
from samruk.verdict.paper import Figure, Paper, hatch, px
from samruk.verdict.picture import StripFlight
from samruk.verdict.strip_curve import MOST, corners, thin, trace
from samruk.verdict.wording import OUTCOMES, clock, coordinate, number

WIDTHS = {"full": 1040, "phone": 390}
"""px, width of the picture."""
TRACKS = (("ink", 2.0, ""), ("ink2", 1.6, "7 3"), ("ink2", 1.6, "2 2.5"), ("ink3", 1.6, ""), ("ink3", 1.6, "7 3"),
          ("ink3", 1.6, "2 2.5"))  # fmt: skip
"""Ink, weight and dash of each flight's track: hue stays free for meaning."""
NOTE = 10.5
"""px, smallest type."""
FILM = 0.3
"""Opacity of clouds over hills."""
FARTHER = 1.35
"""An alternate that would stretch the map more than this is told at its edge."""


def _places(chart: MissionMap, flights: Sequence[StripFlight]) -> tuple[Array, Array]:
    """rad: all places that must lie on the paper: where something happens, and aerodromes that are not far from it."""
    fields = chart.aerodromes
    home = [field for field in fields if field.home] or fields[:1]
    stated: list[Any] = [*chart.route, *chart.lost_link, *home, *chart.antennas]
    lat = [np.array([place.latitude for place in stated]), *(f.latitude for f in flights)]
    lon = [np.array([place.longitude for place in stated]), *(f.longitude for f in flights)]
    latitude, longitude = np.concatenate(lat), np.concatenate(lon)
    known = np.isfinite(latitude) & np.isfinite(longitude)
    if not known.any():
        return np.zeros(1), np.zeros(1)
    latitude, longitude = latitude[known], longitude[known]
    core = max(_span(latitude, longitude), 5e3)
    for field in fields:
        more = np.append(latitude, field.latitude), np.append(longitude, field.longitude)
        if field not in home and _span(*more) <= FARTHER * core:
            latitude, longitude = more
    return latitude, longitude


def _span(latitude: Array, longitude: Array) -> float:
    """m, longer side of what holds some places."""
    x, y = cone_for(latitude, longitude).xy(latitude, longitude)
    return float(max(np.ptp(x), np.ptp(y)))


class Chart:
    """One map in the making."""

    def __init__(self, chart: MissionMap, flights: Sequence[StripFlight], paper: Paper, phone: bool) -> None:
        self.chart, self.flights, self.paper, self.phone = chart, flights, paper, phone
        latitude, longitude = _places(chart, flights)
        self.cone = cone_for(latitude, longitude)
        self._frame(*self.cone.xy(latitude, longitude))
        self.pending: list[tuple[int, Any]] = []

    def _frame(self, x: Array, y: Array) -> None:
        """Edges on the paper, and the scale that holds all places with a margin."""
        left, right, top = (10.0, 380.0, 8.0) if self.phone else (56.0, 1026.0, 10.0)
        wide, high = max(float(np.ptp(x)), 3000.0) * 1.16, max(float(np.ptp(y)), 3000.0) * 1.24
        low, most = (260.0, 460.0) if self.phone else (380.0, 620.0)
        tall = min(max((right - left) * high / wide, low), most)
        self.room = Box(left, top, right, top + tall)
        self.metres = max(wide / (right - left), high / tall)
        self.origin = (float(x.min() + x.max()) / 2.0, float(y.min() + y.max()) / 2.0)

    def xy(self, latitude: Any, longitude: Any) -> tuple[Array, Array]:
        """px of places."""
        east, north = self.cone.xy(np.atleast_1d(latitude), np.atleast_1d(longitude))
        middle_x, middle_y = (self.room.left + self.room.right) / 2.0, (self.room.top + self.room.bottom) / 2.0
        return middle_x + (east - self.origin[0]) / self.metres, middle_y - (north - self.origin[1]) / self.metres

    def at(self, place: Any) -> tuple[float, float]:
        """px of one place."""
        x, y = self.xy(place.latitude, place.longitude)
        return float(x[0]), float(y[0])

    def write(self) -> Figure:
        """Everything, from the paper up."""
        r = self.room
        clip = f'<clipPath id="{self.paper.key}c"><rect x="{px(r.left)}" y="{px(r.top)}" '
        clip += f'width="{px(r.right - r.left)}" height="{px(r.bottom - r.top)}"/></clipPath>'
        self.paper.add(f'<g clip-path="url(#{self.paper.key}c)">')
        self._relief()
        ticks = self._graticule()
        self._clouds()
        self._reaches()
        self._routes()
        self._tracks()
        self.paper.add("</g>")
        self.paper.path(f"M{px(r.left)} {px(r.top)}H{px(r.right)}V{px(r.bottom)}H{px(r.left)}z", "rule", 1.0)
        self._ticks(ticks)
        self._scale()
        self._symbols()
        self._words()
        below = r.bottom + (12.0 if self.phone else 22.0)
        defs = clip + hatch(f"{self.paper.key}ice", "water", 6.0, 1.2, 45.0, 0.7)
        return self.paper.figure(below, self.chart.title, self._description(), defs)

    # -------------------------------------------------------------------------------------------------------- the paper

    def _relief(self) -> None:
        """Hill shading, below all else."""
        if self.chart.relief is not None:
            self.paper.add(map_relief.image(self.chart.relief, self.room, self._back))

    def _back(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude, rad, of a place on the paper, px."""
        r = self.room
        east = self.origin[0] + (x - 0.5 * (r.left + r.right)) * self.metres
        return self.cone.back(east, self.origin[1] - (y - 0.5 * (r.top + r.bottom)) * self.metres)

    def _graticule(self) -> list[tuple[bool, float, float, float]]:
        """Meridians and parallels; returns (is parallel, angle, px where it meets the left or bottom edge)."""
        latitude, longitude, step = self._window()
        found = []
        for parallel, (low, high), (from_, to) in ((True, latitude, longitude), (False, longitude, latitude)):
            for k in range(math.ceil(low / step), math.floor(high / step) + 1):
                along = np.linspace(from_, to, 60)
                fixed = np.full(60, k * step)
                x, y = self.xy(fixed, along) if parallel else self.xy(along, fixed)
                keep = thin(x, y) if parallel else thin(y, x)
                self.paper.path(trace(x[keep], y[keep]), "rule", 0.8)
                edge = (
                    float(np.interp(self.room.left, x, y)) if parallel else float(np.interp(-self.room.bottom, -y, x))
                )
                found.append((parallel, k * step, edge, step))
        return found

    def _window(self) -> tuple[tuple[float, float], tuple[float, float], float]:
        """rad: latitudes and longitudes that the frame shows, and a round step between graticule lines."""
        half_x = (self.room.right - self.room.left) / 2.0 * self.metres
        half_y = (self.room.bottom - self.room.top) / 2.0 * self.metres
        corners = [
            self.cone.back(self.origin[0] + a * half_x, self.origin[1] + b * half_y)
            for a in (-1, 0, 1)
            for b in (-1, 0, 1)
        ]
        latitude = (min(c[0] for c in corners), max(c[0] for c in corners))
        turn = [math.remainder(c[1] - self.cone.longitude, 2.0 * math.pi) for c in corners]
        longitude = (self.cone.longitude + min(turn), self.cone.longitude + max(turn))
        wanted = (120.0 if not self.phone else 90.0) * self.metres / 6371e3
        steps = [math.radians(m / 60.0) for m in (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900)]
        return latitude, longitude, next((s for s in steps if s >= wanted), steps[-1])

    def _ticks(self, ticks: list[tuple[bool, float, float, float]]) -> None:
        """Coordinates at the left and bottom edge; on a phone inside it."""
        r = self.room
        for parallel, angle, edge, step in ticks:
            text = coordinate(angle, parallel, minutes=step < math.radians(0.99))
            inside = r.top + 8.0 < edge < r.bottom - 24.0 if parallel else r.left + 20.0 < edge < r.right - 20.0
            if not inside:
                continue
            if self.phone:
                x, y, anchor = (r.left + 3.0, edge - 3.0, "") if parallel else (edge + 3.0, r.bottom - 4.0, "")
            else:
                x, y, anchor = (r.left - 5.0, edge + 3.6, "e") if parallel else (edge, r.bottom + 14.0, "m")
            if self.paper.fits(x, y, text, NOTE, anchor=anchor, slack=2.0):
                self.paper.text(x, y, text, "ink3", NOTE, anchor=anchor, halo="h")

    def _scale(self) -> None:
        """Scale bar and north arrow."""
        r = self.room
        wanted = 130.0 * self.metres if not self.phone else 80.0 * self.metres
        lengths = [m * 10.0**k for k in range(2, 7) for m in (1.0, 2.0, 5.0)]
        length = max((each for each in lengths if each <= wanted), default=lengths[0])
        long = length / self.metres
        right, y = r.right - 14.0, r.bottom - (14.0 if not self.phone else 22.0)
        self.paper.path(f"M{px(right - long)} {px(y - 4)}v4h{px(long)}v-4", "ink2", 1.2)
        text = f"{number(length / 1000.0, 1 if length < 1000.0 else 0)} km"
        self.paper.text(right - long / 2.0, y - 5.0, text, "ink2", NOTE, anchor="m", halo="h")
        x = right - long - 22.0
        self.paper.area(f"M{px(x)} {px(y - 18)}l4 10h-8z", "ink2")
        self.paper.text(x, y + 1.5, "N", "ink2", NOTE, bold=True, anchor="m", halo="h")
        self.paper.boxes.append(Box(x - 6.0, y - 20.0, right + 4.0, y + 4.0))

    # ------------------------------------------------------------------------------------------------ areas and lines

    def _clouds(self) -> None:
        """Footprints, hatched where they ice; a film where hills lie below them."""
        if self.chart.relief is not None:
            self.paper.add(f'<g opacity="{FILM}">')
        for cloud in self.chart.clouds:
            corners = [(1, 1), (1, -1), (-1, -1), (-1, 1)]
            along = [a * cloud.half_length for a, _ in corners]
            across = [b * cloud.half_width for _, b in corners]
            bearing = cloud.bearing + np.arctan2(across, along)
            latitude, longitude = away(cloud.latitude, cloud.longitude, bearing, np.hypot(along, across))
            x, y = self.xy(latitude, longitude)
            data = trace(x, y) + "z"
            self.paper.add(f'<path d="{data}" class="f-cloud" opacity=".75"/>')
            if cloud.icing:
                self.paper.area(data, "#ice")
            self.pending.append((2, (cloud, np.append(x, x[0]), np.append(y, y[0]))))
        if self.chart.relief is not None:
            self.paper.add("</g>")

    def _reaches(self) -> None:
        """Line-of-sight reach of each antenna at some heights."""
        turn = np.radians(np.arange(0.0, 361.0, 2.0))
        for antenna in self.chart.antennas:
            for height in antenna.reach_at:
                reach = line_of_sight(antenna.height, height - antenna.elevation)
                x, y = self.xy(*away(antenna.latitude, antenna.longitude, turn, reach))
                self.paper.path(trace(x, y), "radio", 1.2, "1.2 3.5")
                self.paper.ink.curve(x, y)
                self.pending.append((3, (height, reach, x, y)))

    def _routes(self) -> None:
        """Legs as planned, and the lost-link route with its arrows."""
        for route, ink, weight, dash in (
            (self.chart.route, "ink3", 1.0, ""),
            (self.chart.lost_link, "ink2", 1.1, "5 4"),
        ):
            if len(route) > 1:
                x, y = self.xy([p.latitude for p in route], [p.longitude for p in route])
                self.paper.path(trace(x, y), ink, weight, dash)
                self.paper.ink.curve(x, y)
                name = "lost-link route" if dash else "planned route"
                self.pending.append((6, (name, x, y, ink)))
                if dash:
                    self._arrows(x, y, ink)

    def _arrows(self, x: Array, y: Array, ink: str, least: float = 24.0) -> None:
        """A head in the middle of each leg of at least some px, none upon another."""
        done: list[tuple[float, float]] = []
        for dx, dy, mx, my in zip(np.diff(x), np.diff(y), (x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2, strict=True):
            if math.hypot(dx, dy) > least and all(math.hypot(mx - a, my - b) > 24.0 for a, b in done):
                done.append((mx, my))
                turned = math.degrees(math.atan2(dy, dx))
                place = f'transform="translate({px(mx)} {px(my)}) rotate({turned:.0f})"'
                self.paper.add(f'<path d="M-4-3.5 4 0-4 3.5z" {place} class="f-{ink}"/>')

    def _tracks(self) -> None:
        """Where each flight went; later flights under earlier ones."""
        for k in reversed(range(len(self.flights))):
            flight, (ink, weight, dash) = self.flights[k], TRACKS[min(k, len(TRACKS) - 1)]
            known = np.isfinite(flight.latitude) & np.isfinite(flight.longitude)
            if known.sum() < 2:
                continue
            x, y = self.xy(flight.latitude[known], flight.longitude[known])
            keep = track_corners(x, y)
            self.paper.path(trace(x[keep], y[keep]), ink, weight, dash)
            self.paper.ink.curve(x[keep], y[keep])
            if k == 0:
                self._arrows(x[keep], y[keep], ink, least=70.0)

    # ---------------------------------------------------------------------------------------------- symbols and words

    def _symbols(self) -> None:
        """Aerodromes, antennas, waypoints, and how each flight ended."""
        for place in self.chart.aerodromes:
            x, y = self.at(place)
            if self.room.left < x < self.room.right and self.room.top < y < self.room.bottom:
                self._runway(place)
            else:
                self._beyond(place, x, y)
        for antenna in self.chart.antennas:
            x, y = self.at(antenna)
            self.paper.path(f"M{px(x)} {px(y + 5)}v-8m-4-2l4 4 4-4", "radio", 1.3)
            if all(math.hypot(x - self.at(a)[0], y - self.at(a)[1]) > 12.0 for a in self.chart.aerodromes):
                self.pending.append((1, (antenna.name, x, y, "radio", False)))
        for point in self.chart.route:
            x, y = self.at(point)
            self.paper.add(f'<circle cx="{px(x)}" cy="{px(y)}" r="2.6" class="l-ink3" stroke-width="1.2"/>')
            if point.name:
                self.pending.append((4, (point.name, x, y, "ink2", False)))
        self._ends()

    def _runway(self, place: Aerodrome) -> None:
        """A runway at its true bearing, long enough to be seen, in a ring."""
        x, y = self.at(place)
        half = max(place.length / self.metres / 2.0, 7.0)
        heading = place.heading - self._convergence(place)
        far_x, far_y = x + 2.0 * half * math.sin(heading), y - 2.0 * half * math.cos(heading)
        if place.length / self.metres < 14.0:
            x, y, far_x, far_y = (x - (far_x - x) / 2, y - (far_y - y) / 2, (x + far_x) / 2, (y + far_y) / 2)
            at = f'cx="{px((x + far_x) / 2)}" cy="{px((y + far_y) / 2)}"'
            self.paper.add(f'<circle {at} r="5" class="l-ink" stroke-width="1.2"/>')
        self.paper.line(x, y, far_x, far_y, "ink", 3.0)
        middle = ((x + far_x) / 2.0, (y + far_y) / 2.0)
        self.paper.boxes.append(Box(middle[0] - 6.0, middle[1] - 6.0, middle[0] + 6.0, middle[1] + 6.0))
        self.pending.append((0, (place.name, *middle, "ink", place.home)))

    def _beyond(self, place: Aerodrome, x: float, y: float) -> None:
        """A head at the edge that points to an aerodrome beyond it, with its name and distance from home."""
        r, home = self.room, next((f for f in self.chart.aerodromes if f.home), self.chart.aerodromes[0])
        middle_x, middle_y = self.at(home)
        dx, dy = x - middle_x, y - middle_y
        part = min((((r.right if dx > 0 else r.left) - middle_x) / dx) if dx else 9.0,
                   (((r.bottom if dy > 0 else r.top) - middle_y) / dy) if dy else 9.0)  # fmt: skip
        long = math.hypot(dx, dy)
        at_x, at_y = middle_x + part * dx - 9.0 * dx / long, middle_y + part * dy - 9.0 * dy / long
        turned = f'transform="translate({px(at_x)} {px(at_y)}) rotate({math.degrees(math.atan2(dy, dx)):.0f})"'
        self.paper.add(f'<path d="M-6-4.5 7 0-6 4.5z" {turned} class="f-ink"/>')
        self.paper.boxes.append(Box(at_x - 7.0, at_y - 7.0, at_x + 7.0, at_y + 7.0))
        distance = apart(home.latitude, home.longitude, place.latitude, place.longitude)
        self.pending.append((0, (f"{place.name}, {number(distance / 1000.0)} km", at_x, at_y, "ink", False)))

    def _convergence(self, place: Aerodrome) -> float:
        """rad: true north there against the paper's up, positive clockwise."""
        x, y = self.xy(np.array([place.latitude, place.latitude + 1e-4]), np.full(2, place.longitude))
        return -math.atan2(x[1] - x[0], y[0] - y[1])

    def _ends(self) -> None:
        """The sign of each outcome where the flight ended, with its name; urgent events where they happened."""
        told: set[tuple[str, str]] = set()
        for flight in self.flights:
            known = np.isfinite(flight.latitude) & np.isfinite(flight.longitude)
            if known.sum() < 2:
                continue
            x, y = self.xy(flight.latitude[known], flight.longitude[known])
            _, token, level = OUTCOMES[flight.outcome]
            end = (float(x[-1]), float(y[-1]))
            if level:
                self.paper.sign(*end, level, 5.5)
            for event in flight.events:
                if event.level in ("caution", "warning") and (clock(event.time), event.text) not in told:
                    told.add((clock(event.time), event.text))
                    at = (
                        float(np.interp(event.time, flight.time[known], x)),
                        float(np.interp(event.time, flight.time[known], y)),
                    )
                    self.paper.sign(*at, event.level, 4.0)
                    self.paper.boxes.append(Box(at[0] - 4, at[1] - 4, at[0] + 4, at[1] + 4))
                    self.pending.append((5, (f"{clock(event.time)} {event.text}", *at, event.level, False)))
            if len(self.flights) > 1:
                self.pending.append(
                    (
                        1,
                        (
                            f"{flight.name}: {OUTCOMES[flight.outcome][0].lower()}",
                            *end,
                            token if token != "ink" else "ink",
                            True,
                        ),
                    )
                )

    def _words(self) -> None:
        """All names, the most needed first; what finds no place is left out."""
        for rank, what in sorted(self.pending, key=lambda each: each[0]):
            if rank == 2:
                self._name_cloud(*what)
            elif rank == 3:
                self._name_reach(*what)
            elif rank == 6:
                self._name_line(*what)
            else:
                self._name_point(*what)

    def _name_point(self, text: str, x: float, y: float, fill: str, bold: bool) -> None:
        """A name beside its point: right, left, above, below, and a little farther."""
        size = 12.0 if bold else 11.0
        long, middle = width(text, size, bold), ASCENT * size / 2.0 - 1.0
        wishes = []
        for k, far in enumerate((9.0, 15.0, 24.0)):
            spots = [
                (x + far, y + middle),
                (x - far - long, y + middle),
                (x + far * 0.8, y - far * 0.7),
                (x + far * 0.8, y + far * 0.7 + 7.0),
                (x - far * 0.8 - long, y - far * 0.7),
                (x - far * 0.8 - long, y + far * 0.7 + 7.0),
                (x - long / 2, y - far),
                (x - long / 2, y + far + 8.0),
            ]
            wishes += [Wish(a, b, 10.0 * k + n) for n, (a, b) in enumerate(spots)]
        self._put(text, fill, wishes, size, bold)

    def _put(self, text: str, fill: str, wishes: list[Wish], size: float, bold: bool = False) -> None:
        """Write a word at the best place; over lines only when there is no other."""
        inner = Box(self.room.left + 3, self.room.top + 3, self.room.right - 3, self.room.bottom - 3)
        taken, ink = self.paper.boxes, self.paper.ink
        found = None
        for hide in (0, int(0.3 * width(text, size, bold)), 999):
            found = found or settle(wishes, text, size, inner, taken, ink, bold=bold, hide=hide)
        if found is not None:
            self.paper.text(found.x, found.y, text, fill, size, bold=bold, halo="h")

    def _name_cloud(self, cloud: CloudFootprint, x: Array, y: Array) -> None:
        """Kind, height and time of a cloud, inside it where it fits."""
        kind = "icing cloud" if cloud.icing else "cloud"
        text = f"{kind} {number(cloud.base / 1000.0, 1)}–{number(cloud.top / 1000.0, 1)} km"
        if math.isfinite(cloud.start) and math.isfinite(cloud.end):
            text += f", {clock(cloud.start)}–{clock(cloud.end)}"
        long = width(text)
        low, high = max(y.min(), self.room.top), min(y.max(), self.room.bottom)
        left, right = max(x.min(), self.room.left), min(x.max(), self.room.right)
        middle = ((left + right) / 2.0, (low + high) / 2.0)
        wishes = [
            Wish(
                a,
                b,
                abs(a + long / 2 - middle[0]) / 4
                + abs(b - middle[1]) / 2
                + (0.0 if inside(x, y, a, b, long) else 300.0),
            )
            for a in np.arange(left - long, right, 10.0)
            for b in np.arange(low, high + 20.0, 7.0)
        ]
        self._put(text, "water" if cloud.icing else "ink3", wishes, 11.0)

    def _name_reach(self, height: float, reach: float, x: Array, y: Array) -> None:
        """How far line of sight goes at a height, beside its ring."""
        text = f"line of sight at {number(height)} m: {number(reach / 1000.0)} km"
        long = width(text, NOTE)
        wishes = []
        for k in range(x.size):
            if self.room.left < x[k] < self.room.right and self.room.top < y[k] < self.room.bottom:
                away_ = abs(k - x.size // 4) / 10.0
                wishes += [
                    Wish(float(x[k]) + 6.0, float(y[k]) + 3.6, away_),
                    Wish(float(x[k]) - 6.0 - long, float(y[k]) + 3.6, away_ + 0.5),
                ]
        self._put(text, "radio", wishes, NOTE)

    def _name_line(self, text: str, x: Array, y: Array, ink: str) -> None:
        """A line's name beside its longest leg."""
        k = int(np.argmax(np.hypot(np.diff(x), np.diff(y))))
        long, wishes = width(text, NOTE), []
        for n, part in enumerate((0.5, 0.42, 0.58, 0.34, 0.66, 0.25, 0.75)):
            a, b = float(x[k] + part * (x[k + 1] - x[k])), float(y[k] + part * (y[k + 1] - y[k]))
            wishes += [Wish(a + 7.0, b + 4.0, n), Wish(a - 7.0 - long, b + 4.0, n + 0.3)]
            wishes += [Wish(a - long / 2, b - 6.0, n + 0.6), Wish(a - long / 2, b + 14.0, n + 0.8)]
        self._put(text, ink, wishes, NOTE)

    def _description(self) -> str:
        """One sentence for those who do not see the map."""
        fields = ", ".join(a.name for a in self.chart.aerodromes)
        parts = [
            f"{len(self.chart.route)} points of route" if self.chart.route else "",
            f"aerodromes {fields}" if fields else "",
            f"{len(self.chart.clouds)} cloud areas" if self.chart.clouds else "",
            f"tracks of {len(self.flights)} flights" if self.flights else "",
        ]
        return f"Map with {', '.join(p for p in parts if p) or 'a graticule'}."


def inside(x: Array, y: Array, left: float, base: float, long: float) -> bool:
    """Whether a line of text lies within a polygon (its ends and middle do)."""
    return all(_within(x, y, a, b) for a in (left, left + long / 2, left + long) for b in (base - 9.0, base + 2.0))


def _within(x: Array, y: Array, a: float, b: float) -> bool:
    """Even-odd rule."""
    crosses = (y[:-1] > b) != (y[1:] > b)
    with np.errstate(divide="ignore", invalid="ignore"):
        at = x[:-1] + (b - y[:-1]) / (y[1:] - y[:-1]) * (x[1:] - x[:-1])
    return bool(np.sum(crosses & (a < at)) % 2)


def track_corners(x: Array, y: Array, most: int = 7 * MOST) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Corners of a track worth drawing: to 0.3 px, coarser where circles would need more than `most`."""
    moved = np.flatnonzero(np.hypot(np.diff(x, prepend=x[0] - 9), np.diff(y, prepend=y[0] - 9)) > 0.0)
    tolerance = 0.3
    while True:
        keep: np.ndarray[Any, np.dtype[np.intp]] = moved[corners(x[moved], y[moved], tolerance)]
        if keep.size <= most or tolerance > 20.0:
            return keep
        tolerance *= 2.0

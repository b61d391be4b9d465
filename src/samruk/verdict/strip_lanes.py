"""The lanes of the mission strip: each draws one flight's series and says the one number that matters."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from samruk.verdict import picture
from samruk.verdict.labels import ASCENT, DESCENT, Wish, width
from samruk.verdict.paper import px
from samruk.verdict.picture import Series, Span, StripFlight, runs
from samruk.verdict.strip_curve import Pixels, bars, between, closed, pieces
from samruk.verdict.strip_frame import NOTE, Lane, Margin
from samruk.verdict.wording import DASH, MODES, clock, down, duration, fine_up, number, plural, up

STALL_LIMIT, STALL_DEEP = 0.10, 0.03
"""Parts of stall speed: the margin is amber under the first, red under the second."""


# -------------------------------------------------------------------------------------------------------------- height


def height_ticks(top: float) -> tuple[list[int], list[int]]:
    """Kilometres and flight levels to name, by the top of the scale in m."""
    if top < 3000.0:
        return [0, 1, 2], [20, 40, 60]
    return ([0, 2, 4, 6], [50, 100, 150, 200]) if top < 7000.0 else ([0, 3, 6, 9], [100, 200, 300])


def height(lane: Lane, flight: StripFlight) -> None:
    """Terrain and sea, cloud at the aircraft's place, 0 degC, and the flight."""
    kilometres, levels = height_ticks(lane.frame.height)
    for km in kilometres:
        lane.grid(1000.0 * km)
        if not lane.small or km in kilometres[1:-1]:
            lane.tick(1000.0 * km, str(km))
    _cloud(lane, flight)
    _surface(lane, flight)
    lane.curve(flight.time, flight.freezing_level, "water", 1.0, "1.2 3", most=150)
    lane.curve(flight.time, flight.height, "ink", 2.0)
    if not (lane.small or lane.frame.phone):
        for level in levels:
            y = lane.y(level * 30.48) + 3.6
            lane.paper.text(lane.frame.right + 8.0, y, f"FL {level}", "ink3", NOTE)


def height_ticks_inside(lane: Lane) -> None:
    """On a phone, heights named inside the lane, over their hairlines."""
    for km in height_ticks(lane.frame.height)[0][1:] if lane.frame.phone else ():
        columns = np.arange(lane.frame.left + 2.0, lane.frame.right - 30.0, 8.0)
        y = lane.y(1000.0 * km) - 3.0
        lane.say(f"{km} km", "ink3", [Wish(float(x), y, float(x)) for x in columns], above=14.0)


def _surface(lane: Lane, flight: StripFlight) -> None:
    """Land filled, sea at zero."""
    x, zero = lane.frame.xs(flight.time), lane.bottom
    sea = np.where(np.isfinite(flight.water), flight.water > 0.5, flight.ground <= 0.0)
    ground = np.where(sea & (flight.ground <= 0.0), 0.0, flight.ground)
    for a, b in pieces(x, lane.ys(ground), lane.frame.corners(240)):
        lane.paper.area(closed(a, b, np.full(a.size, zero)), "land")
    lane.paper.area(bars(lane.stretch(flight.time, sea), zero - 2.5, 3.0, 1.0), "sea")
    lane.avoid(x, lane.ys(ground))


def _cloud(lane: Lane, flight: StripFlight) -> None:
    """Cloud where the aircraft was; hatched where it is supercooled."""
    there = np.isfinite(flight.cloud_base) & np.isfinite(flight.cloud_top)
    x = lane.frame.xs(flight.time)
    for flags, fills in ((there, ("cloud",)), (there & (flight.cloud_icing == 1.0), ("#ice",))):
        top = np.where(flags, lane.ys(flight.cloud_top), np.nan)
        base = np.where(flags, lane.ys(flight.cloud_base), np.nan)
        for (a, up_), (b, low) in zip(
            pieces(x, top, lane.frame.corners(200)), pieces(x, base, lane.frame.corners(200)), strict=True
        ):
            edge = between(a, up_, b, low)
            for fill in fills:
                lane.paper.area(edge, fill)


def height_words(lane: Lane, flight: StripFlight) -> None:
    """Names of clouds and of the freezing level, where there is room for them."""
    there = np.isfinite(flight.cloud_base) & np.isfinite(flight.cloud_top)
    icing = there & (flight.cloud_icing == 1.0)
    for flags, text, ink in ((icing, "icing cloud", "ink"), (there & ~icing, "cloud", "ink3")):
        widest = sorted(runs(flags), key=lambda run: flight.time[run[0]] - flight.time[run[1]])
        any(_name_cloud(lane, flight, run, text, ink) for run in widest[:3])
        for a, b in runs(flags):
            x = lane.frame.xs(flight.time[a : b + 1])
            lane.paper.ink.area(x, lane.ys(flight.cloud_top[a : b + 1]), lane.ys(flight.cloud_base[a : b + 1]))
    lane.say("0 °C", "water", lane.beside(flight.time, flight.freezing_level, "0 °C", 0.55), above=0.0, below=0.0)


def _name_cloud(lane: Lane, flight: StripFlight, run: tuple[int, int], text: str, ink: str) -> bool:
    """A cloud's name inside it, else under or over it."""
    part = slice(run[0], run[1] + 1)
    x = lane.frame.xs(flight.time[part])
    top, base = lane.ys(flight.cloud_top[part]), lane.ys(flight.cloud_base[part])
    long, wishes = width(text), []
    if x[-1] - x[0] < 0.6 * long:
        return False
    middle = (x[0] + x[-1] - long) / 2.0
    for start in np.arange(min(x[0], middle), max(x[-1] - long, middle) + 1.0, 5.0):
        inside = (x >= start - 2) & (x <= start + long + 2)
        if not inside.any():
            continue
        high, low = float(top[inside].max()), float(base[inside].min())
        cost = abs(start - middle) / 20.0
        for y in np.arange(high + 2.0 + ASCENT * 11.0, low - DESCENT * 11.0, 4.0):
            wishes.append(Wish(float(start), float(y), cost + abs(y - 4.0 - (high + low) / 2.0) / 10.0))
        wishes.append(Wish(float(start), float(base[inside].max()) + 3.0 + ASCENT * 11.0, cost + 40.0))
        wishes.append(Wish(float(start), float(top[inside].min()) - 6.0, cost + 44.0))
    return lane.say(text, ink, wishes, 11.0, above=0.0, below=-4.0, halo=True)


# ----------------------------------------------------------------------------------------------- ice, stall, link, fuel


def ice(lane: Lane, flight: StripFlight) -> Margin:
    """Ice carried, and below it what the protection did."""
    lane.bottom_value, lane.top_value = 0.0, lane.frame.ice
    lane.grid(0.0)
    if not lane.small:
        lane.grid(lane.frame.ice)
        lane.tick(0.0, "0")
    lane.tick(lane.frame.ice, number(lane.frame.ice))
    x = lane.frame.xs(flight.time)
    for a, b in pieces(x, lane.ys(flight.ice), lane.frame.corners(280)):
        lane.paper.area(closed(a, b, np.full(a.size, lane.bottom)), "waterfill")
    lane.curve(flight.time, flight.ice, "water", 1.3, most=280)
    _protection(lane, flight)
    found = picture.ice_most(flight)
    if found is not None and found.value > 0.0:
        lane.mark(found.time, found.value)
    return _ice_margin(flight)


def _ice_margin(flight: StripFlight) -> Margin:
    """The most ice, and how long protection was on."""
    found = picture.ice_most(flight)
    if found is None:
        return Margin()
    on = sum(s.end - s.start for s in picture.spans(flight.time, flight.protection_on == 1.0))
    notes = ([_when(found)] if found.value > 0.0 and _when(found) else []) + ([f"on {duration(on)}"] if on else [])
    if np.any(flight.protection_failed == 1.0):
        notes = [*notes[:1], "protection failed"]
    return Margin(f"{fine_up(found.value)} kg most" if found.value > 0.0 else "no ice", ", ".join(notes))


def _when(extreme: picture.Extreme) -> str:
    """The clock of an extreme; empty where its time is not known."""
    return clock(extreme.time) if np.isfinite(extreme.time) else ""


def _protection(lane: Lane, flight: StripFlight) -> None:
    """Under the ice: heating, ready, failed."""
    y = lane.bottom + 3.0
    known = np.isfinite(flight.protection_on)
    lane.paper.area(bars(lane.stretch(flight.time, known), y + 2.2, 0.8, 0.0), "ink3")
    ready = (flight.protection_ready == 1.0) & (flight.protection_on != 1.0)
    lane.paper.area(bars(lane.stretch(flight.time, ready), y, 5.5, 1.5), "waterfill")
    on = lane.stretch(flight.time, flight.protection_on == 1.0)
    lane.paper.area(bars(on, y, 5.5, 1.5), "water")
    failed = lane.stretch(flight.time, flight.protection_failed == 1.0)
    for a, b in failed[:40]:
        lane.paper.path(
            f"M{px(a)} {px(y)}h{px(max(b - a, 2.0))}v5.5h{px(-max(b - a, 2.0))}zM{px(a)} {px(y + 5.5)}"
            f"L{px(max(b, a + 2.0))} {px(y)}",
            "caution",
            1.1,
        )


def ice_words(lane: Lane, flight: StripFlight) -> None:
    """Names the bar of the protection."""
    on, long, y = lane.stretch(flight.time, flight.protection_on == 1.0), width("protection on", NOTE), lane.bottom
    spots = [(b + 4.0, y - 4.0) for _, b in on] + [(a - long - 4.0, y - 4.0) for a, _ in on]
    spots += [(b + 6.0, y + 9.5) for _, b in on] + [(a, y - 14.0) for a, _ in on]
    lane.say("protection on", "water", [Wish(a, b, k) for k, (a, b) in enumerate(spots[:200])], below=13.0)


def stall(lane: Lane, flight: StripFlight) -> Margin:
    """Margin above stall; amber under the limit, red where it is nearly gone."""
    lane.bottom_value, lane.top_value = 0.0, 0.45
    lane.tick(STALL_LIMIT, "10", "ink", bold=True)
    if not lane.small:
        lane.tick(0.40, "40")
        lane.grid(0.40)
    x, value = lane.frame.xs(flight.time), flight.stall_margin
    with np.errstate(invalid="ignore"):
        amber = np.minimum(value, STALL_LIMIT)
        red = np.where(value < STALL_DEEP, value, np.where(np.isfinite(value), STALL_LIMIT, np.nan))
    for part, fill in ((amber, "cautionfill"), (red, "warningfill")):
        for a, b in pieces(x, lane.ys(part), lane.frame.corners(250)):
            if b.max() > lane.y(STALL_LIMIT) + 0.05:
                lane.paper.area(closed(a, b, np.full(a.size, lane.y(STALL_LIMIT))), fill)
    lane.limit(STALL_LIMIT)
    lane.curve(flight.time, value, "ink", 1.4)
    found = picture.stall_least(flight)
    if found is None:
        return Margin()
    lane.mark(found.time, found.value)
    token = "warning" if found.value < STALL_DEEP else "caution" if found.value < STALL_LIMIT else "ink"
    return Margin(f"{down(100.0 * max(found.value, 0.0))} % least", _when(found), token)


def stall_words(lane: Lane, flight: StripFlight) -> None:
    """Names the limit."""
    edge = np.array([lane.frame.start, lane.frame.end])
    lane.say("limit", "ink2", lane.beside(edge, np.full(2, STALL_LIMIT), "limit", 0.0), above=0.0)


def link(lane: Lane, flight: StripFlight) -> Margin:
    """Margin of both links; a full-height block where neither carries."""
    lane.bottom_value, lane.top_value = 0.0, 30.0
    lane.grid(0.0)
    if not lane.small:
        lane.grid(30.0)
        lane.tick(30.0, "30")
        lane.tick(0.0, "0")
    lane.curve(flight.time, carried(flight.los_margin_db), "radio", 1.4)
    lane.curve(flight.time, carried(flight.satellite_margin_db), "ink2", 1.3, "3 1.8", most=280)
    gaps = picture.gaps(flight)
    edges = [(lane.frame.x(gap.start), lane.frame.x(gap.end)) for gap in gaps]
    lane.paper.area(bars(edges, lane.top - 2.0, lane.high + 4.0, 2.5), "caution")
    for edge in np.ravel(edges):
        lane.paper.ink.curve(np.full(2, edge), np.array([lane.top, lane.bottom]))
    return _link_margin(flight, gaps)


def carried(margin: Series) -> Series:
    """A margin while the link carries, and one sample on either side: its line falls to zero and ends there.

    A margin that flickers about zero more than 60 times stays one line along the foot of its lane.
    """
    with np.errstate(invalid="ignore"):
        up_ = margin >= 0.0
    near = up_.copy()
    near[1:] |= up_[:-1]
    near[:-1] |= up_[1:]
    return np.where(near, margin, np.nan) if len(runs(near)) <= 60 else margin


def link_words(lane: Lane, flight: StripFlight) -> None:
    """Names both links, and how long the gaps lasted."""
    _gap_words(lane, flight)
    if lane.small:
        return
    for series, text, ink, at in (
        (carried(flight.los_margin_db), "line of sight", "radio", 0.03),
        (carried(flight.satellite_margin_db), "satellite", "ink2", 0.08),
    ):
        lane.say(text, ink, lane.beside(flight.time, series, text, at), hide=0.3)


def _gap_words(lane: Lane, flight: StripFlight) -> None:
    """How long the longest gaps lasted, beside them."""
    for gap in sorted(picture.gaps(flight), key=lambda each: each.start - each.end)[:4]:
        about = "about " if picture.coarse(flight, gap) else ""
        text = f"{about}{duration(gap.end - gap.start)} without link"
        a, b, long = lane.frame.x(gap.start), lane.frame.x(gap.end), width(text, NOTE, True)
        rows = (lane.top + 8.5, lane.bottom - 3.0)
        wishes = [Wish(x, y, k) for k, (x, y) in enumerate((x, y) for y in rows for x in (b + 5.0, a - 5.0 - long))]
        lane.say(text, "caution", wishes, NOTE, bold=True, above=2.0, below=2.0, hide=1.0)


def _link_margin(flight: StripFlight, gaps: list[Span]) -> Margin:
    """Time without link, else the least margin."""
    lost, count = flight.lost or (sum(gap.end - gap.start for gap in gaps), len(gaps))
    if count:
        return Margin(f"{duration(lost)} lost", plural(count, "gap", "gaps"), "caution")
    found = picture.link_least(flight)
    return Margin() if found is None else Margin(f"{down(found.value)} dB least", _when(found))


def fuel(lane: Lane, flight: StripFlight) -> Margin:
    """Fuel aboard, the reserve, and what would just bring it home."""
    lane.bottom_value, lane.top_value = 0.0, lane.frame.fuel
    lane.grid(lane.frame.fuel)
    lane.grid(0.0)
    lane.tick(lane.frame.fuel, number(lane.frame.fuel))
    if not lane.small:
        lane.tick(lane.frame.fuel / 2.0, number(lane.frame.fuel / 2.0))
    x, y = lane.frame.xs(flight.time), lane.ys(flight.fuel)
    for a, b in pieces(x, y, lane.frame.corners(250)):
        lane.paper.area(closed(a, b, np.full(a.size, lane.bottom)), "fill")
    if np.isfinite(flight.reserve) and flight.flown:
        high = lane.bottom - lane.y(flight.reserve)
        lane.paper.area(bars([(float(x[0]), float(x[-1]))], lane.bottom - high, high, 1.0), "#reserve")
        lane.avoid(x[[0, -1]], np.full(2, lane.y(flight.reserve)))
    lane.curve(flight.time, flight.bingo, "ink2", 1.2, "4 2.5", most=250)
    lane.curve(flight.time, flight.fuel, "ink", 1.8, most=250)
    return _fuel_margin(flight)


def fuel_words(lane: Lane, flight: StripFlight) -> None:
    """Names of bingo and reserve, beside them."""
    text = "bingo: enough to go home"
    lane.say(text, "ink2", lane.beside(flight.time, flight.bingo, text, 0.3, sides="a"), hide=0.0)
    if np.isfinite(flight.reserve):
        flat = np.full(flight.time.size, 0.0)
        lane.say("reserve", "ink3", lane.beside(flight.time, flat, "reserve", 0.0, sides="b"), below=15.0)


def _fuel_margin(flight: StripFlight) -> Margin:
    """Fuel at the end, and what of it lies over the reserve."""
    left = picture.last_known(flight.fuel)
    if not np.isfinite(left):
        return Margin()
    over = left - flight.reserve
    short = bool(np.any(flight.fuel < flight.bingo)) or over < 0.0
    note = f"{down(over, sign=True)} on reserve" if np.isfinite(over) else ""
    return Margin(f"{down(left)} kg left", note, "warning" if left <= 0.0 else "caution" if short else "ink")


# ---------------------------------------------------------------------------------------------------------- heat, mode


def heat(lane: Lane, flight: StripFlight) -> Margin:
    """Avionics bay, coldest fuel and outside air, with the limits of the first two."""
    lane.bottom_value, lane.top_value = lane.frame.heat
    coldest, hottest = flight.bay_limits_c
    lane.grid(0.0)
    lane.tick(0.0, "0")
    low = picture.least(flight.time, flight.bay_c)
    near = coldest if low is not None and low.value < coldest + 10.0 else np.nan
    for value in (hottest, flight.fuel_limit_c, near):
        if np.isfinite(value):
            lane.limit(value)
            lane.tick(value, number(value, sign=True))
    x = lane.frame.xs(flight.time)
    every = np.array([flight.bay_c, flight.fuel_c, flight.outside_c])
    for a, b in _band(lane, x, every):
        lane.paper.area(between(*a, *b), "band")
    lane.curve(flight.time, flight.outside_c, "ink3", 1.0, most=160)
    lane.curve(flight.time, flight.fuel_c, "ink", 1.3, "5 2", most=160)
    lane.curve(flight.time, flight.bay_c, "ink", 1.3, most=160)
    return _heat_margin(flight)


def heat_words(lane: Lane, flight: StripFlight) -> None:
    """Names the three temperatures."""
    for series, text, at in (
        (flight.bay_c, "avionics bay", 0.06),
        (flight.fuel_c, "fuel", 0.2),
        (flight.outside_c, "outside air", 0.3),
    ):
        lane.say(text, "ink2", lane.beside(flight.time, series, text, at), above=0.0, below=4.0, hide=0.4)


def _band(lane: Lane, x: Pixels, every: Series) -> list[tuple[tuple[Pixels, Pixels], tuple[Pixels, Pixels]]]:
    """Upper and lower edge of all temperatures together, in pieces."""
    known = np.isfinite(every).all(axis=0)
    top, low = np.where(known, every.max(axis=0), np.nan), np.where(known, every.min(axis=0), np.nan)
    return list(
        zip(
            pieces(x, lane.ys(top), lane.frame.corners(160)),
            pieces(x, lane.ys(low), lane.frame.corners(160)),
            strict=True,
        )
    )


def too_hot_or_cold(flight: StripFlight) -> str:
    """Which limit of temperature was passed, in words; empty for none."""
    coldest, hottest = flight.bay_limits_c
    with np.errstate(invalid="ignore"):
        passed = (
            (np.any(flight.fuel_c < flight.fuel_limit_c), "fuel too cold"),
            (np.any(flight.bay_c > hottest), "bay too hot"),
            (np.any(flight.bay_c < coldest), "bay too cold"),
        )
    return next((words for past, words in passed if past), "")


def _heat_margin(flight: StripFlight) -> Margin:
    """Coldest fuel and hottest bay."""
    low, high = picture.least(flight.time, flight.fuel_c), picture.most(flight.time, flight.bay_c)
    if low is None and high is None:
        return Margin()
    past = too_hot_or_cold(flight)
    words = f"{down(low.value) if low else DASH}…{up(high.value, sign=True) if high else DASH} °C"
    return Margin(words, past or "fuel … avionics", "caution" if past else "ink")


def mode_name(code: float) -> str:
    """A mode as the strip writes it."""
    return MODES[int(code)] if 0 <= code < len(MODES) else DASH


def modes(lane: Lane, flight: StripFlight, commanders: bool) -> None:
    """What the autopilot did; a cap marks what it began by itself; below, who commanded."""
    time, code = flight.time, flight.mode
    known = np.isfinite(code)
    key = np.where(known, code, -1.0) * 2.0 + (flight.automatic == 1.0)
    cuts = np.concatenate(([0], np.flatnonzero(np.diff(key)) + 1, [key.size - 1])) if key.size else np.zeros(1, int)
    plain: list[tuple[float, float]] = []
    own: list[tuple[float, float]] = []
    names = []
    for a, b in pairwise(cuts):
        if known[a]:
            edges = (lane.frame.x(float(time[a])), lane.frame.x(float(time[b])))
            (own if flight.automatic[a] == 1.0 else plain).append((edges[0] + 0.5, edges[1] - 0.5))
            names.append((edges, mode_name(code[a])))
    lane.paper.area(bars(plain, lane.top, lane.high, 0.8), "mode")
    lane.paper.area(bars(own, lane.top, lane.high, 1.0), "auto")
    lane.paper.area(bars(own, lane.top, 2.5, 1.0), "ink")
    for (a, b), name in names:
        if width(name, NOTE) + 8.0 < b - a and lane.paper.fits(a + 5.0, lane.bottom - 3.8, name, NOTE):
            lane.paper.text(a + 5.0, lane.bottom - 3.8, name, "ink", NOTE)
    if commanders:
        _commanders(lane, flight)


def _commanders(lane: Lane, flight: StripFlight) -> None:
    """A rule for who commanded, broken where nobody did."""
    y = lane.bottom + 3.0
    edges = [(lane.frame.x(s.start) + 0.5, lane.frame.x(s.end) - 0.5) for s in flight.commanders]
    lane.paper.area(bars(edges, y, 3.0, 1.0), "ink3")
    for (a, b), span in zip(edges, flight.commanders, strict=True):
        text = span.text if " " in span.text or not span.text else f"{span.text} commands"
        if text and width(text, NOTE) + 8.0 < b - a and lane.paper.fits(a, y + 13.0, text, NOTE, slack=1.0):
            lane.paper.text(a, y + 13.0, text, "ink3", NOTE)

"""The ground crew: what it notices, how late it decides, what it orders, and what it cannot know."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiled import compiled

from samruk import crew
from samruk.leaves import flatten
from samruk.messages import Ack, Command, CommandKind, Mode, Telemetry
from samruk.mission import Crew, Rules

STEP = compiled(crew.step)
PROFILE = Crew()
"""Median 45 s, a look every 30 s, 5 s of action; protects, leaves ice."""
PROMPT = replace(PROFILE, reaction=10.0, reaction_spread=0.0, scan=10.0)
"""Decides after 10 s sharp."""
RULES = Rules(automatic_protection=0)
CALM = Telemetry(
    mode=int(Mode.ROUTE), altitude_msl=4000.0, airspeed_calibrated=45.0, fuel=200.0, temperature=265.0,
    stall_margin=0.5, power_excess=0.0,
)  # fmt: skip
"""On the route, nothing wrong."""
ICY = replace(CALM, ice_detected=1)


@dataclass
class Watch:
    """A crew before a scripted screen; the scripted aircraft answers what arrives after `delay` s."""

    profile: Crew = PROFILE
    rules: Rules = RULES
    seed: int = 1
    screen: Callable[[float], Telemetry] = lambda t: CALM
    age: Callable[[float], float] = lambda t: 0.4
    accepts: Callable[[Command], bool] = lambda c: True
    deaf: Callable[[float], bool] = lambda t: False
    """True while commands do not arrive."""
    obeys: bool = True
    """Whether protection on the screen follows the orders."""
    delay: float = 0.6
    state: Any = field(default_factory=crew.initial)
    sent: list[tuple[float, int, int, float]] = field(default_factory=list)
    """Time, sequence, kind, argument of everything that left."""
    phases: list[int] = field(default_factory=list)
    ack: Ack = field(default_factory=Ack)
    protection: int = 0
    way: list[tuple[float, Command]] = field(default_factory=list)

    def run(self, seconds: float, begin: float = 0.0) -> Watch:
        """Let time pass."""
        for k in range(round(10 * begin), round(10 * (begin + seconds))):
            self._tick(k, 0.1 * k)
        return self

    def _tick(self, k: int, t: float) -> None:
        while self.way and self.way[0][0] <= t:
            self._receive(self.way.pop(0)[1])
        behind = self.age(t) - 0.4  # a screen that gets no telemetry shows the past
        seen = replace(self.screen(t - behind), tick=k, ack=self.ack)
        if self.obeys:
            seen = replace(seen, protection_on=self.protection)
        self.state = STEP(self.state, seen, self.age(t), self.profile, self.rules, self.seed, t)
        out = self.state.outgoing
        self.phases.append(int(self.state.phase))
        if int(out.sequence):
            self.sent.append((t, int(out.sequence), int(out.kind), float(out.argument)))
            if not self.deaf(t):
                self.way.append((t + self.delay, Command(int(out.sequence), int(out.kind), float(out.argument))))

    def _receive(self, command: Command) -> None:
        if command.sequence == self.ack.sequence:
            return
        accepted = self.accepts(command)
        self.ack = Ack(command.sequence, int(accepted), 0 if accepted else 18)
        if accepted and command.kind == CommandKind.ICE_PROTECTION:
            self.protection = int(command.argument)

    def orders(self) -> list[tuple[int, float]]:
        """Kind and argument of each order, repeats left out."""
        first = {sequence: (kind, argument) for _, sequence, kind, argument in reversed(self.sent)}
        return [first[sequence] for sequence in sorted(first)]


def iced_from(start: float, end: float = 1e9, **changes: Any) -> Callable[[float], Telemetry]:
    """A screen that shows ice for a time, with changes while it does."""
    return lambda t: replace(ICY, **changes) if start <= t < end else CALM


def test_a_quiet_flight_hears_nothing_from_the_crew() -> None:
    watch = Watch().run(300.0)
    assert watch.sent == []
    assert int(watch.state.decisions) == 0


def test_an_alarm_leads_to_protection_after_reaction_and_action() -> None:
    watch = Watch(PROMPT, screen=iced_from(20.0)).run(60.0)
    assert watch.orders() == [(CommandKind.ICE_PROTECTION, 1.0)]
    assert watch.sent[0][0] == pytest.approx(20.0 + 10.0 + PROMPT.action, abs=0.21)  # two ticks of hand-over


def test_the_reaction_is_log_normal_about_its_median() -> None:
    times = np.asarray(crew.reaction_time(PROFILE, np.arange(1500, dtype=np.int32), 0))
    logs = np.log(times)
    assert np.median(times) == pytest.approx(45.0, rel=0.04)  # three standard errors: 1.25 * 0.4 / sqrt(1500)
    assert logs.std() == pytest.approx(0.4, rel=0.06)  # three standard errors
    assert logs.mean() == pytest.approx(math.log(45.0), abs=0.032)


def test_the_first_reaction_does_not_depend_on_when_the_alarm_comes() -> None:
    """A counterfactual in which ice comes a second later meets the same people."""
    lags = [Watch(screen=iced_from(start), seed=9).run(200.0).sent[0][0] - start for start in (20.0, 21.3, 60.0)]
    assert lags == pytest.approx([lags[0]] * 3, abs=0.11)  # one tick
    other = Watch(screen=iced_from(20.0), seed=10).run(200.0).sent[0][0] - 20.0
    assert abs(other - lags[0]) > 0.5


def lost(start: float, end: float) -> Callable[[float], float]:
    """Age of a screen that freezes for a time."""
    return lambda t: t - start + 0.4 if start <= t < end else 0.4


def announced(start: float, end: float = 1e9) -> Callable[[float], Telemetry]:
    """Ice for a time, with the aircraft's one announcement in its first 3 s."""
    return lambda t: replace(ICY, announces_ice=int(t < start + 3.0)) if start <= t < end else CALM


FLEETING = replace(PROMPT, alarm_holds=0, scan=600.0, leaves_ice=0)
"""A station that tells ice once, and a page of systems that somebody opens every ten minutes."""


def test_one_announcement_is_enough_for_who_hears_it() -> None:
    watch = Watch(FLEETING, screen=announced(20.0)).run(60.0)
    assert watch.sent[0][0] == pytest.approx(20.0 + 10.0 + 5.0, abs=0.21)
    assert watch.orders() == [(CommandKind.ICE_PROTECTION, 1.0)]


def test_an_announcement_that_a_gap_swallows_leaves_the_crew_unaware_until_the_next_look() -> None:
    """The ice stands on the screen all the while; nobody looks there."""
    watch = Watch(FLEETING, screen=announced(20.0), age=lost(18.0, 26.0)).run(700.0)
    assert watch.sent[0][0] == pytest.approx(600.0 + 15.0, abs=0.3)
    held = Watch(replace(FLEETING, alarm_holds=1), screen=announced(20.0), age=lost(18.0, 26.0)).run(60.0)
    assert held.sent[0][0] == pytest.approx(26.0 + 15.0, abs=0.3)


def test_who_has_heard_of_ice_needs_no_second_alarm() -> None:
    """The announcement comes while the detector pauses; the order follows when it reports again."""
    def screen(t: float) -> Telemetry:
        return replace(CALM, announces_ice=int(20.0 <= t < 23.0), ice_detected=int(t > 40.0))

    assert Watch(FLEETING, screen=screen).run(70.0).sent[0][0] == pytest.approx(40.0 + 15.0, abs=0.3)


def test_each_encounter_is_announced_and_forgotten_anew() -> None:
    later = 100.0 + crew.EPISODE + 100.0
    first, second = announced(20.0, 100.0), announced(later)
    watch = Watch(replace(FLEETING, scan=1e3), screen=lambda t: first(t) if t < 100.0 else second(t))
    watch.age = lost(later - 1.0, later + 7.0)
    assert [argument for _, argument in watch.run(later + 100.0).orders()] == [1.0]
    assert int(watch.state.knows_ice) == 0


def test_a_crew_that_does_not_protect_does_not() -> None:
    assert Watch(replace(PROMPT, protects=0), screen=iced_from(20.0)).run(120.0).sent == []


def test_the_command_is_repeated_until_it_is_answered() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0), deaf=lambda t: t < 30.0).run(60.0)
    times = [t for t, *_ in watch.sent]
    assert len(times) == 5
    assert np.diff(times) == pytest.approx(crew.REPEAT, abs=0.11)
    assert {sequence for _, sequence, _, _ in watch.sent} == {1}
    assert int(watch.state.phase) == crew.WATCH
    assert int(watch.state.acked) == 1


def test_it_gives_up_at_last_and_thinks_again() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0), deaf=lambda t: True).run(200.0)
    sequences = [sequence for _, sequence, _, _ in watch.sent]
    assert sequences.count(1) == crew.TRIES
    assert 2 in sequences


def test_a_refusal_is_respected_for_a_while() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0), accepts=lambda c: False, rules=RULES)
    watch.profile = replace(PROMPT, leaves_ice=0)
    watch.run(5.0 + 15.0 + 0.9 * crew.EFFECT)
    assert len(watch.orders()) == 1
    watch.run(0.3 * crew.EFFECT, begin=5.0 + 15.0 + 0.9 * crew.EFFECT)
    assert len(watch.orders()) == 2


def test_protection_goes_off_again_some_time_after_the_ice() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0, 60.0)).run(60.0 + crew.EPISODE + 60.0)
    assert watch.orders() == [(CommandKind.ICE_PROTECTION, 1.0), (CommandKind.ICE_PROTECTION, 0.0)]
    assert watch.sent[-1][0] > 60.0 + crew.EPISODE


def test_protection_that_the_aircraft_switched_on_itself_is_left_to_it() -> None:
    screen = lambda t: replace(ICY if t < 60.0 else CALM, protection_on=1)  # noqa: E731
    assert Watch(PROMPT, screen=screen, obeys=False).run(60.0 + crew.EPISODE + 100.0).sent == []


def test_an_alarm_that_is_over_before_the_decision_needs_no_order() -> None:
    watch = Watch(PROMPT, screen=iced_from(20.0, 25.0)).run(100.0)
    assert watch.sent == []
    assert int(watch.state.decisions) == 1


def test_performance_is_noticed_only_at_a_look_but_a_low_stall_margin_at_once() -> None:
    slow = replace(PROMPT, protects=0, scan=100.0)
    power = Watch(slow, screen=iced_from(110.0, power_excess=0.3, protection_on=1), obeys=False).run(260.0)
    stall = Watch(slow, screen=iced_from(110.0, stall_margin=0.1, protection_on=1), obeys=False).run(260.0)
    assert power.sent[0][0] == pytest.approx(200.0 + 15.0, abs=0.3)
    assert stall.sent[0][0] == pytest.approx(110.0 + 15.0, abs=0.3)


def test_ice_that_costs_little_is_left_upwards_when_it_lasts() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0)).run(5.0 + crew.PATIENCE + 60.0)
    assert watch.orders()[1] == (CommandKind.SET_ALTITUDE, 4000.0 + RULES.escape_up)


def test_without_room_to_climb_it_goes_down_to_warm_air() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0, power_excess=0.3, temperature=270.15)).run(90.0)
    kind, height = watch.orders()[-1]
    assert kind == CommandKind.SET_ALTITUDE
    assert height == pytest.approx(4000.0 - 5.0 / crew.LAPSE, abs=0.5)


def test_where_no_warm_air_is_in_reach_it_steps_down_and_never_below_the_floor() -> None:
    for altitude in (4000.0, 1900.0):
        screen = iced_from(5.0, power_excess=0.3, temperature=250.0, altitude_msl=altitude)
        kind, height = Watch(PROMPT, screen=screen).run(90.0).orders()[-1]
        assert (kind, height) == (CommandKind.SET_ALTITUDE, max(altitude - crew.STEP_DOWN, RULES.escape_floor))


def test_it_does_not_climb_through_the_ceiling() -> None:
    screen = iced_from(5.0, altitude_msl=RULES.ceiling - 100.0)
    orders = Watch(PROMPT, screen=screen).run(5.0 + crew.PATIENCE + 60.0).orders()
    assert orders[1][0] == CommandKind.SET_ALTITUDE
    assert orders[1][1] < RULES.ceiling - 100.0


def test_what_is_refused_or_does_not_help_leads_to_the_next_option() -> None:
    def accepts(command: Command) -> bool:
        return command.kind != CommandKind.SET_ALTITUDE

    refused = Watch(PROMPT, screen=iced_from(5.0), accepts=accepts).run(5.0 + crew.PATIENCE + 120.0)
    assert [kind for kind, _ in refused.orders()] == [
        CommandKind.ICE_PROTECTION, CommandKind.SET_ALTITUDE, CommandKind.SET_ALTITUDE, CommandKind.RETURN_HOME,
    ]  # fmt: skip
    assert refused.orders()[1][1] > 4000.0 > refused.orders()[2][1]
    useless = Watch(PROMPT, screen=iced_from(5.0)).run(5.0 + crew.PATIENCE + 2.0 * crew.EFFECT + 120.0)
    assert [kind for kind, _ in useless.orders()] == [kind for kind, _ in refused.orders()]
    gap = {sequence: t for t, sequence, *_ in reversed(useless.sent)}
    assert gap[3] - gap[2] >= crew.EFFECT
    assert gap[4] - gap[3] >= crew.EFFECT


def test_an_order_that_nobody_answered_leaves_its_option_open() -> None:
    patient = 5.0 + crew.PATIENCE
    silent = Watch(PROMPT, screen=iced_from(5.0), deaf=lambda t: 100.0 < t < patient + 80.0).run(patient + 150.0)
    cut = Watch(PROMPT, screen=iced_from(5.0), deaf=lambda t: t > 100.0, age=lost(patient + 17.0, patient + 50.0))
    cut.run(patient + 80.0)
    for watch in (silent, cut):
        up = (CommandKind.SET_ALTITUDE, 4000.0 + RULES.escape_up)
        assert watch.orders()[1:3] == [up, up]


def test_each_encounter_with_ice_has_all_options_again() -> None:
    again = 5.0 + crew.PATIENCE + crew.EPISODE + 60.0

    def screen(t: float) -> Telemetry:
        return CALM if 5.0 + crew.PATIENCE + 40.0 < t < again else ICY

    kinds = [(k, x) for k, x in Watch(PROMPT, screen=screen).run(again + crew.PATIENCE + 40.0).orders() if k == 3]
    assert kinds == [(CommandKind.SET_ALTITUDE, 4000.0 + RULES.escape_up)] * 2


def test_once_home_is_ordered_there_is_nothing_more_to_order() -> None:
    screen = iced_from(5.0, mode=int(Mode.RETURN), altitude_msl=RULES.escape_floor)
    assert [kind for kind, _ in Watch(PROMPT, screen=screen).run(800.0).orders()] == [
        CommandKind.ICE_PROTECTION, CommandKind.SET_ALTITUDE,
    ]  # fmt: skip


def test_a_crew_that_does_not_leave_ice_stays_in_it() -> None:
    watch = Watch(replace(PROMPT, leaves_ice=0), screen=iced_from(5.0, stall_margin=0.05)).run(700.0)
    assert watch.orders() == [(CommandKind.ICE_PROTECTION, 1.0)]


@pytest.mark.parametrize("mode", [Mode.PREFLIGHT, Mode.TAKE_OFF, Mode.APPROACH, Mode.FLARE, Mode.STOPPED])
def test_near_the_ground_the_crew_keeps_its_hands_off(mode: Mode) -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0, mode=int(mode), stall_margin=0.05)).run(200.0)
    assert watch.sent == []


def test_the_aircrafts_own_escape_is_left_to_it() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0, mode=int(Mode.ESCAPE), stall_margin=0.05)).run(900.0)
    assert watch.orders() == [(CommandKind.ICE_PROTECTION, 1.0)]


# The link -------------------------------------------------------------------------------------------------------------


def test_nothing_is_ordered_on_a_stale_screen() -> None:
    watch = Watch(PROMPT, screen=iced_from(20.0), age=lost(25.0, 37.0)).run(80.0)
    assert watch.sent[0][0] >= 37.0


def test_a_gap_costs_its_length_and_a_reaction_more() -> None:
    """The published cause: after regaining the link, the picture has to be built again."""
    through = Watch(PROMPT, screen=iced_from(20.0)).run(80.0).sent[0][0]
    gap = Watch(PROMPT, screen=iced_from(20.0), age=lost(21.0, 51.0)).run(120.0).sent[0][0]
    assert through == pytest.approx(35.0, abs=0.3)
    assert gap == pytest.approx(51.0 + 10.0 + 5.0, abs=0.3)


def test_a_command_under_way_is_dropped_with_the_picture() -> None:
    watch = Watch(PROMPT, screen=iced_from(5.0), age=lost(22.0, 90.0), deaf=lambda t: 15.0 < t < 90.0).run(130.0)
    times = [t for t, *_ in watch.sent]
    assert not [t for t in times if 22.0 + crew.BLIND_AFTER < t < 90.0]
    assert watch.orders()[-1] == (CommandKind.ICE_PROTECTION, 1.0)
    assert times[-1] > 90.0 + 10.0


def test_a_crew_without_any_telemetry_yet_waits() -> None:
    state = crew.initial()
    for k in range(600):
        state = STEP(state, replace(ICY, tick=-1), 0.0, PROMPT, RULES, 1, 0.1 * k)
    assert int(state.decisions) == 0


def test_a_mission_that_the_gap_broke_off_is_taken_up_again() -> None:
    def screen(t: float) -> Telemetry:
        return replace(CALM, mode=int(Mode.ROUTE if t < 60.0 else Mode.RETURN))

    watch = Watch(PROMPT, screen=screen, age=lost(20.0, 100.0)).run(140.0)
    assert watch.orders() == [(CommandKind.CONTINUE_ROUTE, 0.0)]
    assert Watch(PROMPT, screen=screen).run(140.0).sent == []  # it saw the turn: that was the aircraft's own reason


def test_a_return_that_the_crew_ordered_itself_is_not_taken_back() -> None:
    """The order reached the aircraft, its answer did not come down."""
    low = {"altitude_msl": RULES.escape_floor, "stall_margin": 0.1, "protection_on": 1}

    def screen(t: float) -> Telemetry:
        return replace(ICY, **low) if t < 25.0 else replace(CALM, mode=int(Mode.RETURN))

    watch = Watch(PROMPT, screen=screen, age=lost(20.3, 20.3 + crew.EPISODE + 60.0), obeys=False, delay=1.0)
    watch.run(20.3 + crew.EPISODE + 120.0)
    assert [kind for kind, _ in watch.orders()] == [CommandKind.RETURN_HOME]


def test_a_mission_that_goes_on_by_itself_needs_no_order() -> None:
    assert Watch(PROMPT, age=lost(20.0, 100.0)).run(200.0).sent == []


# What it cannot know ------------------------------------------------------------------------------------------------


def test_it_imports_nothing_that_knows_the_truth() -> None:
    tree = ast.parse(Path(crew.__file__).read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    inside = {name for name in names if name and name.startswith("samruk")}
    plain = {"samruk.messages", "samruk.mission", "samruk.tables", "samruk.frames", "samruk.lazy", "samruk.words"}
    assert inside <= {"samruk", *plain}


def test_a_frozen_screen_is_all_it_knows() -> None:
    """What happens behind a screen that no longer moves changes nothing."""
    frozen = Watch(screen=lambda t: CALM, age=lost(20.0, 1e9)).run(120.0)
    hidden = Watch(screen=iced_from(20.0), age=lost(19.9, 1e9)).run(120.0)
    assert frozen.sent == hidden.sent == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(Mode)), st.booleans(), st.floats(0.0, 60.0)), min_size=1, max_size=8),
       st.integers(0, 1000))  # fmt: skip
def test_orders_are_numbered_without_holes_and_every_leaf_stays_a_number(
    parts: list[tuple[Mode, bool, float]], seed: int
) -> None:
    def part(t: float) -> tuple[Mode, bool, float]:
        return parts[int(t / 15.0) % len(parts)]

    def screen(t: float) -> Telemetry:
        return replace(CALM, mode=int(part(t)[0]), ice_detected=int(part(t)[1]))

    watch = Watch(replace(PROMPT, reaction=3.0), screen=screen, age=lambda t: part(t)[2], seed=seed).run(60.0)
    sequences = sorted({sequence for _, sequence, _, _ in watch.sent})
    assert sequences == list(range(1, len(sequences) + 1))
    assert all(np.isfinite(value) for value in flatten(watch.state).values())
    assert crew.WATCH <= int(watch.state.phase) <= crew.BLIND


def test_the_state_keeps_its_kinds() -> None:
    """Flags and counts stay whole, times float64: what an engine asks of a carry."""
    before, after = flatten(crew.initial()), flatten(Watch().run(0.2).state)
    assert {name: type(value) for name, value in before.items()} == {name: type(v) for name, v in after.items()}

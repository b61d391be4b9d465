"""What the aircraft says of itself: streams by the wall clock, single messages on request, texts for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from samruk.vehicle import modes, own, readings
from samruk.vehicle.aircraft import Aircraft
from samruk.vehicle.commands import OPEN, Commands
from samruk.vehicle.service import AUTOPILOT, Asked, Now, Outgoing, Priority, Reply, Result, Sender
from samruk.vehicle.streams import RATES, THIN, Streams

Maker = Callable[[Aircraft, Any, Now], Any]
"""Fields of a message from (aircraft, picture, now); None when there is nothing to say; a list for several at once."""

TEXT = 50
"""Bytes of text in a STATUSTEXT."""
VITAL = {"HEARTBEAT", "GLOBAL_POSITION_INT", "SAMRUK_MODE", "EXTENDED_SYS_STATE", "HIGH_LATENCY2", "CONTROL_STATUS"}
"""Messages that go before others."""
ALL_MODES = 0


@dataclass
class _Source:
    """Who makes a message."""

    maker: Maker
    component: int = AUTOPILOT


class Telemetry:
    """Streams and requests.

    Args:
        aircraft: who speaks.
        commands: where requests come in.
        names: message name by number, for REQUEST_MESSAGE.
    """

    def __init__(self, aircraft: Aircraft, commands: Commands, names: dict[int, str]) -> None:
        self.aircraft, self.names = aircraft, names
        self.numbers = {name: number for number, name in names.items()}
        self.sources = {name: _Source(maker) for name, maker in {**readings.MAKERS, **own.MAKERS}.items()}
        self.rates: dict[str, float] = {}
        self.ways: dict[str, Streams] = {}
        self._text_id = 0
        self.signs: dict[str, Callable[[], Any]] = {"SAMRUK_MODE": lambda: int(aircraft.picture.mode)}
        """What messages are told at once for, by message: values that are new when nobody should wait for it."""
        self._told: dict[str, Any] = {}
        self.register(commands)

    def register(self, commands: Commands, component: int = AUTOPILOT) -> None:
        """Let a component answer requests for messages."""
        requests: dict[int, tuple[Callable[[Asked, Now], Reply], str]] = {
            410: (lambda asked, now: self._request("HOME_POSITION", asked, now), "home position"),
            510: (self._get_interval, "message interval"),
            511: (self._set_interval, "message interval"),
            512: (self._request_message, "message"),
            519: (lambda asked, now: self._request("PROTOCOL_VERSION", asked, now), "protocol version"),
            520: (lambda asked, now: self._request("AUTOPILOT_VERSION", asked, now), "capabilities"),
            521: (lambda asked, now: self._request("CAMERA_INFORMATION", asked, now), "camera"),
        }
        for number, (handler, name) in requests.items():
            commands.register(number, handler, OPEN, component, name)

    # --- what others add ---

    def provide(
        self, name: str, maker: Maker, rate: float = 0.0, component: int = AUTOPILOT,
        sign: Callable[[], Any] | None = None,
    ) -> None:  # fmt: skip
        """Let someone make a message: streamed at a rate (Hz of wall clock; 0: on request alone), and told at once
        when its sign changes."""
        self.sources[name] = _Source(maker, component)
        if rate:
            self.rates[name] = rate
        if sign is not None:
            self.signs[name] = sign

    def open(self, path: str, thin: bool = False) -> Streams:
        """A way to someone begins, or changes its width."""
        if path not in self.ways:
            self.ways[path] = Streams(own=self.rates)
        self.ways[path].thin = thin
        return self.ways[path]

    def close(self, path: str) -> None:
        """A way has ended."""
        self.ways.pop(path, None)

    # --- the service ---

    def heard(self, message: Any, sender: Sender, now: Now) -> Iterable[Outgoing]:
        """Old stream requests, time."""
        if message.name == "REQUEST_DATA_STREAM":
            rate = float(message.req_message_rate) if message.start_stop else 0.0
            self.open(sender.path).set_group(int(message.req_stream_id), rate)
        elif message.name == "TIMESYNC" and int(message.tc1) == 0:
            return (self._timed(message, sender, now),)
        elif message.name == "PING" and int(message.target_system) == 0:
            fields = {"time_usec": int(message.time_usec), "seq": int(message.seq), "target_system": sender.system,
                      "target_component": sender.component}  # fmt: skip
            return (Outgoing("PING", fields, sender, Priority.ANSWER),)
        return ()

    def due(self, now: Now) -> Iterator[Outgoing]:
        """Texts, then streams, way by way."""
        for fields in self._texts():
            yield Outgoing("STATUSTEXT", fields, None, Priority.VITAL)
        made = {"HEARTBEAT": self.make("HEARTBEAT", now)}
        changed = list(self._changed(made["HEARTBEAT"]))
        for path, streams in self.ways.items():
            to = Sender(0, 0, path)
            for name in changed:
                streams.hasten(name)
            for name in streams.due(now.wall):
                if name not in made:
                    made[name] = self.make(name, now)
                yield from self._out(name, made[name], to)

    def _changed(self, beat: list[dict[str, Any]]) -> Iterator[str]:
        """Messages whose sign is another than when last asked; the heartbeat is its own."""
        for name, what in [("HEARTBEAT", beat), *((name, sign()) for name, sign in self.signs.items())]:
            if self._told.get(name) != what:
                self._told[name] = what
                yield name

    def make(self, name: str, now: Now) -> list[dict[str, Any]]:
        """The fields of a message now; none when it has nothing to say."""
        source = self.sources.get(name)
        found = source.maker(self.aircraft, self.aircraft.picture, now) if source else None
        return found if isinstance(found, list) else [] if found is None else [found]

    def _out(self, name: str, made: list[dict[str, Any]], to: Sender) -> Iterator[Outgoing]:
        priority = Priority.VITAL if name in VITAL or name in THIN else Priority.STREAM
        for fields in made:
            yield Outgoing(name, fields, to, priority, self.sources[name].component)

    # --- requests ---

    def _request_message(self, asked: Asked, now: Now) -> Reply:
        name = self.names.get(asked.whole("p1", -1), "")
        if name == "AVAILABLE_MODES":
            return self._modes(asked)
        if name == "MESSAGE_INTERVAL":
            return self._interval(asked, asked.whole("p2", -1))
        return self._request(name, asked, now)

    def _request(self, name: str, asked: Asked, now: Now) -> Reply:
        """One message to whoever asks."""
        if name not in self.sources:
            return Reply(Result.UNSUPPORTED)
        made = self.make(name, now)
        component = self.sources[name].component
        more = tuple(Outgoing(name, fields, asked.sender, Priority.ANSWER, component) for fields in made)
        return Reply(Result.ACCEPTED if made else Result.TEMPORARILY_REJECTED, more=more)

    def _modes(self, asked: Asked) -> Reply:
        index = asked.whole("p2")
        if not 0 <= index <= len(modes.AVAILABLE):
            return Reply(Result.DENIED)
        chosen = range(1, len(modes.AVAILABLE) + 1) if index == ALL_MODES else (index,)
        return Reply(more=tuple(_mode(k, asked.sender) for k in chosen))

    def _set_interval(self, asked: Asked, now: Now) -> Reply:
        name = self.names.get(asked.whole("p1", -1), "")
        if name not in self.sources:
            return Reply(Result.UNSUPPORTED)
        self.open(asked.sender.path).set_interval(name, asked.p2 or 0.0)
        return Reply()

    def _get_interval(self, asked: Asked, now: Now) -> Reply:
        return self._interval(asked, asked.whole("p1", -1))

    def _interval(self, asked: Asked, number: int) -> Reply:
        """MESSAGE_INTERVAL: 0 for a message that is not known."""
        name = self.names.get(number, "")
        known = name in self.sources
        interval = self.open(asked.sender.path).interval_us(name) if known else 0
        out = Outgoing("MESSAGE_INTERVAL", {"message_id": number & 0xFFFF, "interval_us": interval}, asked.sender,
                       Priority.ANSWER)  # fmt: skip
        return Reply(Result.ACCEPTED if known else Result.UNSUPPORTED, more=(out,))

    def _timed(self, message: Any, sender: Sender, now: Now) -> Outgoing:
        fields = {"tc1": round(now.simulated * 1e9), "ts1": int(message.ts1), "target_system": sender.system,
                  "target_component": sender.component}  # fmt: skip
        return Outgoing("TIMESYNC", fields, sender, Priority.ANSWER)

    # --- texts ---

    def _texts(self) -> Iterator[dict[str, Any]]:
        """STATUSTEXT of all that waits, long ones in chunks."""
        while self.aircraft.texts:
            severity, text = self.aircraft.texts.popleft()
            yield from self._chunks(int(severity), text.encode("utf-8", "replace"))

    def _chunks(self, severity: int, body: bytes) -> Iterator[dict[str, Any]]:
        if len(body) <= TEXT:
            yield {"severity": severity, "text": body, "id": 0, "chunk_seq": 0}
            return
        self._text_id = self._text_id % 0xFFFF + 1
        parts = [body[k : k + TEXT] for k in range(0, len(body), TEXT)]
        parts += [b""] if len(parts[-1]) == TEXT else []  # a chunk that is not full ends the text
        for sequence, part in enumerate(parts):
            yield {"severity": severity, "text": part, "id": self._text_id, "chunk_seq": sequence}


def _mode(index: int, to: Sender) -> Outgoing:
    """AVAILABLE_MODES of one mode, counted from 1."""
    mode = modes.AVAILABLE[index - 1]
    fields = {
        "number_modes": len(modes.AVAILABLE), "mode_index": index, "standard_mode": int(mode.standard),
        "custom_mode": mode.custom_mode, "properties": mode.properties, "mode_name": mode.name,
    }  # fmt: skip
    return Outgoing("AVAILABLE_MODES", fields, to, Priority.ANSWER)


__all__ = ["RATES", "THIN", "Maker", "Telemetry"]

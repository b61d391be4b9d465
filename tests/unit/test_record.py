"""Records: what goes in comes out to the last bit, damage is told in one line, and viewers can open them."""

from __future__ import annotations

import ast
import csv
import io
import itertools
import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from mcap.reader import make_reader

from samruk import record, units
from samruk.errors import RecordError
from samruk.leaves import flatten, unflatten
from samruk.mission import Clock, Conditions, Crew, Links, Loading, Route, Rules, Runway, Tables, Task
from samruk.record import FlightRecord, Recording

EPOCH = 1800403200.25
"""2027-01-20T00:00:00.250Z."""
NAMES = ("time", "latitude", "longitude", "height", "mode", "airspeed")
EVENTS = [
    {"time": EPOCH + 60.0, "text": "takes off", "level": "info"},
    {"time": EPOCH + 900.5, "text": "ice on the probe", "level": "caution"},
]


def a_flight(frames: np.ndarray | None = None, names: tuple[str, ...] = NAMES, **changes: Any) -> FlightRecord:
    """A flight of three frames with something odd in it."""
    if frames is None:
        frames = np.array([[0.0, 0.7, 0.57, 850.0, 1.0, 0.1], [10.0, 0.7001, 0.57, np.nan, 3.0, -0.0],
                           [20.0, 0.7002, 0.57, 900.0, 3.0, np.inf]])  # fmt: skip
    flight = FlightRecord(
        "First", "as planned", EPOCH, {"task": {"rules.reserve": 2700.0, "seed": 7}}, {"route.loiter": np.ones(3)},
        names, frames, np.arange(len(frames)) * 10, {"margins.ice": 3.5}, {"events": EVENTS, "outcome": None},
    )  # fmt: skip
    return replace(flight, **changes)


def recording(*flights: FlightRecord) -> Recording:
    """A record of flights."""
    return Recording("A day", flights, {"samruk": "0.1.0", "seed": 7}, {"m.toml": b"\x00title = 1"}, {"home": "LTAC"})


def there_and_back(given: Recording) -> Recording:
    """Through bytes."""
    stream = io.BytesIO()
    record.encode(stream, given)
    return record.decode(stream)


def same_bits(a: np.ndarray, b: np.ndarray) -> bool:
    """Equal to the last bit, one NaN for all."""
    a, b = np.where(np.isnan(a), np.nan, a), np.where(np.isnan(b), np.nan, b)
    return a.shape == b.shape and a.tobytes() == b.tobytes()


def assert_same(a: Recording, b: Recording) -> None:
    """Two recordings hold the same."""
    assert (a.title, a.provenance, a.sources, a.details) == (b.title, b.provenance, b.sources, b.details)
    assert len(a.flights) == len(b.flights)
    for x, y in zip(a.flights, b.flights, strict=True):
        assert same_bits(x.frames, y.frames)
        assert x.ticks.tolist() == y.ticks.tolist()
        for name in ("name", "note", "epoch", "names", "inputs", "ledger", "verdict"):
            assert getattr(x, name) == getattr(y, name), name
        assert x.tables.keys() == y.tables.keys()
        assert all(same_bits(x.tables[k], y.tables[k]) and x.tables[k].dtype == y.tables[k].dtype for k in x.tables)


def test_a_record_comes_back_whole(tmp_path: Path) -> None:
    given = recording(a_flight(), a_flight(name="Second"))
    path = record.write(tmp_path / "a.mcap", given)
    assert_same(given, record.read(path))


FRAMES = arrays.arrays(np.float64, st.tuples(st.integers(0, 5), st.just(3)), elements=st.floats(width=64))


@settings(max_examples=120, deadline=None)
@given(FRAMES, st.text(max_size=20), st.floats(0.0, 4e9))
def test_every_float64_survives(frames: np.ndarray, name: str, epoch: float) -> None:
    given = recording(a_flight(frames, ("time", "x", "name_with_units_m"), name=name, epoch=epoch))
    assert_same(given, there_and_back(given))


KEYS = st.text().filter(lambda key: key[:1] != "$")
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(PLAIN)
def test_every_plain_value_survives_json(value: Any) -> None:
    text = record.to_json(value)
    json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    back = record.from_json(text)
    assert repr(back) == repr(value)  # repr tells -0.0 from 0.0, 1 from 1.0, and every float64 from every other


@pytest.mark.parametrize("dtype", ["float64", "float32", "int32", "int16", "bool"])
def test_arrays_keep_their_kind_and_shape(dtype: str) -> None:
    for shape in ((), (0,), (4,), (2, 3)):
        array = np.linspace(-3.0, 5.0, int(np.prod(shape))).reshape(shape).astype(dtype)
        back = record.from_json(record.to_json({"a": array}))["a"]
        assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize("value", [{1, 2}, object(), {3: 1}, {"$float": 1}, np.array(["x"])])
def test_what_json_cannot_carry_is_refused(value: Any) -> None:
    with pytest.raises(RecordError, match="cannot be recorded"):
        record.to_json(value)


def test_all_inputs_of_a_flight_come_back_as_the_dataclasses_they_were() -> None:
    task = Task(Clock(EPOCH), Loading(fuel=0.1 + 0.2), Conditions(), Links(), Crew(), Rules(), Runway(1 / 3), Runway(),
                Runway(), seed=9)  # fmt: skip
    tables = Tables(route=Route(latitude=np.random.default_rng(1).normal(size=64)))
    flight = a_flight(inputs={"task": flatten(task)}, tables=flatten(tables))
    back = there_and_back(recording(flight)).flights[0]
    assert unflatten(task, back.inputs["task"]) == task
    assert np.array_equal(unflatten(tables, back.tables).route.latitude, tables.route.latitude)


# Files ----------------------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten_unless_told(tmp_path: Path) -> None:
    path = record.write(tmp_path / "a.mcap", recording(a_flight()))
    before = path.read_bytes()
    with pytest.raises(RecordError, match="exists; nothing is overwritten") as caught:
        record.write(path, recording(a_flight(name="Other")))
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == before
    record.write(path, recording(a_flight(name="Other")), overwrite=True)
    assert record.read(path).flights[0].name == "Other"
    assert [file.name for file in tmp_path.iterdir()] == ["a.mcap"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be recorded"):
        record.write(tmp_path / "a.mcap", recording(a_flight(inputs={"x": object()})))
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_or_read_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="cannot be written: No such file or directory"):
        record.write(tmp_path / "no" / "a.mcap", recording())
    with pytest.raises(RecordError, match="cannot be read: No such file or directory"):
        record.read(tmp_path / "none.mcap")
    with pytest.raises(RecordError, match="cannot be read: Is a directory"):
        record.read(tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frames": np.zeros((2, 3))}, "6 names and"),
        ({"ticks": np.zeros(2, int)}, "do not fit frames"),
        ({"names": ("time", "latitude", "x", "x", "y", "z")}, "stands twice"),
        ({"epoch": float("nan")}, "epoch nan s; allowed are 0 to 1e10"),
        ({"epoch": -1.0}, "epoch -1.0 s"),
    ],
)
def test_a_flight_that_does_not_fit_together_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RecordError, match="flight 1: ") as caught:
        record.write(tmp_path / "a.mcap", recording(a_flight(**changes)))
    assert words in str(caught.value)


WHOLE = io.BytesIO()
record.encode(WHOLE, recording(a_flight(), a_flight(name="Second")))
BYTES = WHOLE.getvalue()


def read_bytes(tmp_path: Path, body: bytes) -> Recording:
    """A record from a file with these bytes."""
    path = tmp_path / "x.mcap"
    path.write_bytes(body)
    return record.read(path)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6, 0.9, 0.999])
def test_a_truncated_record_is_told_in_one_line(tmp_path: Path, share: float) -> None:
    with pytest.raises(RecordError) as caught:
        read_bytes(tmp_path, BYTES[: int(share * len(BYTES))])
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "x.mcap"))


def test_other_files_are_no_records(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="is no whole MCAP record"):
        read_bytes(tmp_path, b"time,latitude\n1,2\n" * 50)
    with pytest.raises(RecordError, match="is no whole MCAP record"):
        read_bytes(tmp_path, b"")


def test_a_record_of_another_program_is_told(tmp_path: Path) -> None:
    from mcap.writer import Writer

    stream = io.BytesIO()
    writer = Writer(stream)
    writer.start()
    writer.finish()
    with pytest.raises(RecordError, match="holds no samruk record"):
        read_bytes(tmp_path, stream.getvalue())


def test_a_record_of_a_later_format_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("samruk.record.writer.FORMAT", 2)
    stream = io.BytesIO()
    record.encode(stream, recording(a_flight()))
    with pytest.raises(RecordError, match="has format 2; this version reads up to 1"):
        read_bytes(tmp_path, stream.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(BYTES) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found_or_changes_nothing(place: int, flip: int) -> None:
    body = bytearray(BYTES)
    body[place] ^= flip
    try:
        found = record.decode(io.BytesIO(bytes(body)))
    except RecordError as error:
        assert "\n" not in str(error)  # noqa: PT017
    else:
        assert_same(found, recording(a_flight(), a_flight(name="Second")))


# Viewers --------------------------------------------------------------------------------------------------------------


def messages(topic: str) -> list[tuple[Any, Any, int, dict[str, Any]]]:
    """Schema, channel, time and content of a topic's messages, by the plain MCAP reader."""
    reader = make_reader(io.BytesIO(BYTES))
    return [
        (schema, channel, message.log_time, json.loads(message.data))
        for schema, channel, message in reader.iter_messages(topics=[topic])
    ]


def test_states_are_json_at_simulated_time_with_units_in_their_keys() -> None:
    found = messages("/flight/1/state")
    schema, channel, at, body = found[1]
    assert (schema.encoding, channel.message_encoding) == ("jsonschema", "json")
    assert at == 1800403210_250000000
    assert body["latitude_rad"] == 0.7001
    assert body["height_m"] is None
    assert body["not_finite"] == {"height_m": "nan"}
    assert "not_finite" not in found[0][3]
    assert set(json.loads(schema.data)["properties"]) >= {"tick", "airspeed_m_s", "mode"}


def test_the_map_gets_degrees_and_metres() -> None:
    found = messages("/flight/2/location")
    assert len(found) == 2  # the frame without height has no place
    schema, _, at, body = found[0]
    assert schema.name == "foxglove.LocationFix"
    assert body["latitude"] == pytest.approx(np.degrees(0.7), abs=1e-12)
    assert body["altitude"] == 850.0
    assert len(body["position_covariance"]) == 9
    assert body["timestamp"] == {"sec": at // 10**9, "nsec": at % 10**9}


def test_events_are_log_messages_with_their_level() -> None:
    found = messages("/flight/1/event")
    assert [(schema.name, body["message"], body["level"]) for schema, _, _, body in found] == [
        ("foxglove.Log", "takes off", 2), ("foxglove.Log", "ice on the probe", 3),
    ]  # fmt: skip
    assert found[0][2] == 1800403260_250000000


def test_sources_are_attached_as_they_were() -> None:
    attached = list(make_reader(io.BytesIO(BYTES)).iter_attachments())
    assert [(each.name, each.media_type, each.data) for each in attached] == [
        ("m.toml", "application/toml", b"\x00title = 1")
    ]


def test_each_field_of_a_frame_has_its_unit() -> None:
    """Fields that the step records and that are no plain numbers stand in the table of units."""
    source = Path(record.__file__).parent.parent / "sim.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Frame").body
    told = {a.target.id: b.value.value for a, b in itertools.pairwise(body) if isinstance(a, ast.AnnAssign)}  # type: ignore
    unit_of = {name: unit for unit, names in record.FRAME_UNITS.items() for name in names}
    spelt = {"w_m2": "W/m^2", "kg_m3": "kg/m^3", "m_s": "m/s", "db": "dB", "w": "W", "k": "K"}
    for name, words in told.items():
        unit = words.split(",")[0].split(" ")[0].rstrip(".")
        expected = unit if unit in {"s", "rad", "m", "kg", *spelt.values()} else None
        found = unit_of.get(name)
        assert (spelt.get(found, found) if found else None) == expected, f"{name}: {words}"
    assert set(unit_of) <= set(told)
    assert set(record.FRAME_UNITS) <= set(units.SUFFIXES)


# Size and speed -------------------------------------------------------------------------------------------------------


def test_a_flight_of_twenty_hours_is_small_and_quick(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    frames = rng.normal(size=(7200, 60)).cumsum(axis=0)  # no two digits alike: harder to pack than a flight
    frames[:, 0] = 10.0 * np.arange(7200)
    flight = a_flight(frames, ("time", "latitude", "longitude", "height", *(f"x{k}" for k in range(56))))
    began = time.perf_counter()
    path = record.write(tmp_path / "a.mcap", recording(flight))
    took = time.perf_counter() - began
    assert path.stat().st_size < 10e6
    assert took < 2.0
    assert same_bits(record.read(path).flights[0].frames, frames)


# CSV ------------------------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[list[str]]:
    """Lines of a CSV file."""
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_csv_reads_back_to_the_same_numbers(tmp_path: Path) -> None:
    flight = a_flight()
    files = record.export_csv(recording(flight, a_flight(name="The 2nd: α/β")), tmp_path / "csv")
    assert [file.name for file in files] == [
        "1-first-frames.csv", "1-first-events.csv", "1-first-inputs.csv",
        "2-the-2nd-α-β-frames.csv", "2-the-2nd-α-β-events.csv", "2-the-2nd-α-β-inputs.csv",
    ]  # fmt: skip
    head, *lines = rows(files[0])
    assert head == ["tick", "time_s", "latitude_rad", "longitude_rad", "height_m", "mode", "airspeed_m_s"]
    assert same_bits(np.array([[float(x) for x in row[1:]] for row in lines]), flight.frames)
    assert [int(row[0]) for row in lines] == [0, 10, 20]


def test_csv_tells_events_in_utc_and_every_input(tmp_path: Path) -> None:
    files = record.export_csv(recording(a_flight()), tmp_path / "csv")
    assert rows(files[1])[2] == ["2027-01-20T00:15:00.750Z", "caution", "ice on the probe"]
    inputs = dict(rows(files[2]))  # type: ignore[arg-type]
    assert inputs["task.rules.reserve"] == "2700.0"
    assert inputs["route.loiter.2"] == "1.0"


def test_csv_never_writes_into_a_folder_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="exists; nothing is overwritten"):
        record.export_csv(recording(a_flight()), tmp_path)
    assert list(tmp_path.iterdir()) == []

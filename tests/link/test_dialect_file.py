"""Our own dialect file as other tools read it: pymavlink's generator and MAVSDK."""

from __future__ import annotations

import importlib.util
import random
import shutil
import sys
import warnings
from importlib.resources import files
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from samruk.link.mavlink import MESSAGES, Parser, encode
from samruk.link.mavlink.definitions import ENUMS
from tests.link.test_mavlink import OWN, Pipe, anything, to_peer, told

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pymavlink
    from pymavlink.generator import mavgen

DIALECT = Path(str(files("samruk").joinpath("data/dialect/samruk.xml")))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """What pymavlink's generator makes of the file, beside the public sets that it includes."""
    folder = tmp_path_factory.mktemp("dialect")
    for name in ("minimal", "standard", "common", "development"):
        shutil.copy(Path(pymavlink.__file__).parent / "dialects" / "v20" / f"{name}.xml", folder)
    shutil.copy(DIALECT, folder)
    words = SimpleNamespace(
        wire_protocol="2.0", language="Python3", validate=False, error_limit=200, output=str(folder / "samruk_peer"),
        strict_units=True,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert mavgen.mavgen(words, [str(folder / "samruk.xml")]) is not False
        spec = importlib.util.spec_from_file_location("samruk_peer", folder / "samruk_peer.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["samruk_peer"] = module
        spec.loader.exec_module(module)
    return module


def test_every_own_message_is_in_the_file(made: ModuleType) -> None:
    assert {kind.msgname for kind in made.mavlink_map.values()} >= OWN


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", sorted(OWN))
def test_a_peer_made_from_the_file_speaks_as_we_do(made: Any, name: str) -> None:
    definition, rng = MESSAGES[name], random.Random(name)
    kind = made.mavlink_map[definition.number]
    assert kind.crc_extra == definition.seed
    for trial in range(8):
        values = anything(rng, definition)
        pipe = Pipe()
        link = made.MAVLink(pipe, srcSystem=3, srcComponent=7)
        link.seq = trial
        link.send(kind(**to_peer(values, definition)))
        assert encode(name, values, system=3, component=7, sequence=trial) == pipe.data
        assert Parser().feed(pipe.data)[0].message.values == values
        assert told(made.MAVLink(Pipe()).parse_buffer(bytearray(pipe.data))[0], definition) == values


@pytest.mark.parametrize("name", ["MAV_CMD", "MAV_RESULT", "MAV_MISSION_TYPE"])
def test_its_entries_join_the_public_enums(made: Any, name: str) -> None:
    theirs = {entry.name: number for number, entry in made.enums[name].items() if not entry.name.endswith("ENUM_END")}
    ours = {str(full): int(value) for full, value in ENUMS[name].items()}
    assert theirs.items() <= ours.items()


def test_no_id_is_taken_in_another_public_dialect() -> None:
    """csAirLink has 52000 and 52001: a client that knows all dialects would take ours for bad data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymavlink.dialects.v20 import all as everything
    for name in OWN:
        assert MESSAGES[name].number not in everything.mavlink_map, name
    taken = {number for number, entry in everything.enums["MAV_CMD"].items() if "SAMRUK" not in entry.name}
    own = {int(value) for full, value in ENUMS["MAV_CMD"].items() if "SAMRUK" in full}
    assert own
    assert not own & taken

"""Where all lanes of a session stand at one tick, in a file that is replaced whole: a restart flies on from there."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from samruk.engine.batch import Block, Snapshot
from samruk.vehicle.live import Live

CHECKPOINT = "checkpoint.npz"
"""The file."""
EVERY = 600.0
"""Simulated s between two: three aircraft fly that again in a tenth of a second."""


@dataclass(frozen=True)
class Checkpoint:
    """The state of every lane, and how much of the journal is in it."""

    snapshot: Snapshot
    entries: int
    """Entries of the journal that had taken effect."""


def save(folder: Path, live: Live) -> None:
    """Keep where the lanes stand; the journal up to now is to be on the disk already."""
    snapshot = live.batch.snapshot()
    form = np.frombuffer(_form(live.batch.state), np.uint8)
    numbers = np.array([snapshot.ticks, live.entries], np.int64)
    part = folder / f".{CHECKPOINT}"
    with part.open("wb") as file:
        np.savez(file, real=snapshot.real, integer=snapshot.integer, form=form, numbers=numbers)
    part.replace(folder / CHECKPOINT)


def read(folder: Path, live: Live) -> Checkpoint | None:
    """What was kept; None where there is nothing, or nothing that fits these lanes: then the journal is flown whole."""
    try:
        with np.load(io.BytesIO((folder / CHECKPOINT).read_bytes()), allow_pickle=False) as kept:
            if kept["form"].tobytes() != _form(live.batch.state):
                return None
            ticks, entries = kept["numbers"].tolist()
            return Checkpoint(Snapshot(kept["real"], kept["integer"], ticks), entries)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _form(block: Block) -> bytes:
    """A digest of what each number of a block is, and how it is stored."""
    text = repr((block.n_lanes, block.width, block.real.dtype.str, block.layout.leaves))
    return hashlib.sha256(text.encode()).digest()

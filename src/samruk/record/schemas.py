"""What writer and reader of a record share: names, schemas, the seal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

FORMAT = 1
"""Of the record; a reader refuses a higher one."""
SUMMARY = "samruk"
"""Name of the metadata that stand for the whole record."""
NOT_FINITE = "not_finite"
"""Key of a frame's message that names its fields that JSON has no number for."""


def schema(title: str, properties: dict[str, Any]) -> bytes:
    """A JSON schema."""
    return msgspec.json.encode({"title": title, "type": "object", "properties": properties})


def state_schema(keys: list[str]) -> bytes:
    """Schema of frames: numbers, null where one is not finite."""
    fields: dict[str, Any] = {key: {"type": ["number", "null"]} for key in keys}
    others = {"tick": {"type": "integer"}, NOT_FINITE: {"type": "object"}}
    return schema("samruk.State", others | fields)


def seal(head: Mapping[str, str], texts: list[dict[str, str]], frames: list[Any], sources: Mapping[str, bytes]) -> str:
    """SHA-256 over all that a record says."""
    digest = hashlib.sha256()
    for part in (head, *texts):
        for key in sorted(part):
            digest.update(f"{key}\0{part[key]}\0".encode())
    for values, ticks in frames:
        one_nan = np.where(np.isnan(values), np.nan, values)
        digest.update(np.ascontiguousarray(one_nan, "<f8").tobytes() + np.ascontiguousarray(ticks, "<i8").tobytes())
    for name in sorted(sources):
        digest.update(f"{name}\0{len(sources[name])}\0".encode() + sources[name])
    return digest.hexdigest()


TIME = {
    "type": "object",
    "title": "time",
    "properties": {"sec": {"type": "integer"}, "nsec": {"type": "integer"}},
}
LOG = schema(
    "foxglove.Log",
    {
        "timestamp": TIME,
        "level": {"type": "integer"},
        "message": {"type": "string"},
        "name": {"type": "string"},
        "file": {"type": "string"},
        "line": {"type": "integer"},
    },
)
FIX = schema(
    "foxglove.LocationFix",
    {
        "timestamp": TIME,
        "frame_id": {"type": "string"},
        "latitude": {"type": "number"},
        "longitude": {"type": "number"},
        "altitude": {"type": "number"},
        "position_covariance": {"type": "array", "items": {"type": "number"}, "minItems": 9, "maxItems": 9},
        "position_covariance_type": {"type": "integer"},
    },
)

"""Plain values as JSON that reads back to the same bits.

JSON carries the shortest decimal of a float64. What it has no word for is tagged: `{"$float": "nan"}`,
`{"$array": [dtype, shape, values]}`, `{"$bytes": hexadecimal}`. All NaN are one NaN. Long arrays of whole numbers are
packed: `{"$packed": [dtype, shape, base64 of deflated little-endian numbers]}`.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from samruk.errors import RecordError

LONG = 4096
"""Numbers from which an array of whole numbers is packed."""

def to_json(value: Any) -> str:
    """Nested dictionaries, lists, numbers, texts, bytes and arrays as JSON from which `from_json` gives the same back.

    Tuples come back as lists, NumPy scalars as Python ones.

    Raises:
        RecordError: something else is in it.
    """
    return json.dumps(_tagged(value), allow_nan=False, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Any:
    """The value that `to_json` wrote."""
    return _untagged(json.loads(text))


def _tagged(value: Any) -> Any:
    """The value in words of JSON."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"$float": str(value)}
    if isinstance(value, Mapping):
        return {_key(key): _tagged(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_tagged(each) for each in value]
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.size >= LONG:
        plain = np.ascontiguousarray(value.astype(value.dtype.newbyteorder("<"))).tobytes()
        packed = base64.b64encode(zlib.compress(plain, 6)).decode("ascii")
        return {"$packed": [value.dtype.name, list(value.shape), packed]}
    if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
        return {"$array": [value.dtype.name, list(value.shape), _tagged(value.ravel().tolist())]}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    raise RecordError(f"a {type(value).__name__} cannot be recorded: allowed are numbers, texts, lists and arrays")


def _key(key: Any) -> str:
    """A key of a dictionary; those with `$` are the tags' own."""
    if not isinstance(key, str) or key.startswith("$"):
        raise RecordError(f"{key!r} cannot be recorded as a key: allowed are texts that do not begin with $")
    return key


def _untagged(value: Any) -> Any:
    """The value behind words of JSON."""
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$float" in value:
        return float(value["$float"])
    if "$bytes" in value:
        return bytes.fromhex(value["$bytes"])
    if "$packed" in value:
        dtype, shape, text = value["$packed"]
        plain = np.frombuffer(zlib.decompress(base64.b64decode(text)), np.dtype(dtype).newbyteorder("<"))
        return plain.astype(dtype).reshape(shape)
    if "$array" in value:
        dtype, shape, flat = value["$array"]
        return np.array(_untagged(flat), dtype=dtype).reshape(shape)
    return {key: _untagged(each) for key, each in value.items()}

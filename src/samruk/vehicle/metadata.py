"""What the aircraft tells about itself as files: general.json and parameters.json, as MAVLink's component metadata.

Reference: MAVLink guide, Component Metadata Protocol (formats of version 1).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from samruk.vehicle.ftp import File, crc32, file_of
from samruk.vehicle.parameters import Parameter

GENERAL, PARAMETERS = "/general.json", "/parameters.json"
PARAMETER_TYPE = 1
"""COMP_METADATA_TYPE_PARAMETER."""


def parameters_json(table: Sequence[Parameter]) -> bytes:
    """Metadata of parameters."""
    found = [_parameter(each) for each in sorted(table, key=lambda each: each.name)]
    return json.dumps({"version": 1, "parameters": found}, ensure_ascii=False, separators=(",", ":")).encode()


def _parameter(each: Parameter) -> dict[str, Any]:
    """One entry."""
    entry: dict[str, Any] = {
        "name": each.name, "type": "Int32" if each.whole else "Float", "default": each.default,
        "shortDesc": each.words, "longDesc": each.more or each.words, "group": each.group,
        "category": "Standard" if each.act else "Developer",
    }  # fmt: skip
    if each.unit:
        entry["units"] = each.unit
    if math.isfinite(each.least):
        entry["min"] = each.least
    if math.isfinite(each.most):
        entry["max"] = each.most
    if not each.whole:
        entry["decimalPlaces"] = 2
    if each.values:
        entry["values"] = [{"value": number, "description": words} for number, words in each.values]
    return entry


def general_json(parameters: bytes) -> bytes:
    """The file that names the others."""
    entry = {"type": PARAMETER_TYPE, "uri": f"mftp://{PARAMETERS}", "fileCrc": crc32(parameters)}
    return json.dumps({"version": 1, "metadataTypes": [entry]}, separators=(",", ":")).encode()


def files(table: Sequence[Parameter]) -> dict[str, File]:
    """All metadata files by path."""
    parameters = parameters_json(table)
    return {GENERAL: file_of(general_json(parameters)), PARAMETERS: file_of(parameters)}


def component_metadata(table: Sequence[Parameter], boot_ms: int) -> dict[str, Any]:
    """Fields of COMPONENT_METADATA."""
    general = general_json(parameters_json(table))
    return {"time_boot_ms": boot_ms, "file_crc": crc32(general), "uri": f"mftp://{GENERAL}"}

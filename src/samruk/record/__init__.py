"""Records of flights in MCAP: frames, events, ledger, and all that is needed to fly them again bit for bit.

A record opens in any MCAP viewer (Foxglove, Lichtblick): `/flight/1/state` holds one JSON message per frame,
`/flight/1/location` a `foxglove.LocationFix` for the map and `/flight/1/event` a `foxglove.Log`, all at simulated UTC
time; source files are attachments. Metadata `samruk` tells what was flown, metadata `flight/1` holds its inputs,
tables, ledger and verdict as JSON, and a SHA-256 over everything seals the record.

Numbers come back as they went in. A frame's fields that are not finite are null in the message and named in its
`not_finite`; all NaN are one NaN.
"""

from samruk.record.export import export_csv
from samruk.record.reader import decode, read
from samruk.record.recording import FRAME_UNITS, FlightRecord, Recording
from samruk.record.values import from_json, to_json
from samruk.record.writer import encode, write

__all__ = [
    "FRAME_UNITS",
    "FlightRecord",
    "Recording",
    "decode",
    "encode",
    "export_csv",
    "from_json",
    "read",
    "to_json",
    "write",
]

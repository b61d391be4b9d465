"""MAVLink 2: messages to bytes and back.

    definitions.py   what each message holds (facts in definitions.json, written by tools/write_dialect.py)
    enums.py         the numbers of MAVLink's enums, by name
    frames.py        encode, Parser, Message
    signing.py       signatures and the defence against repetition
    tlog.py          telemetry logs
"""

from samruk.link.mavlink import enums
from samruk.link.mavlink.definitions import MESSAGES, Definition, Field, by_id
from samruk.link.mavlink.frames import Frame, Message, Parser, encode
from samruk.link.mavlink.signing import Keyring, Signer, Verifier, read_key, write_key

COMMANDS = enums.MAV_CMD

__all__ = ["COMMANDS", "MESSAGES", "Definition", "Field", "Frame", "Keyring", "Message", "Parser", "Signer", "Verifier",
           "by_id", "encode", "enums", "read_key", "write_key"]  # fmt: skip

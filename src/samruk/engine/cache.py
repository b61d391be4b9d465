"""What an engine keeps on disk: texts, objects and manifests, each under the hash of what it depends on.

Every entry carries its own checksum and is put in place by a rename, so a torn or damaged one is no entry at all.
`SAMRUK_CACHE` names another folder; an unwritable folder only means that nothing is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

import platformdirs

DIGEST = 32


def digest(*parts: Any) -> str:
    """A hash of texts and of anything that JSON can hold."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else json.dumps(part, sort_keys=True).encode()
        total.update(len(data).to_bytes(8, "little") + data)
    return total.hexdigest()[:40]


def folder() -> Path:
    """Where entries lie."""
    return Path(os.environ.get("SAMRUK_CACHE") or platformdirs.user_cache_dir("samruk")) / "engine"


def read(name: str) -> bytes | None:
    """The entry, or None if it is absent or damaged."""
    try:
        data = (folder() / name).read_bytes()
    except OSError:
        return None
    body = data[DIGEST:]
    return body if len(data) > DIGEST and hashlib.sha256(body).digest() == data[:DIGEST] else None


def write(name: str, body: bytes) -> None:
    """Put an entry in place, whole or not at all."""
    with contextlib.suppress(OSError):
        folder().mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder(), suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(body).digest() + body)
            os.replace(temporary, folder() / name)
        except OSError:
            os.unlink(temporary)


def read_text(name: str) -> str | None:
    """A compressed text."""
    body = read(name)
    return None if body is None else zlib.decompress(body).decode()


def write_text(name: str, text: str) -> None:
    """Keep a text, compressed."""
    write(name, zlib.compress(text.encode(), 3))


def read_json(name: str) -> Any:
    """A manifest, or None."""
    text = read_text(name)
    return None if text is None else json.loads(text)


def write_json(name: str, value: Any) -> None:
    """Keep a manifest."""
    write_text(name, json.dumps(value))

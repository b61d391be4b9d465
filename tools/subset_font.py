#!/usr/bin/env python3
"""Make the font asset of the pictures: IBM Plex Sans Condensed, cut down to the characters that the pictures write.

    subset_font.py FOLDER OUT.json

FOLDER holds `IBMPlexSansCondensed-Regular.woff2` and `-SemiBold.woff2` (npm package @ibm/plex-sans-condensed 2.0.0,
`fonts/complete/woff2`; SIL Open Font License 1.1). Needs fonttools and brotli. Layout features (kerning, ligatures)
are dropped, so that the width of a text is exactly the sum of its advances, everywhere. The Open Font License reserves
the name "Plex" to the original, so the cut-down faces carry another family name.
"""

from __future__ import annotations

import base64
import io
import json
import pathlib
import sys
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Samruk Sans Condensed"
SOURCE = "IBM Plex Sans Condensed 2.0.0"
WEIGHTS = {400: "Regular", 600: "SemiBold"}
LATIN = "".join(map(chr, range(0x20, 0x7F))) + (
    "\u00a0£§©«°±²³µ·»¼½¾¿×÷ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿ"
    "ĀāĂăĄąĆćČčĎďĐđĒēĘęĚěĞğĪīİıŁłŃńŇňŌōŐőŒœŘřŚśŞşŠšŤťŪūŮůŰűŹźŻżŽžȘșȚțƏə"
    "–—‘’“”„•…′″−≈≠≤≥∞←↑→↓"
)
CYRILLIC = "".join(map(chr, range(0x400, 0x460))) + "ҐґҒғҚқҢңҮүҰұҺһӘәӨө№"
FACES = {"latin": LATIN, "cyrillic": CYRILLIC}


def cut(path: pathlib.Path, characters: str, weight: int) -> dict[str, Any]:
    """One face: its woff2 in base 64 and the advance of each character in em."""
    font = TTFont(path)
    have = set(font.getBestCmap())
    wanted = sorted({ord(c) for c in characters} & have)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    for identifier, text in ((1, FAMILY), (2, WEIGHTS[weight]), (4, f"{FAMILY} {WEIGHTS[weight]}")):
        font["name"].setName(text, identifier, 3, 1, 0x409)
    upem, metrics, cmap = font["head"].unitsPerEm, font["hmtx"].metrics, font.getBestCmap()
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    missing = "".join(c for c in characters if ord(c) not in have)
    print(path.name, len(wanted), "characters,", len(out.getvalue()), "bytes; not in the font:", missing or "none")
    return {
        "weight": weight,
        "woff2": base64.b64encode(out.getvalue()).decode(),
        "advance": {chr(code): metrics[cmap[code]][0] / upem for code in wanted},
    }


def main(folder: str, out: str) -> None:
    """Cut every face and write the asset."""
    faces = [
        {"script": script} | cut(pathlib.Path(folder) / f"IBMPlexSansCondensed-{style}.woff2", characters, weight)
        for script, characters in FACES.items()
        for weight, style in WEIGHTS.items()
    ]
    asset = {"family": FAMILY, "source": SOURCE, "licence": "SIL Open Font License 1.1 (OFL.txt)", "faces": faces}
    pathlib.Path(out).write_text(json.dumps(asset, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])

"""What a picture says and where: read back from its SVG by the font's advances, or from a browser that drew it."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, NamedTuple

from samruk.verdict.labels import Box, box

SVG = "{http://www.w3.org/2000/svg}"
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""A browser to draw with, where there is one."""


class Drawn(NamedTuple):
    """One text of a picture."""

    text: str
    size: float
    names: frozenset[str]
    place: Box


def root(svg: str) -> ET.Element:
    """The picture as XML; fails on text that is not well formed."""
    return ET.fromstring(svg)


def texts(svg: str) -> list[Drawn]:
    """Every text with its computed box."""
    found = []
    for element in root(svg).iter(f"{SVG}text"):
        names = frozenset(element.get("class", "").split())
        size, text = float(element.get("font-size", "11")), element.text or ""
        anchor = "m" if "m" in names else "e" if "e" in names else ""
        place = box(float(element.get("x", "nan")), float(element.get("y", "nan")), text, size, "b" in names, anchor)
        found.append(Drawn(text, size, names, place))
    return found


def crossings(svg: str) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes share more than 0.2 px: coordinates are rounded to 0.1 px."""
    found = texts(svg)
    return [(a.text, b.text) for k, a in enumerate(found) for b in found[k + 1 :] if a.place.crosses(b.place, -0.2)]


def outside(svg: str) -> list[str]:
    """Texts that leave the paper."""
    picture = root(svg)
    paper = Box(0.0, 0.0, float(picture.get("width", "nan")), float(picture.get("height", "nan")))
    return [each.text for each in texts(svg) if not each.place.inside(paper)]


SCRIPT = """
document.fonts.ready.then(()=>{
const T=[...document.querySelectorAll(PICK)].filter(e=>e.getClientRects().length&&e.textContent.trim());
const B=T.map(e=>{const r=e.getBoundingClientRect();const s=parseFloat(getComputedStyle(e).fontSize);
const m=(r.top+r.bottom)/2;return {text:e.textContent,left:r.left,right:r.right,top:m-s/2,bottom:m+s/2,
advance:e.getComputedTextLength?e.getComputedTextLength():0}});
const out={boxes:B,wide:document.documentElement.scrollWidth,inner:innerWidth};
const d=document.createElement('pre');d.id='measured';d.textContent=JSON.stringify(out);document.body.append(d)})
"""


def measured(page: str, pick: str, wide: int = 1100) -> dict[str, Any]:
    """Boxes of what a browser drew: `page` is HTML, `pick` a selector; texts count as 1 em high, as in `labels.box`."""
    assert BROWSER is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        script = SCRIPT.replace("PICK", json.dumps(pick))
        inner = Path(folder, "inner.html")
        inner.write_text(f"{page}<script>{script}</script>", encoding="utf-8")
        frame = Path(folder, "frame.html")
        frame.write_text(
            f'<!doctype html><iframe id="f" width="{wide}" height="900" style="border:0" src="inner.html"></iframe>'
            "<script>f.onload=()=>{const t=setInterval(()=>{const m=f.contentDocument.getElementById('measured');"
            "if(m){clearInterval(t);const d=document.createElement('pre');d.id='out';d.textContent=m.textContent;"
            "document.body.append(d)}},20)}</script>",
            encoding="utf-8",
        )
        command = [
            BROWSER, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--allow-file-access-from-files", f"--user-data-dir={folder}/profile", "--window-size=1400,1000",
            "--virtual-time-budget=8000", "--dump-dom", frame.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    found = re.search(r'<pre id="out">(.*?)</pre>', done.stdout, re.S)
    assert found is not None, f"the browser drew nothing: {done.stderr[-500:]}"
    result: dict[str, Any] = json.loads(html.unescape(found.group(1)))
    return result

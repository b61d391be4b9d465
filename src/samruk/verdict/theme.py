"""Colours, type and style sheets of the pictures: ink is fact, hue is meaning, light is alarm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

DARK: Mapping[str, str] = {
    "ground": "#0E161D",
    "night": "#070C11",
    "rule": "#24313C",
    "ink": "#EAF0F4",
    "ink2": "#AFBCC7",
    "ink3": "#8A99A6",
    "water": "#56B4E9",
    "waterfill": "#2F6E96",
    "radio": "#2FC39B",
    "land": "#4B463E",
    "sea": "#1F5470",
    "cloud": "#2A3742",
    "fill": "#1C2831",
    "band": "#2B3843",
    "mode": "#22303B",
    "auto": "#3A4B58",
    "sun": "#B9973A",
    "warning": "#FF6B63",
    "warningfill": "#D93A3A",
    "caution": "#FFB52E",
    "cautionfill": "#C98A1B",
}
"""Tokens of the dark theme."""

LIGHT: Mapping[str, str] = {
    "ground": "#FFFFFF",
    "night": "#EAEEF3",
    "rule": "#D9E0E6",
    "ink": "#15202B",
    "ink2": "#44525F",
    "ink3": "#5C6975",
    "water": "#0071B0",
    "waterfill": "#8CC4E8",
    "radio": "#00765A",
    "land": "#C6BFB2",
    "sea": "#9CC3DA",
    "cloud": "#D3DBE2",
    "fill": "#E3E8EC",
    "band": "#D7DDE3",
    "mode": "#DCE3E9",
    "auto": "#BCC8D2",
    "sun": "#D9B64A",
    "warning": "#B3121D",
    "warningfill": "#E2454B",
    "caution": "#8A5200",
    "cautionfill": "#F2B134",
}
"""Tokens of the light theme and of print."""

FALLBACK = "'IBM Plex Sans Condensed','Arial Narrow',Arial,sans-serif"
"""Families used where a character is not in the embedded font."""


def tokens(theme: str) -> Mapping[str, str]:
    """The colours of `dark` or `light`."""
    if theme not in ("dark", "light"):
        raise ValueError(f"theme '{theme}' is not known; it is 'dark' or 'light'")
    return DARK if theme == "dark" else LIGHT


@cache
def font() -> dict[str, Any]:
    """The embedded font: IBM Plex Sans Condensed cut down, SIL Open Font License 1.1 (see assets/OFL.txt)."""
    text = resources.files("samruk.verdict").joinpath("assets/font.json").read_text(encoding="utf-8")
    asset: dict[str, Any] = json.loads(text)
    return asset


def font_faces(text: str) -> str:
    """`@font-face` rules for the scripts that a text uses; Latin always."""
    used = set(text)
    rules = []
    for face in font()["faces"]:
        if face["script"] == "latin" or used & face["advance"].keys():
            rules.append(_face(face))
    return "".join(rules)


def _face(face: dict[str, Any]) -> str:
    """One rule; the range keeps a browser from asking one script's face for another's characters."""
    reach = "U+0-3FF,U+1E00-22FF" if face["script"] == "latin" else "U+400-52F,U+2116"
    source = f"url(data:font/woff2;base64,{face['woff2']}) format('woff2')"
    return f"@font-face{{font-family:S;font-weight:{face['weight']};unicode-range:{reach};src:{source}}}"


def _classes(colour: Mapping[str, str]) -> str:
    """Fill `f-token`, line `l-token`, and what does not depend on a token."""
    rules = [f".f-{name}{{fill:{value}}}.l-{name}{{stroke:{value};fill:none}}" for name, value in colour.items()]
    halo = "paint-order:stroke;stroke-width:3.4px;stroke-linejoin:round"
    fixed = f".h{{stroke:{colour['ground']};{halo}}}.hn{{stroke:{colour['night']};{halo}}}.b{{font-weight:600}}"
    return "".join(rules) + fixed + ".e{text-anchor:end}.m{text-anchor:middle}"


def type_rule(selector: str) -> str:
    """The base type of a picture."""
    return f"{selector}{{font:400 11px S,{FALLBACK};font-kerning:none;font-variant-ligatures:none}}"


def sheet(theme: str, text: str) -> str:
    """The style sheet of a picture that stands alone, in one theme."""
    return font_faces(text) + type_rule("svg") + _classes(tokens(theme))


def page_sheet(text: str) -> str:
    """The picture part of a page's style sheet: both themes by custom properties, light in print."""
    named = {name: f"var(--{name})" for name in DARK}
    dark, light = (";".join(f"--{k}:{v}" for k, v in colours.items()) for colours in (DARK, LIGHT))
    return (
        f"{font_faces(text)}:root{{color-scheme:light;{light}}}"
        f"@media screen and (prefers-color-scheme:dark){{:root:not(:has(#light:checked)){{color-scheme:dark;{dark}}}}}"
        f"@media screen{{:root:has(#dark:checked){{color-scheme:dark;{dark}}}}}"
        f"{type_rule('svg')}{_classes(named)}"
    )

"""The pages of the models say what the models give."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import jax
import pytest

ROOT = Path(__file__).resolve().parents[2]
FRESH = [
    ("air", "profiles"),
    ("air", "near-ground"),
    ("gusts", "comparison"),
    ("gusts", "spectra"),
    ("gusts", "burst"),
    ("sun", "comparison"),
    ("ice", "drag"),
    ("radio", "comparison"),
    ("rain", "links"),
]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_models", ROOT / "tools" / "write_models.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def rows(text: str) -> list[str]:
    """Tables without figures at the level of rounding, which differ from machine to machine."""
    return [line for line in text.splitlines() if line.startswith("|") and "<sup>" not in line]


@pytest.mark.parametrize(("page", "block"), FRESH)
def test_errors_told_are_errors_found(
    tool: ModuleType, page: str, block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = (ROOT / "docs" / "models" / f"{page}.md").read_text(encoding="utf-8")
    found = re.search(rf"<!-- made: {block} -->\n(.*?)<!-- end -->", told, re.DOTALL)
    assert found is not None
    monkeypatch.setattr(tool, "PAGES", tmp_path)
    with jax.enable_x64(True):
        made = tool.BLOCKS[page][block]()
    assert rows(found[1]) == rows(made), "run python tools/write_models.py"
    assert len(rows(made)) > 2
    assert list(tmp_path.glob("*-dark.svg"))


def test_every_page_is_listed_and_has_its_pictures(tool: ModuleType) -> None:
    folder = ROOT / "docs" / "models"
    index = (folder / "README.md").read_text(encoding="utf-8")
    for page in tool.BLOCKS:
        assert f"]({page}.md)" in index
        text = (folder / f"{page}.md").read_text(encoding="utf-8")
        pictures = re.findall(r'(?:src|srcset)="([^"]+)"', text)
        assert pictures
        assert all((folder / name).is_file() for name in pictures)

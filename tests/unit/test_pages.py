"""Pages that are made from data say what the data say."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from samruk import load

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "src/samruk/data/aircraft").glob("*.toml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_data_sheet_in_docs_is_fresh(file: Path) -> None:
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "tools" / "write_docs.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    page = ROOT / "docs" / f"aircraft-{file.stem}.md"
    wanted = tool.data_sheet(load.aircraft(file.stem))
    assert page.read_text(encoding="utf-8") == wanted, "run `make docs`"

"""The recipes of `examples/` as modules, so that a test can ask one for its parts."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@contextmanager
def recipe_of(example: str) -> Iterator[ModuleType]:
    """The `run.py` of an example. The modules beside it are its own while it is used, and forgotten afterwards."""
    folder = EXAMPLES / example
    beside = [path.stem for path in folder.glob("*.py") if path.stem != "run"]
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        for name in beside:
            patch.delitem(sys.modules, name, raising=False)
        spec = importlib.util.spec_from_file_location(f"recipe_{example.replace('-', '_')}", folder / "run.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, spec.name, module)
        spec.loader.exec_module(module)
        yield module
        for name in beside:
            sys.modules.pop(name, None)

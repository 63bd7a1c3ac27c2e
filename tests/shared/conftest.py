"""These tests read published data beside the checkout: `./test shared` runs them, a plain run does not."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared, whose `data` and `reference` the tests read and never copy."""
    if not (SHARED / "data").is_dir():
        pytest.fail("the folder ../shared/data beside this checkout is not there", pytrace=False)
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder as `shared`."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.shared)

"""What must hold for the checkout as a whole: its locks, its wheel, and what no file of it may name."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]

# Spelled so that this file does not match itself.
REGISTRY = re.compile(r"py[p]i\.org|pythonho[s]ted\.org|registry\.npm[j]s|de[b]\.debian\.org")
HOME_PATH = re.compile(r"(?<![\w.~$/-])/(?:home|root|work|Users)/\w")


def files() -> list[Path]:
    """Every file that is, or could be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def locked(name: str) -> set[str]:
    """The canonical names of the packages that a requirements file pins."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return {canonicalize_name(match) for match in re.findall(r"(?m)^([\w.-]+)==", text)}


def names(requirements: list[object]) -> set[str]:
    return {canonicalize_name(Requirement(r).name) for r in requirements if isinstance(r, str)}


@pytest.mark.parametrize("pattern", [REGISTRY, HOME_PATH], ids=["registry", "home path"])
def test_no_file_names(pattern: re.Pattern[str]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files()
        if (match := pattern.search(path.read_bytes().decode("utf-8", "replace")))
    ]
    assert found == []


def test_no_lock_file_that_names_a_registry_is_committed() -> None:
    assert [path for path in files() if path.name in {"uv.lock", "package-lock.json"}] == []


def test_requirements_pin_what_pyproject_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    run = names(project["project"]["dependencies"]) | names(groups["build"])
    assert run <= locked("run.txt")
    assert run | names(groups["dev"]) | names(groups["docs"]) <= locked("dev.txt")


def test_everything_locked_has_a_hash() -> None:
    for name in ("run.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        assert lines
        assert [line for line in lines if "--hash=sha256:" not in line] == []


def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("remit/")}
    package = ROOT / "src"
    assert packed == {str(path.relative_to(package)) for path in files() if package in path.parents}


SCRIPTS = ["demo", "test", ".ci/run", *(f"scripts/{path.name}" for path in sorted((ROOT / "scripts").glob("*.sh")))]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_are_sound_bash(name: str) -> None:
    subprocess.run(["bash", "-n", str(ROOT / name)], check=True)


def test_the_pages_that_are_written_from_code_are_current() -> None:
    done = subprocess.run([sys.executable, "scripts/pages.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)


def test_the_hosted_checks_run_each_supported_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    supported = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "checks.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"] == supported
    assert re.findall(r"for version in (.*);", (ROOT / "scripts" / "versions.sh").read_text()) == [" ".join(supported)]


def test_the_changelog_has_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    heads = re.findall(
        r"(?m)^## \[(.+?)\](?: - \d{4}-\d\d-\d\d)?$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    )
    assert heads[:2] == ["Unreleased", project["version"]]

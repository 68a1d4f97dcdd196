"""What is built is what is in the tree, and runs alone where nothing else of it is."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
import venv
import zipfile
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

ROOT = Path(__file__).parent.parent
PACKAGES = ("workflow", "tasks", "cli")
LOCKS = ("build", "runtime", "development")

# The wheel and the empty environment are made once, so one worker takes all of these tests.
pytestmark = pytest.mark.xdist_group("packaging")


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return table


def succeed(*argv: str | Path) -> str:
    """Run a program from the root directory, with nothing of this environment; give its output."""
    done = subprocess.run(
        argv,
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", place],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    (built,) = place.iterdir()
    return built


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(archive.read(name))


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an environment that holds the runtime lock and the wheel, and nothing else."""
    place = tmp_path_factory.mktemp("alone")
    venv.create(place, with_pip=False, symlinks=True)
    install(place, "--require-hashes", "--requirement", str(ROOT / "requirements/runtime.txt"))
    install(place, str(wheel))
    return place


def install(place: Path, *what: str) -> None:
    """Install exactly this: from what ``make`` has left with uv, else with pip."""
    python = str(place / "bin" / "python")
    uv = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--offline"]
    pip = [sys.executable, "-m", "pip"]
    arguments = ["--quiet", "--no-deps", "--only-binary", ":all:", *what]
    first = subprocess.run(
        [*uv, "--python", python, *arguments], stderr=subprocess.DEVNULL, check=False
    )
    if first.returncode:
        subprocess.run([*pip, "--python", python, "install", *arguments], check=True)


def test_the_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert expected == shipped


@pytest.mark.parametrize(
    "name",
    [
        "workflow/py.typed",
        "workflow/policies/dongchang.toml",
        "workflow/policies/standard_four_step.toml",
        "workflow/policies/two_tier.toml",
        "workflow/migrations/env.py",
        "workflow/migrations/script.py.mako",
    ],
)
def test_the_wheel_holds_what_the_program_reads_at_run_time(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert name in archive.namelist()


def test_the_licence_is_named_and_shipped(wheel: Path, metadata: Message) -> None:
    assert "Apache-2.0" == metadata["License-Expression"]
    assert ["LICENSE", "NOTICE"] == metadata.get_all("License-File")
    with zipfile.ZipFile(wheel) as archive:
        for name in ("LICENSE", "NOTICE"):
            (inside,) = (path for path in archive.namelist() if path.endswith(f"licenses/{name}"))
            assert (ROOT / name).read_bytes() == archive.read(inside)


def test_the_version_stands_in_one_place(metadata: Message) -> None:
    version = project()["project"]["version"]
    assert version == metadata["Version"]
    repeated = [
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if re.search(rf"['\"]{re.escape(version)}['\"]", path.read_text("utf-8"))
    ]
    assert [] == repeated


def test_the_wheel_alone_answers_with_its_version(alone: Path) -> None:
    assert project()["project"]["version"] in succeed(alone / "bin/gongkai", "--version")


def test_every_module_imports_with_nothing_but_the_runtime(alone: Path) -> None:
    program = f"""
import importlib, pkgutil
for package in {PACKAGES!r}:
    place = importlib.import_module(package)
    print(place.__file__)
    for module in pkgutil.walk_packages(place.__path__, package + "."):
        # Alembic runs this one by its path, in the middle of a migration.
        if module.name != "workflow.migrations.env":
            importlib.import_module(module.name)
"""
    places = succeed(alone / "bin/python", "-W", "error", "-c", program).splitlines()
    assert len(PACKAGES) == len(places)
    assert all(Path(place).is_relative_to(alone) for place in places)


def test_the_wheel_alone_carries_an_item_from_draft_to_published(alone: Path) -> None:
    lines = succeed(alone / "bin/gongkai", "demo", "--keep", alone / "kept").splitlines()
    # The program ran from there, and may name the page as seen from there.
    page = Path("/", lines[-1])
    assert page.is_relative_to(alone / "kept")
    assert "2016" in page.read_text("utf-8")


def test_make_lists_what_it_can_do_with_nothing_but_a_shell() -> None:
    make = shutil.which("make")
    assert make is not None
    nothing = "PATH=/nowhere"
    listed = succeed(make, "--no-print-directory", "--directory", ROOT, nothing).splitlines()
    targets = "demo test chaos check bench docs lock clean"
    assert ["help", *targets.split()] == [line.split()[1] for line in listed]
    assert all(len(line.split(maxsplit=2)) == 3 for line in listed)


@pytest.mark.parametrize(
    ("is_so", "said"),
    [
        ("sys.version_info = (3, 10, 9)", "is too old: Python 3.11 or newer is needed"),
        ("sys.version_info = (3, 15, 0)", "is too new"),
        ("sys.modules['ensurepip'] = None", "apt install python3.11-venv"),
        ("os.confstr = lambda name: 'glibc 2.27'", "Linux with glibc 2.28 or newer"),
        ("del os.confstr", "Linux with glibc 2.28 or newer"),
        ("platform.machine = lambda: 'riscv64'", "this platform (Linux riscv64) is not supported"),
        ("sys.implementation.name = 'pypy'", "the ordinary build of CPython is needed"),
        ("sys.exit(1)", "no Python was found at"),
    ],
)
def test_what_a_machine_lacks_is_said_in_one_line(is_so: str, said: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    python = tmp_path / "python"
    # An interpreter that finds itself on another machine: `-c` and the question follow.
    prelude = (
        "import os, platform, sys; sys.version_info = (3, 11, 9);"
        "platform.system = lambda: 'Linux'; platform.machine = lambda: 'x86_64';"
        f"os.confstr = lambda name: 'glibc 2.36'; {is_so}; exec(sys.argv[1])"
    )
    python.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c "{prelude}" "$2"\n', "utf-8"
    )
    python.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", tmp_path / "tools/environment.sh", "runtime"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 1 == done.returncode
    (line,) = done.stderr.splitlines()
    assert said in line
    assert not (tmp_path / ".venv").exists()


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """Give an environment with an empty HOME, and on PATH only what the script itself needs."""
    path = tmp_path / "bin"
    path.mkdir()
    for name in ("sh", "cat", "cksum", "dirname", "mkdir", "mv", "rm", "sleep"):
        found = shutil.which(name)
        assert found is not None, name
        (path / name).symlink_to(found)
    return {"PATH": str(path), "HOME": ""}


def set_up(tree: Path, environment: dict[str, str]) -> tuple[int, str]:
    """Run the script in a tree; give its exit status and what it said."""
    done = subprocess.run(
        ["/bin/sh", tree / "tools/environment.sh", "runtime"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


NO_PYTHON = (
    "gongkai: no Python was found: Python 3.11 or newer is needed"
    " (to name an interpreter: make PYTHON=/path/to/python3 ...)\n"
)


def test_a_machine_without_python_is_told_so(bare: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    assert (1, NO_PYTHON) == set_up(tmp_path, bare)


def test_an_interpreter_too_old_or_broken_is_passed_over(
    bare: dict[str, str], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    path = tmp_path / "bin"
    (path / "python3.13").symlink_to(tmp_path / "nowhere")
    (path / "python3.12").write_text("#!/bin/sh\necho too old\n", "utf-8")
    # The next one is taken, and does not get far here.
    (path / "python3.11").write_text(
        "#!/bin/sh\ncase $1 in -c) echo usable;; *) exit 1;; esac\n", "utf-8"
    )
    for name in ("python3.12", "python3.11"):
        (path / name).chmod(0o755)
    status, said = set_up(tmp_path, bare)
    assert 1 == status
    assert "gongkai: python3.11 could not make a virtual environment (see above)\n" in said


def test_what_is_set_up_is_left_alone_unless_it_was_moved(
    bare: dict[str, str], tmp_path: Path
) -> None:
    tree = tmp_path / "公开 with spaces"
    tree.mkdir()
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tree / name)
    shutil.copy(ROOT / "pyproject.toml", tree)
    (tree / ".venv/bin").mkdir(parents=True)
    (tree / ".venv/bin/python").symlink_to(sys.executable)

    def sums(*names: str) -> str:
        return subprocess.check_output(["cksum", *names], cwd=tree, text=True)

    locks = sums("requirements/build.txt", "requirements/runtime.txt")
    (tree / ".venv/.runtime").write_text(f"{tree.resolve()}\n{sys.version}\n{locks}", "utf-8")
    (tree / ".venv/.project").write_text(sums("pyproject.toml"), "utf-8")
    assert (0, "") == set_up(tree, bare)
    moved = tree.rename(tmp_path / "moved")
    assert (1, NO_PYTHON) == set_up(moved, bare)


MAKES_A_VENV = """\
#!/bin/sh
case $*:$0 in
-c*usable*) echo usable ;;
-c*version_info*) echo 3.11.9 ;;
-c*) echo 'a version' ;;
*venv\\ .venv:*)
    echo begun
    echo made >> made
    mkdir -p .venv/bin
    cp "$0" .venv/bin/python
    cp "$0" .venv/bin/uv
    until [ -e go ]; do sleep 0.1; done ;;
esac
"""
"""What stands for an interpreter, and for all that it installs; it makes .venv when it may."""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a tree in which .venv can be made without an index, by what only looks like Python."""
    for name in ("tools", "requirements"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "python3").write_text(MAKES_A_VENV, "utf-8")
    (tmp_path / "python3").chmod(0o755)
    return tmp_path


def starting(tree: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["/bin/sh", tree / "tools/environment.sh", "runtime"],
        env={"PATH": "/usr/bin:/bin", "PYTHON": str(tree / "python3")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


SET_UP = "Setting up .venv with Python 3.11.9, once ...\n"
BEGUN = "begun\n"
WAITS = "Another process sets up .venv here; waiting for it ...\n"


def test_of_two_who_set_up_at_once_one_does_and_the_other_finds_it_done(tree: Path) -> None:
    with starting(tree) as one:
        assert one.stdout is not None
        assert [SET_UP, BEGUN] == [one.stdout.readline() for _ in range(2)]
        with starting(tree) as two:
            assert two.stdout is not None
            assert WAITS == two.stdout.readline()
            (tree / "go").touch()
            assert ["", ""] == [each.communicate(timeout=30)[0] for each in (one, two)]
    assert [0, 0] == [one.returncode, two.returncode]
    assert "made\n" == (tree / "made").read_text("utf-8")
    assert not (tree / ".venv.lock").exists()


@pytest.mark.parametrize("killed_by", [signal.SIGKILL, signal.SIGTERM])
def test_who_is_ended_while_setting_up_holds_nobody_up(
    tree: Path, killed_by: signal.Signals
) -> None:
    with starting(tree) as one:
        assert one.stdout is not None
        assert [SET_UP, BEGUN] == [one.stdout.readline() for _ in range(2)]
        one.send_signal(killed_by)
        # What it had started ends as well, and a shell that is told to end waits for that.
        (tree / "go").touch()
        one.communicate(timeout=30)
    assert 0 != one.returncode
    (tree / "made").unlink()
    with starting(tree) as two:
        said, _ = two.communicate(timeout=30)
    assert (0, True) == (two.returncode, said.endswith(SET_UP + BEGUN))
    assert "made\n" == (tree / "made").read_text("utf-8")
    assert not (tree / ".venv.lock").exists()


def test_where_no_lock_can_be_made_it_is_said(tree: Path) -> None:
    (tree / ".venv.lock").write_text("in the way", "utf-8")
    with starting(tree) as one:
        said, _ = one.communicate(timeout=30)
    assert (1, f"gongkai: {tree}/.venv.lock cannot be made: is the folder writable?\n") == (
        one.returncode,
        said,
    )


def locked(name: str) -> Iterator[tuple[Requirement, list[str]]]:
    """Give each requirement of a lock file with its hashes."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    for entry in (
        re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ").splitlines()
    ):
        requirement, *hashes = re.split(r"\s+--hash=", entry.strip())
        yield Requirement(requirement), hashes


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_one_version_and_the_hashes_of_each_package(name: str) -> None:
    entries = list(locked(name))
    assert entries
    for requirement, hashes in entries:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_place_that_packages_come_from(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    forbidden = r"://|index|find-links|trusted-host|(?<![\w.])/\w|\.(com|org|net|io|cn)\b"
    assert [] == [line for line in text.splitlines() if re.search(forbidden, line)]


def wanted(name: str) -> list[Requirement]:
    """Give what pyproject.toml wants of a lock file."""
    groups = project()["dependency-groups"]
    requirements = [] if name == "build" else list(project()["project"]["dependencies"])
    pending = {"build": ["build"], "runtime": [], "development": ["dev"]}[name]
    for group in pending:
        for entry in groups[group]:
            if isinstance(entry, str):
                requirements.append(entry)
            else:
                pending.append(entry["include-group"])
    return [Requirement(entry) for entry in requirements]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_satisfies_what_the_project_wants(name: str) -> None:
    versions = {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement, _ in locked(name)
    }
    unmet = [
        str(requirement)
        for requirement in wanted(name)
        if not requirement.specifier.contains(
            versions.get(canonicalize_name(requirement.name), "0.dev0")
        )
    ]
    assert [] == unmet


def test_the_lock_files_agree_on_every_version() -> None:
    everything = {str(requirement) for requirement, _ in locked("development")}
    for name in ("build", "runtime"):
        assert set() == {str(requirement) for requirement, _ in locked(name)} - everything

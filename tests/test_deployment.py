"""What ships for a server: the compose file, the image, the units; and that what they name works.

No container engine is needed. The compose file is held against the schema of the Compose
Specification and against rules of our own; the same command lines are then parsed by the programs
that they start, and the broker is really started with the arguments that stand there.
"""

from __future__ import annotations

import configparser
import re
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from dockerfile_parse import DockerfileParser  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from tests import servers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.sample_office import SampleOffice

ROOT: Final = Path(__file__).parents[1]
COMPOSE: Final[dict[str, Any]] = YAML(typ="safe").load(
    (ROOT / "docker-compose.yml").read_text("utf-8")
)
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
ONE_SHOT: Final = {"migrate"}
OURS: Final = {"migrate", "worker", "beat"}
UNITS: Final = sorted((ROOT / "deploy/systemd").iterdir())
PROGRAMS: Final = Path(sys.executable).parent
MAKE_SECRETS: Final = ROOT / "deploy/make-secrets"
# What every unit that runs something keeps to.
HARDENED: Final = {
    "User": "gongkai",
    "UMask": "0077",
    "ProtectSystem": "strict",
    "ProtectHome": "true",
    "PrivateTmp": "true",
    "PrivateDevices": "true",
    "NoNewPrivileges": "true",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "true",
    "RestrictNamespaces": "true",
    "SystemCallFilter": "@system-service",
    "ReadWritePaths": "/srv/gongkai /srv/www/gongkai",
}
each_service = pytest.mark.parametrize("name", list(SERVICES))


def unit(path: Path) -> configparser.ConfigParser:
    """Read a unit of systemd; of a key that stands there twice the last one counts."""
    read = configparser.ConfigParser(
        interpolation=None, strict=False, delimiters=("=",), comment_prefixes=("#",)
    )
    read.optionxform = str  # type: ignore[assignment,method-assign] # keys keep their capitals
    read.read_string(path.read_text("utf-8"))
    return read


def command_lines() -> Iterator[tuple[str, ...]]:
    """Yield every call of a program of ours, without the directory that it lies in."""
    for name in sorted(OURS):
        yield tuple(SERVICES[name]["command"])
    for path in UNITS:
        if path.suffix == ".service":
            program, *arguments = unit(path)["Service"]["ExecStart"].split()
            assert "/opt/gongkai/bin" == str(Path(program).parent)
            yield (Path(program).name, *arguments)


# -- the compose file -----------------------------------------------------------------------------


def test_the_compose_file_is_one_by_the_compose_specification() -> None:
    checked = subprocess.run(
        [
            PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec",
            ROOT / "docker-compose.yml",
        ],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert (0, "") == (checked.returncode, checked.stderr), checked.stdout


def test_what_belongs_to_an_office_server_is_there() -> None:
    assert {"postgres", "redis", "migrate", "worker", "beat", "web"} == set(SERVICES)
    assert {"database", "broker", "home", "site", "beat"} == set(COMPOSE["volumes"])
    mounted = {
        volume.partition(":")[0] for each in SERVICES.values() for volume in each["volumes"]
    } - {"./deploy/nginx.conf"}
    assert set(COMPOSE["volumes"]) == mounted


@each_service
def test_every_image_is_pinned_to_a_version(name: str) -> None:
    assert re.search(r":\d+\.\d+(\.\d+)?(-[a-z]+)?$", SERVICES[name]["image"])


@each_service
def test_every_container_runs_without_rights(name: str) -> None:
    service = SERVICES[name]
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert service["read_only"] is True
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & set(service)


@each_service
def test_what_runs_all_the_time_has_a_health_check_and_starts_again(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOT:
        assert ("no", False) == (service["restart"], "healthcheck" in service)
        return
    assert "unless-stopped" == service["restart"]
    check = service["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"test", "interval", "timeout", "retries", "start_period"} == set(check)


@each_service
def test_no_secret_stands_in_the_file(name: str) -> None:
    service = SERVICES[name]
    secret = re.compile("PASSWORD|SECRET|TOKEN|KEY|DATABASE_URL|BROKER_URL|SMTP_URL")
    for variable, value in service.get("environment", {}).items():
        if secret.search(variable):
            assert variable.endswith("_FILE")
            assert value.removeprefix("/run/secrets/") in service["secrets"]
    words = " ".join(map(str, service.get("command", [])))
    assert not re.search(r"requirepass|://[^/]*:[^/]*@", words)


def test_secrets_are_files_that_nobody_commits() -> None:
    files = {each["file"] for each in COMPOSE["secrets"].values()}
    assert {f"deploy/secrets/{name}" for name in COMPOSE["secrets"]} == files
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()
    example = (ROOT / ".env.example").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text("utf-8")))
    assert asked == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert not re.search(r"^\w*(PASSWORD|SECRET|TOKEN)\w*=", example, re.MULTILINE)


def test_the_web_server_reaches_neither_database_nor_broker() -> None:
    web = set(SERVICES["web"]["networks"])
    for name in {*SERVICES} - {"web"}:
        assert set() == web & set(SERVICES[name]["networks"])
    assert COMPOSE["networks"]["data"]["internal"] is True
    assert ["data"] == SERVICES["postgres"]["networks"] == SERVICES["redis"]["networks"]
    assert all(volume.endswith(":ro") for volume in SERVICES["web"]["volumes"])
    assert ["web"] == [name for name, each in SERVICES.items() if "ports" in each]


def test_worker_and_beat_wait_for_the_migration_and_beat_is_one() -> None:
    for name in ("worker", "beat"):
        after = SERVICES[name]["depends_on"]
        assert "service_completed_successfully" == after["migrate"]["condition"]
        assert "service_healthy" == after["postgres"]["condition"] == after["redis"]["condition"]
    assert 1 == SERVICES["beat"]["deploy"]["replicas"]


# -- what is started, started ---------------------------------------------------------------------


@pytest.mark.parametrize("words", sorted(set(command_lines())), ids=" ".join)
def test_every_command_line_is_understood_by_its_program(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    program, *arguments = words
    # The program reads all of them, and finds its application, before it gives help.
    came = subprocess.run(
        [PROGRAMS / program, *arguments, "--help"],
        env={"GONGKAI_HOME": str(tmp_path), "GONGKAI_BROKER_URL": "redis://127.0.0.1:1/0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, "") == (came.returncode, came.stderr)
    assert "Usage:" in came.stdout


def test_an_argument_that_a_program_does_not_know_would_be_noticed(tmp_path: Path) -> None:
    came = subprocess.run(
        [PROGRAMS / "celery", "-A", "tasks", "beat", "--no-such-thing", "--help"],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert 0 != came.returncode


def test_the_migration_runs_with_its_address_in_a_file(office: SampleOffice) -> None:
    secret = office.home / "database_url"
    secret.write_text(office.address + "\n", "utf-8")
    secret.chmod(0o400)
    program, *arguments = SERVICES["migrate"]["command"]
    came = subprocess.run(
        [PROGRAMS / program, *arguments, "--lang", "en"],
        env={"GONGKAI_DATABASE_URL_FILE": str(secret), "GONGKAI_HOME": str(office.home)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (0, "") == (came.returncode, came.stderr)
    assert "up to date" in came.stdout


@contextmanager
def broker(secrets: Path, data: Path) -> Iterator[int]:
    """Start a Redis with the arguments of the compose file, and give its port."""
    places = {"/run/secrets": str(secrets), "/data": str(data)}
    arguments = [str(word) for word in SERVICES["redis"]["command"][1:]]
    for there, here in places.items():
        arguments = [word.replace(there, here) for word in arguments]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [servers.redis_program(), *arguments, "--port", str(port), "--bind", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + servers.PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        yield port
    finally:
        process.terminate()
        process.wait(servers.PATIENCE)


@pytest.mark.redis
def test_the_broker_keeps_what_it_took_and_lets_in_who_has_the_password(tmp_path: Path) -> None:
    import redis  # noqa: PLC0415 # slow to load

    secrets, data = tmp_path / "secrets", tmp_path / "data"
    data.mkdir()
    subprocess.run(["sh", MAKE_SECRETS, secrets], check=True, stderr=subprocess.DEVNULL)
    address = (secrets / "broker_url").read_text("utf-8").strip()
    with broker(secrets, data) as port:
        url = address.replace("@redis:6379", f"@127.0.0.1:{port}")
        with redis.Redis.from_url(url) as known, redis.Redis(port=port) as stranger:
            assert known.ping() is True
            policy = known.config_get("maxmemory-policy")
            assert {"maxmemory-policy": "noeviction"} == {
                _text(key): _text(value) for key, value in policy.items()
            }
            assert "yes" == _text(next(iter(known.config_get("appendonly").values())))
            # As the health check asks, without a password.
            assert stranger.ping() is True
            with pytest.raises(redis.exceptions.NoPermissionError):
                stranger.get("celery")


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def test_secrets_are_written_once_for_their_owners_alone(tmp_path: Path) -> None:
    where = tmp_path / "secrets"
    subprocess.run(["sh", MAKE_SECRETS, where], check=True, stderr=subprocess.DEVNULL)
    files = {path.name: path.read_bytes() for path in where.iterdir()}
    assert set(COMPOSE["secrets"]) == set(files)
    assert {0o400} == {path.stat().st_mode & 0o777 for path in where.iterdir()}
    assert 0o700 == where.stat().st_mode & 0o777
    password = files["postgres_password"].strip()
    assert password in files["database_url"]
    assert 64 == len(password)
    subprocess.run(["sh", MAKE_SECRETS, where], check=True, stderr=subprocess.DEVNULL)
    assert files == {path.name: path.read_bytes() for path in where.iterdir()}
    (where / "broker_url").unlink()
    again = subprocess.run(["sh", MAKE_SECRETS, where], capture_output=True, check=False)
    assert 1 == again.returncode
    assert b"only one of these is there" in again.stderr


# -- the image ------------------------------------------------------------------------------------


def stages(parser: DockerfileParser) -> list[list[dict[str, Any]]]:
    """Return the instructions of each stage."""
    found: list[list[dict[str, Any]]] = []
    for each in parser.structure:
        if each["instruction"] == "FROM":
            found.append([])
        if found:
            found[-1].append(each)
    return found


@pytest.fixture
def dockerfile(tmp_path: Path) -> DockerfileParser:
    """Read a copy of the Dockerfile: the parser would write into the one that it is given."""
    shutil.copy(ROOT / "Dockerfile", tmp_path)
    return DockerfileParser(str(tmp_path), env_replace=False)


def test_the_image_is_built_in_one_stage_and_runs_from_another(
    dockerfile: DockerfileParser,
) -> None:
    build, final = stages(dockerfile)
    said = {each["instruction"] for each in final} - {"COMMENT"}
    assert {"FROM", "LABEL", "RUN", "COPY", "ENV", "USER", "WORKDIR", "CMD"} == said
    assert ["10001:10001"] == [each["value"] for each in final if each["instruction"] == "USER"]
    runs = " ".join(each["value"] for each in final if each["instruction"] == "RUN")
    assert "install -r" not in runs
    assert "pip uninstall" in runs
    fetched = " ".join(each["value"] for each in build if each["instruction"] == "RUN")
    assert fetched.count("--require-hashes") == fetched.count("--requirement") == 2
    assert "--no-index" in fetched


def test_the_base_image_is_pinned_and_supported(dockerfile: DockerfileParser) -> None:
    (argument,) = [each for each in dockerfile.structure if each["instruction"] == "ARG"]
    found = re.fullmatch(r"PYTHON=python:3\.(\d+)\.\d+-slim-[a-z]+", argument["value"])
    assert found is not None
    assert 11 <= int(found[1]) <= 14
    assert {"${PYTHON}", "${PYTHON} AS build"} == {
        each["value"] for each in dockerfile.structure if each["instruction"] == "FROM"
    }


def test_the_builder_is_sent_what_the_image_copies_and_nothing_else(
    dockerfile: DockerfileParser,
) -> None:
    copied = {
        word.rstrip("/")
        for each in stages(dockerfile)[0]
        if each["instruction"] == "COPY"
        for word in each["value"].split()[:-1]
    }
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    assert copied == {line[1:].rstrip("/") for line in lines if line.startswith("!")}
    assert set() == {each for each in copied if not (ROOT / each).exists()}
    environment = " ".join(
        each["value"] for each in stages(dockerfile)[1] if each["instruction"] == "ENV"
    )
    assert "PYTHONDONTWRITEBYTECODE=1" in environment


def test_the_image_has_the_version_of_the_program() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert {f"gongkai:{version[1]}"} == {SERVICES[name]["image"] for name in OURS}


# -- units of systemd -----------------------------------------------------------------------------


def test_the_units_are_those_that_are_described() -> None:
    names = {path.name for path in UNITS}
    assert names == {
        "gongkai-worker.service", "gongkai-beat.service", "gongkai-run.service",
        "gongkai-sweep.service", "gongkai-sweep.timer",
    }  # fmt: skip
    told = (ROOT / "docs/how-to/install-on-a-server.md").read_text("utf-8")
    assert set() == {name for name in names if name not in told}


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_every_unit_is_confined_to_what_it_writes(path: Path) -> None:
    read = unit(path)
    assert read["Unit"]["Description"].startswith("gongkai: ")
    if path.suffix == ".timer":
        assert ["Unit", "Timer", "Install"] == read.sections()
        assert "true" == read["Timer"]["Persistent"]
        return
    service = dict(read["Service"])
    assert HARDENED == {key: service[key] for key in HARDENED}
    long = service["Type"] == "exec"
    assert ("Restart" in service, read.has_section("Install")) == (long, long)

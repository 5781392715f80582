"""docker-compose.yml, checked without an engine: its shape, its secrets, the same processes."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from local.demo import PROCESSES

ROOT = Path(__file__).resolve().parent.parent
SECRET = re.compile(r"KEY|PASS|SECRET")
OURS = ["migrate", "web", "worker", "beat"]


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(compose):
    return compose["services"]


def _lines(name: str) -> list[str]:
    return (ROOT / name).read_text().splitlines()


def test_its_keys_and_values_are_those_of_compose(compose):
    schema = json.loads((ROOT / "tests" / "compose.schema.json").read_text())
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(compose)) == []


def test_the_schema_refuses_a_misspelt_key(compose):
    schema = json.loads((ROOT / "tests" / "compose.schema.json").read_text())
    wrong = {**compose, "services": {"web": {"image": "a:b", "restart": "no", "comand": ["x"]}}}
    with pytest.raises(jsonschema.ValidationError, match="comand"):
        jsonschema.Draft202012Validator(schema).validate(wrong)


def test_seven_services_and_the_migration(services):
    assert set(services) == {*OURS, "postgres", "redis", "nginx"}


def test_ours_run_the_demos_commands_from_one_image_with_one_settings_module(services):
    assert {name: services[name]["command"] for name in OURS} == {
        name: ["deploy/run", name] for name in OURS
    }
    assert PROCESSES == ("web", "worker", "beat")
    assert {services[name]["image"] for name in OURS} == {"caoyang-portal:${VERSION:-latest}"}
    modules = {services[name]["environment"]["DJANGO_SETTINGS_MODULE"] for name in OURS}
    assert modules == {"caoyang_portal.settings"}


def test_every_command_is_one_that_deploy_run_knows(services):
    known = set(re.findall(r"^  ([a-z-]+)/", (ROOT / "deploy" / "run").read_text(), re.MULTILINE))
    asked = {services[name]["command"][1] for name in OURS}
    checks = [services[name]["healthcheck"]["test"] for name in OURS if name != "migrate"]
    asked |= {check[2] for check in checks if check[1] == "deploy/run"}
    assert asked == {*OURS, "alive", "worker-alive", "beat-alive"}
    assert asked <= known


def test_all_that_stays_up_is_watched(services):
    watched = {name for name, service in services.items() if "healthcheck" in service}
    assert watched == set(services) - {"migrate"}


def test_every_condition_can_come_true(services):
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[name]
            else:
                assert services[name]["restart"] == "no"


def test_named_volumes_are_declared_and_used(compose, services):
    used = {
        volume.split(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if re.match(r"[a-z]+:", volume)
    }
    assert used == set(compose["volumes"]) == {"database", "media", "queue"}


def test_mounted_files_of_ours_exist(services):
    for service in services.values():
        for volume in service.get("volumes", []):
            if volume.startswith("./"):
                assert (ROOT / volume.split(":")[0]).exists(), volume


def test_no_secret_is_written_down_or_has_a_default(services):
    for service in services.values():
        for name, value in service.get("environment", {}).items():
            if SECRET.search(name) and not value.startswith("/seal/"):
                assert re.fullmatch(r"\$\{\w+:\?[^}]+\}", value), name


def test_nobody_outside_reaches_more_than_the_proxy(services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_the_portal_in_a_container_ignores_the_addresses_of_the_example(services):
    """What .env.example says of this machine must not reach into a container."""
    local = re.compile(r"localhost|127\.0\.0\.1|^/(srv|var|etc)/")
    of_this_machine = {
        name
        for name, value in (line.split("=", 1) for line in _settings_named_in_the_example())
        if local.search(value)
    }
    in_container = services["web"]["environment"]
    assert of_this_machine - {"EMAIL_URL"} <= set(in_container)


def _settings_named_in_the_example() -> list[str]:
    return [line for line in _lines(".env.example") if re.match(r"[A-Z0-9_]+=", line)]


def test_every_setting_is_in_the_example_and_nothing_else():
    """Someone who installs the portal finds in .env.example all there is to set."""
    in_settings = set(
        re.findall(
            r"""\benv(?:\.\w+)?\(\s*["']([A-Z0-9_]+)["']""",
            (ROOT / "caoyang_portal" / "settings.py").read_text(),
        )
    )
    in_run = set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "deploy" / "run").read_text()))
    in_compose = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    named = {line.split("=", 1)[0] for line in _settings_named_in_the_example()}
    of_dev = {"SEAL_DEMO_DIR", "STATIC_STORAGE", "PYTHON"}
    assert named == (in_settings | in_run | in_compose) - of_dev


def test_the_example_holds_no_secret():
    values = dict(line.split("=", 1) for line in _settings_named_in_the_example())
    required = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
    filled = {name for name in required if SECRET.search(name) and values[name]}
    assert filled == set()

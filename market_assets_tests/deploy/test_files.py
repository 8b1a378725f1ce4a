"""The files under deploy/: read by who they are for, and true to the program that they start."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.main import get_command

from market_assets.cli.app import app
from market_assets_tests.built import COMMAND
from market_assets_tests.deploy.conftest import DEPLOY, instructions

INSTALLED = "/opt/market-assets/.venv/bin/market-assets"
ALERTS = DEPLOY / "prometheus/alerts.yaml"
ALERTS_TEST = Path(__file__).with_name("alerts_test.yaml")
UNIT = DEPLOY / "systemd/market-assets@.service"
SERVICES = {"code", "webserver", "daemon", "api", "dashboard"}
NAME = re.compile(r"\bmarket_assets_\w+")
OF_A_SERVICE = {
    *("build", "image", "command", "environment", "volumes", "ports", "depends_on", "healthcheck"),
    *("read_only", "tmpfs", "cap_drop", "security_opt", "init", "restart"),
}
"""Keys of the compose specification that are used here."""
OF_A_CONTAINER = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "ENTRYPOINT"}


def understood(words: list[str]) -> bool:
    """Whether the command line knows the command and its options."""
    group = get_command(app)
    context = group.make_context("market-assets", list(words), resilient_parsing=True)
    command, rest = group, words
    while isinstance(command, typer.core.TyperGroup):
        name, *rest = rest
        found = command.get_command(context, name)
        if found is None:
            return False
        command = found
    command.make_context("it", list(rest))
    return True


def compose() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_every_service_of_compose_is_a_command_and_shut_in():
    told = compose()
    own = {name: each for name, each in told["services"].items() if name != "postgres"}
    assert own.keys() == SERVICES
    for name, service in own.items():
        assert service["command"][:2] == ["serve", name]
        assert understood(service["command"]), name
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert set(service.get("depends_on", ())) <= told["services"].keys()
    assert told.keys() == {"name", "x-service", "services", "volumes"}
    for service in told["services"].values():
        assert service.keys() <= OF_A_SERVICE
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
        volumes = {volume.split(":")[0] for volume in service["volumes"]}
        assert volumes <= told["volumes"].keys()


def test_compose_holds_no_password_and_refuses_to_start_without_one():
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    assert set(re.findall(r"\$\{(POSTGRES_PASSWORD.*?)\}", text)) == {"POSTGRES_PASSWORD:?set it"}
    assert "POSTGRES_PASSWORD: ${" in text


def test_an_unknown_command_or_option_is_not_understood():
    assert not understood(["serve", "everything"])
    with pytest.raises(Exception, match="No such option"):
        understood(["serve", "api", "--hosts", "x"])


def test_the_container_runs_the_program_as_nobody_special_from_files_that_are_there():
    told = [(word, rest) for word, *rest in instructions()]
    assert {word for word, _ in told} == OF_A_CONTAINER
    copied = [rest[:-1] for word, rest in told if word == "COPY" and "--from=build" not in rest]
    allowed = (DEPLOY.parent / ".dockerignore").read_text("utf-8").splitlines()
    for source in (source for sources in copied for source in sources):
        assert (DEPLOY.parent / source).exists()
        assert f"!{source}" in allowed
    assert [rest for word, rest in told if word == "USER"] == [["10001"]]
    assert told[-1] == ("ENTRYPOINT", ['["market-assets"]'])


def unit_here(folder: Path, name: str) -> Path:
    """The unit of one service, with the program of this environment."""
    file = folder / f"market-assets@{name}.service"
    file.write_text(UNIT.read_text("utf-8").replace(INSTALLED, str(COMMAND)), "utf-8")
    return file


def test_systemd_reads_the_units_and_finds_them_shut_in(tmp_path: Path):
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    target = tmp_path / "market-assets.target"
    shutil.copy(DEPLOY / "systemd/market-assets.target", target)
    units = [unit_here(tmp_path, name) for name in sorted(SERVICES)]
    read = subprocess.run(
        [analyze, "verify", "--man=no", *units, target], capture_output=True, text=True, check=False
    )
    assert (read.returncode, read.stderr) == (0, "")
    exposed = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=20", units[0]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert exposed.returncode == 0, exposed.stdout
    wanted = set(re.findall(r"market-assets@(\w+)\.service", target.read_text("utf-8")))
    assert wanted == SERVICES


def promtool(*words: object) -> subprocess.CompletedProcess[str]:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("no promtool on this machine: apt-get install prometheus")
    return subprocess.run(
        [found, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ("check", "config", DEPLOY / "prometheus/prometheus.yaml", "--syntax-only"),
        ("check", "rules", ALERTS),
        ("test", "rules", ALERTS_TEST),
    ],
)
def test_promtool_reads_the_configuration_and_the_rules_and_they_fire_when_they_must(
    words: tuple[object, ...],
):
    read = promtool(*words)
    assert read.returncode == 0, read.stdout


def test_every_rule_is_tried_where_it_fires_and_where_it_does_not():
    tried = [
        (case["alertname"], bool(case["exp_alerts"]))
        for group in yaml.safe_load(ALERTS_TEST.read_text("utf-8"))["tests"]
        for case in group["alert_rule_test"]
    ]
    rules = yaml.safe_load(ALERTS.read_text("utf-8"))["groups"][0]["rules"]
    assert set(tried) == {(rule["alert"], fires) for rule in rules for fires in (True, False)}


def test_prometheus_understands_what_the_board_asks(tmp_path: Path):
    def understands(*asked: str) -> bool:
        rules = [{"record": f"asked_{n}", "expr": each} for n, each in enumerate(asked)]
        file = tmp_path / "asked.yaml"
        file.write_text(yaml.safe_dump({"groups": [{"name": "board", "rules": rules}]}), "utf-8")
        return promtool("check", "rules", file).returncode == 0

    asked = expressions()["grafana"]
    assert understands(*asked)
    assert not understands(*asked, f"sum({asked[0]}")


def expressions() -> dict[str, list[str]]:
    """By file, what it asks Prometheus."""
    board = json.loads((DEPLOY / "grafana/market_assets.json").read_text("utf-8"))
    rules = yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text("utf-8"))
    return {
        "grafana": [target["expr"] for panel in board["panels"] for target in panel["targets"]],
        "alerts": [rule["expr"] for group in rules["groups"] for rule in group["rules"]],
    }


@pytest.mark.parametrize("file", ["grafana", "alerts"])
def test_every_metric_that_is_asked_for_is_told(file: str, metrics: dict[str, set[str]]):
    asked = {name for told in expressions()[file] for name in NAME.findall(told)}
    assert (
        asked - {"market_assets_run_failed", "market_assets_run_next_timestamp_seconds"}
        <= (metrics["api"])
    )
    assert asked <= metrics["api"] | metrics["status"]


def test_what_the_status_tells_beside_the_api_are_the_runs(metrics: dict[str, set[str]]):
    assert metrics["status"] - metrics["api"] == {
        "market_assets_run_ended_timestamp_seconds",
        "market_assets_run_next_timestamp_seconds",
        "market_assets_run_failed",
    }


def test_the_board_s_panels_are_told_apart_and_do_not_overlap():
    panels = json.loads((DEPLOY / "grafana/market_assets.json").read_text("utf-8"))["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24

"""Scenarios: every shipped one in virtual time, one for real, and what cannot be a scenario."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biaoshi import cli
from biaoshi.scenarios import FOLDER, document_of, names, read_scenario, run_simulated
from resolver.errors import OperatorError

SHIPPED = names()
LEAST = """
title = "Tried"
network = "{network}"
[load]
duration = "2s"
pacing = {{ shape = "constant", rate = 100 }}
[[events]]
at_s = 0.5
kill = "secondary-88.118"
[[expect]]
of = "right"
min = 0.5
"""


def written(folder: Path, **changes: str) -> str:
    """A scenario file with some words of it changed."""
    text = LEAST.format(network=FOLDER.parent / "teaching.toml")
    for words, others in (change.split(" => ") for change in changes.values()):
        assert words in text, words
        text = text.replace(words, others)
    file = folder / "tried.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_holds_in_virtual_time(name: str) -> None:
    outcome = run_simulated(read_scenario(name), seed=1)
    document = document_of(outcome)
    assert document["pass"], document["expectations"]
    assert len(document["story"]) == len(outcome.scenario.events)
    assert document["tiers"]["recursive"]["received"] > 0


def test_the_scenarios_that_were_asked_for_are_there() -> None:
    assert {"secondary-dies", "city-cut-off", "flash-crowd", "poisoned-reply", "overload"} <= set(SHIPPED)
    for name in SHIPPED:
        config = read_scenario(name).config
        assert config.title
        assert config.title_zh
        assert config.story
        assert config.story_zh


def test_a_seed_tells_the_same_story_and_another_seed_another() -> None:
    scenario = read_scenario("lossy-links")
    one, again, other = (run_simulated(scenario, seed).result.records.tobytes() for seed in (1, 1, 2))
    assert one == again != other


def test_an_expectation_that_does_not_hold_fails_the_scenario(tmp_path: Path) -> None:
    file = written(tmp_path, a="min = 0.5 => min = 1.5")
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenario", "run", file, "--simulated"])
    assert ended.value.code == 1


def test_figures_are_of_the_requests_due_in_their_time(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        a='kill = "secondary-88.118" => kill = "recursive-1"',
        b='of = "right"\nmin = 0.5 => of = "right"\nto_s = 0.5\nmin = 1\n'
        '[[expect]]\nof = "answered"\nfrom_s = 0.5\nmax = 0\n'
        '[[expect]]\nof = "p99_ms"\nfrom_s = 0.5\nmax = 9\n'
        '[[expect]]\nof = "back_s"\nfrom_s = 0.5\nmax = 9\n'
        '[[expect]]\nof = "goodput_per_s"\nto_s = 0.5\nmin = 100\nmax = 100',
    )
    document = document_of(run_simulated(read_scenario(file), 1))
    values = [(found["value"], found["pass"]) for found in document["expectations"]]
    # Where nobody was answered there is no latency and no way back: nothing found is no pass.
    assert values == [(1.0, True), (0.0, True), (None, False), (None, False), (100.0, True)]


@pytest.mark.long
def test_a_scenario_runs_for_real_and_has_the_same_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    documents = []
    for more in ([], ["--simulated"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(["scenario", "run", "secondary-dies", "--json", *more])
        assert ended.value.code == 0
        documents.append(json.loads(capsys.readouterr().out))
    real, simulated = documents
    assert [event["did"] for event in real["story"]] == [event["did"] for event in simulated["story"]]
    assert all(abs(event["at_s"] - event["due_s"]) < 1 for event in real["story"])
    assert real["sent"] == simulated["sent"]
    assert real["tiers"]["recursive"]["received"] > 0


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        ('of = "right" => of = "rihgt"', "expect[0].of", "right, answered"),
        ("min = 0.5 => from_s = 1", "expect[0]", "min, a max"),
        ("min = 0.5 => min = 0.5\nfrom_s = 2\nto_s = 1", "expect[0].to_s", "After from_s"),
        ('kill = "secondary-88.118" => kill = "secondary-88.119"', "events[0].kill", "network expand"),
        ('kill = "secondary-88.118" => kil = "secondary-88.118"', "events[0].kil", "Did you mean kill?"),
        ('kill = "secondary-88.118" => stop = "root-1"\nclear = true', "events[0]", "One of stop"),
        ('kill = "secondary-88.118" => fault = { kind = "drop" }', "events[0].fault.share", "Say how much"),
        ('kill = "secondary-88.118" => fault = { kind = "drop", share = 2 }', "events[0].fault.share", "from 0 to 1"),
        ('kill = "secondary-88.118" => fault = { kind = "partition", to = "root-2" }', "events[0].fault.to", "root-1"),
        ("at_s = 0.5 => at_s = -1", "events[0].at_s", "after the begin of the load"),
        ('duration = "2s" => ', "load.duration", "shipped"),
        ("rate = 100 => rat = 100", "load.pacing", "rate"),
        ('title = "Tried" => ', "title", "in English"),
        ("[load] => [[load", "", "TOML"),
    ],
)
def test_what_cannot_be_a_scenario_is_refused_with_key_and_remedy(
    tmp_path: Path, change: str, key: str, remedy: str
) -> None:
    file = written(tmp_path, a=change)
    with pytest.raises(OperatorError) as refused:
        read_scenario(file)
    assert key in str(refused.value)
    assert remedy in str(refused.value)
    assert "tried.toml" in str(refused.value)


def test_an_unknown_scenario_is_refused_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenario", "run", "secondary-dyes"])
    assert ended.value.code == 2
    assert "secondary-dies" in capsys.readouterr().err


def test_scenarios_are_listed_and_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["scenario", "list", "--json"])
    assert [each["name"] for each in json.loads(capsys.readouterr().out)] == SHIPPED
    with pytest.raises(SystemExit):
        cli.main(["scenario", "show", "overload"])
    assert capsys.readouterr().out == (FOLDER / "overload.toml").read_text(encoding="utf-8")

"""Machine and versions, as every result states them."""

from __future__ import annotations

from pathlib import Path

from loadgen.machine import cpu_model, machine, versions
from resolver import __version__


def test_the_processor_is_named_as_it_names_itself(tmp_path: Path) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text("processor\t: 0\nmodel name\t: Some Processor @ 2.0GHz\n")
    assert cpu_model(file) == "Some Processor @ 2.0GHz"
    assert cpu_model(tmp_path / "none")


def test_everything_is_said_in_words_that_fit_a_header() -> None:
    for said in (machine(), versions()):
        assert all(isinstance(key, str) and isinstance(value, str) and value for key, value in said.items())
    assert list(machine()) == ["cpu", "cores", "memory", "kernel"]
    assert versions()["biaoshi"] == __version__

"""The command line, called in this process by tests of commands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from biaoshi import cli


class CommandLine:
    """Calls it with arguments, and insists on an exit code. `err`: what it said on the side the last time."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.err = ""
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """What it printed."""
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        printed = self._capsys.readouterr()
        self.err = printed.err
        assert (ended.value.code or 0) == code, printed.err
        return printed.out

    def refused(self, *arguments: str, code: int = 2) -> str:
        """What it said on the side."""
        self(*arguments, code=code)
        return self.err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """The document that it printed."""
        return json.loads(self(*arguments, "--json", code=code))

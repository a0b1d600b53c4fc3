"""What a controller reads: the help of every command, and the same answers as JSON, errors too."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from orchestration import about, cli

NO_BOOKS = "there-is-no-such.duckdb"


def commands(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every command of the command line, by the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


GROUP = typer.main.get_command(cli.app)
COMMANDS = dict(commands(GROUP))


def parsed(words: list[str]) -> Any:
    """The command that these words call, with its options read; an error of usage if they are none."""
    group, context = GROUP, None
    while hasattr(group, "commands"):
        name, command, words = group.resolve_command(group.make_context("revrec", [], resilient_parsing=True), words)
        group = command
    return group.make_context(name, list(words), parent=context)


def test_every_command_says_what_it_changes_who_may_and_how_it_is_used() -> None:
    assert set(COMMANDS) == set(about.ABOUT)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_says_it_all(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._exit_code([*name.split(), "--help"]) == 0
    said = capsys.readouterr().out
    for words in ("--json", "--database", "Changes:", "Who may:", "Exit code:", "Examples:", f"bin/revrec {name}"):
        assert words in said, words
    assert max(map(len, said.splitlines())) <= 120


@pytest.mark.parametrize("example", [example for told in about.ABOUT.values() for example in told.examples])
def test_every_example_is_one_that_the_command_line_takes(example: str) -> None:
    context = parsed(shlex.split(example))
    assert context.command in COMMANDS.values()


NEEDS = {
    "approve": ["--period", "2026-01"],
    "reject": ["--period", "2026-01", "--reason", "no"],
    "post": ["--period", "2026-01"],
    "soft-close": ["--period", "2026-01"],
    "lock": ["--period", "2026-01"],
    "reopen": ["--period", "2026-01", "--reason", "a bill"],
    "resolve": ["f1", "--reason", "it was agreed"],
    "trace": ["K-1"],
    "explain": ["e1"],
    "ask": ["What changed since the last close?"],
    "export": ["--erp", "journal", "--period", "2026-01"],
    "reconcile": ["--period", "2026-01", "--file", "nowhere.csv"],
    "backup": ["x.backup"],
    "restore": ["nowhere.backup"],
    "serve": ["--port", "70000"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_an_error_is_json_too_where_json_is_asked_for(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = cli._exit_code([*name.split(), *NEEDS.get(name, []), "--database", NO_BOOKS, "--json"])
    printed = capsys.readouterr()
    error = json.loads(printed.out)["error"]
    assert code == error["exit_code"] == 2
    assert printed.err.startswith(f"revrec: {error['message']}")
    assert list(tmp_path.glob("*")) == []


def test_what_is_to_do_is_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    """As a refused lock says it, line by line."""
    assert cli._complain("2026-01 cannot be locked yet:\n- a b: post them.\n- c d: mend it.", 1, True) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error == {
        "exit_code": 1,
        "message": "2026-01 cannot be locked yet:",
        "to_do": ["a b: post them.", "c d: mend it."],
    }


def test_wrong_usage_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._exit_code(["lock", "--json", "--flop"]) == 2
    assert "--flop" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_a_secret_in_a_message_is_in_neither(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk_live_51NoOneMaySeeThis"  # noqa: S105
    monkeypatch.setenv("STRIPE_API_KEY", secret)
    cli._complain(f"GET /v1/invoices?key={secret} failed", 1, True)
    printed = capsys.readouterr()
    assert secret not in printed.out + printed.err and "<STRIPE_API_KEY>" in printed.out

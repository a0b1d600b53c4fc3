"""Killed at any moment, an export has left whole files and a record of each, or neither; the next one completes it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from tests.faults import invariants
from tests.faults.nursery import DONE, Nursery
from tests.faults.stages import JANUARY, Stages

CHANCE = random.Random("exports")  # noqa: S311
KILLS: list[dict[str, Any]] = [
    *(
        {"call": call, "after_calls": number}
        for call in ("pathlib:Path:write_bytes", "pathlib:Path:replace")
        for number in range(2)
    ),
    *({"before_statement": number} for number in (1, 2, 4, 6)),
    {"before_script": 1},
    *({"within_script": number} for number in range(4)),
    *({"from": "<script>", "delay": CHANCE.uniform(0, 0.03)} for _ in range(4)),
    *({"delay": CHANCE.uniform(0, 1)} for _ in range(4)),
]
# Of each layout: how many of these moments are in the middle of an export, at least.
AT_LEAST, ERPS = 10, ("journal", "beancount")
Files = dict[str, bytes]


def export(erp: str, folder: Path) -> dict[str, Any]:
    return {"action": "export", "by": "Ada", "erp": erp, "period": JANUARY, "out": str(folder)}


def files(folder: Path) -> Files:
    """What another ledger would pick up: drafts of files are hidden."""
    return {file.name: file.read_bytes() for file in folder.glob("[!.]*")}


def recorded(database: Path) -> list[tuple[Any, ...]]:
    return invariants.rows(
        database, "select erp, batch_id, entity_id, book, content_hash from ops.export_outbox order by all"
    )


@pytest.mark.parametrize("erp", ERPS)
def test_a_killed_export_leaves_whole_files_and_one_record_of_each(
    erp: str, stages: Stages, nursery: Nursery, tmp_path: Path
) -> None:
    undisturbed = stages.copy("posted", tmp_path / "undisturbed")
    assert nursery.send_out(undisturbed, export(erp, tmp_path / "whole"))["code"] == DONE
    whole, records = files(tmp_path / "whole"), recorded(undisturbed)
    assert len(whole) == len(records) >= 2

    kills = 0
    for number, fault in enumerate(KILLS):
        database, folder = stages.copy("posted", tmp_path / "books"), tmp_path / str(number)
        before = invariants.totals(database)
        ended = nursery.send_out(database, export(erp, folder), fault)
        assert ended["killed"] or ended["code"] == DONE, (fault, ended)
        kills += ended["killed"]
        assert files(folder).items() <= whole.items(), fault
        assert recorded(database) in ([], records), fault
        assert not files(folder) or recorded(database) == records, "a file that nothing tells of"
        assert invariants.broken(database) == [] and invariants.totals(database) == before, fault

        assert nursery.send_out(database, export(erp, folder))["code"] == DONE
        assert (files(folder), recorded(database)) == (whole, records), fault
    assert kills >= AT_LEAST, "most of the moments are in the middle of it"

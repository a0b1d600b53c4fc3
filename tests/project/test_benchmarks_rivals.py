"""The other ways to a deferred revenue roll-forward give what the closed form does."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import results
from benchmarks.rivals import __main__ as rivals
from benchmarks.rivals import obligations, on_spark


@pytest.mark.parametrize("name", sorted(set(rivals.RIVALS) - {"closed_form"}))
def test_every_rival_recognises_what_the_closed_form_does(name: str, tmp_path: Path) -> None:
    pytest.importorskip(rivals.NEEDS.get(name, "duckdb"), reason="the rival's package is not installed here")
    file = tmp_path / "obligations.parquet"
    obligations.write(file, 60)
    own = rivals.RIVALS["closed_form"](file)
    assert len(own) == 60 and own[-1][3] == 0 and sum(row[1] for row in own) == sum(row[2] for row in own) > 0
    assert rivals.mistakes(name, rivals.RIVALS[name](file), own) == []


def test_a_rival_whose_rows_differ_is_told() -> None:
    own = [(1, 100, 40, 60), (2, 0, 60, 0)]
    assert rivals.mistakes("pandas", [(1, 100, 41, 59), (2, 0, 59, 0)], own)
    assert rivals.mistakes("odoo", [(1, 100, 41, 59), (2, 0, 59, 0)], own) == []
    assert rivals.mistakes("odoo", [(1, 100, 41, 59), (2, 0, 58, 1)], own)


@pytest.mark.skipif(on_spark.missing() is not None, reason=f"Spark was NOT executed: {on_spark.missing()}")
def test_spark_on_a_cluster_gives_the_same_rows_both_ways(tmp_path: Path) -> None:
    wrong = rivals.side_by_side(tmp_path, tmp_path / "results.csv", count=60, repeat=1, only=["spark"], growth=[60])
    assert wrong == []
    noted = {row["job"] for row in results.read(tmp_path / "results.csv")}
    assert noted == {"rival: spark", "closed form on Spark"}

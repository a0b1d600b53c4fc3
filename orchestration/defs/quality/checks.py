"""The expectations as asset checks on the input layer; a blocking one that fails stops the steps after it.

Great Expectations reads data frames, not DuckDB (its SQL engine does not know it). Columns keep their Arrow types, so
money stays an integer and an empty cell stays empty instead of turning a column into floats.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import warehouse
from orchestration.defs.quality.expectations import SUITES, Rule
from orchestration.defs.warehouse.books import POOL, Books

SCHEMA = "inputs"


@dataclass(frozen=True)
class Finding:
    """One rule on one table. `observed` is what was found instead, in words."""

    table: str
    rule: Rule
    passed: bool
    observed: str


def validate(database: Path, tables: Sequence[str] = tuple(SUITES)) -> list[Finding]:
    """Every rule of the tables' suites against the database as it is."""
    import great_expectations as gx

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("input_layer")
    findings = []
    for table in tables:
        batch_definition = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("all_rows")
        batch = batch_definition.get_batch({"dataframe": _frame(database, table)})
        for rule in SUITES[table]:
            outcome = batch.validate(getattr(gx.expectations, rule.expectation)(**rule.arguments))
            findings.append(Finding(table, rule, bool(outcome.success), _observed(outcome)))
    return findings


def _frame(database: Path, table: str) -> Any:
    import pandas

    columns = sorted({column for rule in SUITES[table] for column in rule.columns})
    with warehouse.connect(database) as connection:
        arrow = connection.sql(f"select {', '.join(columns)} from {SCHEMA}.{table}").to_arrow_table()  # noqa: S608
    return arrow.to_pandas(types_mapper=pandas.ArrowDtype)


def _observed(outcome: Any) -> str:
    if outcome.success:
        return ""
    if outcome.exception_info and outcome.exception_info.get("raised_exception"):
        return str(outcome.exception_info.get("exception_message"))
    result = outcome.result
    if "unexpected_count" in result:
        examples = ", ".join(str(value) for value in result.get("partial_unexpected_list", [])[:3])
        return f"{result['unexpected_count']} rows, such as {examples}"
    return f"observed {result.get('observed_value')}"


def _specs() -> Iterator[dg.AssetCheckSpec]:
    for table, rules in SUITES.items():
        for blocking in sorted({rule.blocking for rule in rules}, reverse=True):
            yield dg.AssetCheckSpec(
                name="expectations" if blocking else "expectations_advisory",
                asset=dg.AssetKey([SCHEMA, table]),
                blocking=blocking,
                description="; ".join(rule.says for rule in rules if rule.blocking == blocking) + ".",
            )


@dg.multi_asset_check(specs=list(_specs()), name="input_expectations", can_subset=True, pool=POOL)
def input_expectations(context: dg.AssetCheckExecutionContext, books: Books) -> Iterator[dg.AssetCheckResult]:
    """Great Expectations over the input layer."""
    selected = context.selected_asset_check_keys
    tables = sorted({key.asset_key.path[-1] for key in selected})
    findings = validate(books.database, tables)
    for key in sorted(selected):
        blocking = key.name == "expectations"
        mine = [each for each in findings if each.table == key.asset_key.path[-1] and each.rule.blocking == blocking]
        failed = [each for each in mine if not each.passed]
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
            metadata={"rules": len(mine), **{each.rule.says: each.observed for each in failed}},
        )


INPUT_CHECKS = [input_expectations]

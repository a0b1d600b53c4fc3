"""The rules can fail: each refuses what its engine refuses, and lets the portable form pass."""

from __future__ import annotations

import pytest

from tests.portability.rules import DIALECTS, problems

REFUSED = [
    ("postgres", "select a from t qualify row_number() over (order by a) = 1", "QUALIFY"),
    ("bigquery", "select a::int from t", "::"),
    ("bigquery", "select a % 2 from t", "%"),
    ("snowflake", "select a div 2 from t", "DIV"),
    ("bigquery", "select a from t where a ilike 'x'", "ILIKE"),
    ("bigquery", "select * from t, unnest([1, 2]) as x", "[ ]"),
    ("snowflake", "select sum(a) filter (where b) from t", "FILTER"),
    ("snowflake", "select a from t union select a from u", "UNION without"),
    ("snowflake", "select 1 as rows from t", "reserved word rows"),
    ("bigquery", "select 1 as hash from t", "reserved word hash"),
    ("postgres", "select t.a as user from t", "reserved word user"),
    ("postgres", "select a, from t", "comma"),
    ("spark", "select a from t where a in (1, 2,)", "comma"),
    ("postgres", "select cast(a as string) from t", "type string"),
    ("spark", "select cast(a as varchar) from t", "type varchar"),
    ("snowflake", "select cast(coalesce(cast(a as bigint), 0) as double) from t", "type double"),
    ("duckdb", "select cast(a as float) from t", "type float"),
    ("snowflake", "select cast(a as hugeint) from t", "type hugeint"),
    ("bigquery", "select cast(a as decimal(38, 0)) from t", "NUMERIC(38, 0)"),
    ("bigquery", "select cast(a as numeric(20, 10)) from t", "NUMERIC(20, 10)"),
    ("duckdb", "select a / 2 from t", "division"),
    ("bigquery", "select a * 0.5 from t", "literal 0.5"),
    ("postgres", "select any_value(a) from t", "function any_value"),
    ("duckdb", "select list_sum(a) from t", "function list_sum"),
    ("snowflake", "select avg(a) from t", "function avg"),
    ("duckdb", "select * exclude (a) from t", "SELECT *"),
    ("duckdb", "select a, sum(b) from t group by all", "GROUP BY ALL"),
    ("postgres", "select distinct on (a) a, b from t", "DISTINCT ON"),
    ("spark", "select 'no ''quote''' from t", "a quote inside a literal"),
    ("bigquery", "select 'no ''quote''' as b, c from t", "does not parse"),
    ("postgres", "select a from t where (", "does not parse"),
]

PORTABLE = """
with numbered as (
    select
        t.contract_id,
        cast(t.amount_minor as decimal(28, 9)) * cast('0.01' as decimal(28, 9)) as amount,
        row_number() over (partition by t.contract_id order by t.version desc) as newest
    from t
    left join u on t.contract_id = u.contract_id and u.region in ('EU', 'NA')
),

totals as (
    select contract_id, cast(sum(amount) as decimal(28, 9)) as amount
    from numbered
    where newest = 1 and exists (select 1 from u where u.contract_id = numbered.contract_id)
    group by contract_id
    having count(*) > 0
)

select contract_id, coalesce(amount, 0) as amount from totals
union all
select contract_id, 0 from u
"""


@pytest.mark.parametrize(("dialect", "sql", "reason"), REFUSED)
def test_what_an_engine_refuses_is_named(dialect: str, sql: str, reason: str) -> None:
    assert any(reason in problem for problem in problems(sql, dialect)), problems(sql, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_portable_sql_has_no_problem(dialect: str) -> None:
    assert problems(PORTABLE, dialect) == []

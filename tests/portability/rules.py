"""What compiled SQL may say in each dialect.

sqlglot parses more than a warehouse accepts (QUALIFY on Postgres, a bare UNION): a grammar check alone proves little.
`problems` adds what engines really refuse or silently do in floating point. dialects.yml holds allow-lists: a new
function or type fails until somebody has looked it up for all six engines and written it down there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlglot
import yaml
from sqlglot import exp
from sqlglot.errors import ErrorLevel, SqlglotError
from sqlglot.tokens import Token, TokenType

DIALECTS = ["duckdb", "snowflake", "bigquery", "databricks", "spark", "postgres"]

WORDS = yaml.safe_load((Path(__file__).parent / "dialects.yml").read_text())


def words(kind: str, dialect: str) -> set[str]:
    """The words of dialects.yml: those of every engine and those of this one."""
    return set(f"{WORDS[kind].get('everywhere', '')} {WORDS[kind][dialect]}".split())


# Tokens some engine does not have: `//` is a comment on Snowflake, `%` and `::` are unknown to BigQuery.
TOKENS = {
    TokenType.QUALIFY: ("QUALIFY (number the rows in a CTE and filter the next one)", {"postgres", "spark"}),
    TokenType.DCOLON: (":: (write cast(… as …))", {"bigquery", "spark"}),
    TokenType.ILIKE: ("ILIKE (compare lower(…))", {"bigquery"}),
    TokenType.EXCEPT: ("EXCEPT (BigQuery and Snowflake disagree on DISTINCT: use not exists)", set(DIALECTS)),
    TokenType.INTERSECT: ("INTERSECT (use exists)", set(DIALECTS)),
    TokenType.VALUES: ("VALUES (union all of selects)", {"bigquery"}),
    TokenType.L_BRACKET: ("[ ] (arrays are for macros/adapters)", {"bigquery", "postgres"}),
    TokenType.L_BRACE: ("{ } (structs are for macros/adapters)", set(DIALECTS)),
    TokenType.DIV: ("// or DIV (use int_div)", {"snowflake", "bigquery", "postgres"}),
    TokenType.MOD: ("% (use int_mod)", {"bigquery"}),
    TokenType.RECURSIVE: ("WITH RECURSIVE", {"spark"}),
}
# A function name is a word before "(" — unless it is one of these.
NOT_FUNCTIONS = set(
    """all and any as between by case cast distinct else except exists filter from group having in inner intersect join
    lateral not on or over partition select table then union using values view when where with within""".split()  # noqa: SIM905
)


def problems(sql: str, dialect: str, functions: frozenset[str] = frozenset()) -> list[str]:
    """Why the engine of `dialect` would refuse this query, or compute in floating point; empty if it is fine.

    `functions` are known besides those of dialects.yml: our own.
    """
    try:
        tree = sqlglot.parse_one(sql, read=dialect, error_level=ErrorLevel.RAISE)
        tokens = sqlglot.tokenize(sql, read=dialect)
    except SqlglotError as error:
        return [f"does not parse: {error}"]
    if isinstance(tree, exp.Command):
        return [f"not a statement of the grammar: {sql.split(maxsplit=1)[0]}"]
    words_used = _word_problems(tokens, dialect, functions)
    return sorted({*_token_problems(tokens, dialect), *words_used, *_tree_problems(tree, dialect)})


def _token_problems(tokens: list[Token], dialect: str) -> Iterator[str]:
    ends = {
        TokenType.FROM,
        TokenType.R_PAREN,
        TokenType.SELECT,
        TokenType.WHERE,
        TokenType.UNION,
        TokenType.GROUP_BY,
        TokenType.ORDER_BY,
    }
    for number, token in enumerate(tokens):
        following = tokens[number + 1].token_type if number + 1 < len(tokens) else None
        if token.token_type in TOKENS and dialect in TOKENS[token.token_type][1]:
            yield TOKENS[token.token_type][0]
        if token.token_type == TokenType.COMMA and (following is None or following in ends):
            yield "a comma before the end of a list"
        if token.token_type == TokenType.UNION and following not in (TokenType.ALL, TokenType.DISTINCT):
            yield "UNION without ALL or DISTINCT"
        if token.token_type == following == TokenType.STRING:
            yield "a quote inside a literal ('' joins two literals on Spark and is an error on BigQuery)"
        if token.token_type == TokenType.NUMBER and "." in token.text:
            yield f"the literal {token.text} (a double on BigQuery: cast a text to decimal)"


def _word_problems(tokens: list[Token], dialect: str, ours: frozenset[str]) -> Iterator[str]:
    types, functions = words("types", dialect), words("functions", dialect) | ours
    open_casts: list[int] = []  # the depth at which each cast that has not seen its AS was opened
    depth = 0
    for number, token in enumerate(tokens):
        word, before = token.text.lower(), tokens[number - 1].token_type if number else None
        following = tokens[number + 1].token_type if number + 1 < len(tokens) else None
        if token.token_type in (TokenType.STRING, TokenType.IDENTIFIER):
            continue
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if word in ("cast", "try_cast", "safe_cast") and following == TokenType.L_PAREN:
            open_casts.append(depth + 1)
        if before == TokenType.ALIAS and open_casts and open_casts[-1] == depth:
            open_casts.pop()
            if word not in types:
                yield f"the type {word}"
        elif (
            following == TokenType.L_PAREN
            and word.isidentifier()
            and before not in (TokenType.ALIAS, TokenType.DOT)
            and word not in functions | NOT_FUNCTIONS
        ):
            yield f"the function {word}"


def _tree_problems(tree: exp.Expr, dialect: str) -> Iterator[str]:
    reserved = words("reserved", dialect)
    for name in tree.find_all(exp.Identifier):
        if not name.args.get("quoted") and name.name.lower() in reserved:
            yield f"the reserved word {name.name.lower()} as a name"
    if dialect in ("snowflake", "bigquery") and tree.find(exp.Filter):
        yield "FILTER on an aggregate (sum a case)"
    if dialect == "duckdb":
        for division in tree.find_all(exp.Div):
            text = division.sql(dialect)[:60]
            yield f"the division {text} (a double on DuckDB: use int_div, or multiply by a decimal)"
    for star in tree.find_all(exp.Star):
        if star.args.get("except_") or star.args.get("except") or star.args.get("replace"):
            yield "SELECT * with exceptions (name the columns)"
    for group in tree.find_all(exp.Group):
        if group.args.get("all"):
            yield "GROUP BY ALL (name the columns)"
    for distinct in tree.find_all(exp.Distinct):
        if distinct.args.get("on"):
            yield "DISTINCT ON (number the rows in a CTE)"
    for kind in tree.find_all(exp.DataType):
        sizes = [int(size.name) for size in kind.expressions if size.name.isdigit()]
        if len(sizes) != 2 or kind.this != exp.DataType.Type.DECIMAL:
            continue
        precision, scale = sizes
        if precision > 38 or (dialect == "bigquery" and (scale > 9 or precision - scale > 29)):
            yield f"the type {kind.sql(dialect)}"

"""What a question asks: which kind it is, about whom, which months, which amount. Words and names, and nothing guessed.

Names are those in the tables. A word that is neither a name nor in the vocabulary is an error: an answer that leaves
out a part of the question is the answer to another one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestration.errors import ConfigurationError
from orchestration.rows import Row, rows

EXAMPLES = (
    "Why was $4,200 deferred for Acme this month?",
    "What is the deferred balance of Acme in 2026-03?",
    "How much did we recognise in 2026-02?",
    "What changed since the last close?",
    "Which contracts have a blocking flag?",
    "Which drafts wait for approval?",
    "What does entry ASC606:invoice:I-90 say?",
)
# Longest first: 'deferred revenue' is a balance, 'revenue' alone is what was earned.
_ROLES = {
    "deferred_revenue": "deferred revenue|contract liabilit(?:y|ies)|deferred balances?|deferrals?|deferred|defer",
    "unbilled_receivable": "unbilled receivables?|unbilled balances?|unbilled",
    "accounts_receivable": "(?:accounts|trade) receivables?|receivables?|owes?|owed",
    "contract_asset": "contract assets?",
    "refund_liability": "refund liabilit(?:y|ies)",
    "customer_deposit": "customer deposits?",
    "tax_payable": "sales tax|tax payable",
}
# The first kind with a word in the question is its kind.
_KINDS = {
    "why": "why",
    "changed": "changed change changes",
    "flags": "flag flags flagged block blocks blocked blocking",
    "drafts": "draft drafts unposted waiting waits wait",
    "balance": "balance balances",
    "revenue": "revenue recognise recognised recognize recognized earn earned",
    "entry": "say says explain",
}
_FILLER = (
    "a about all an and any are as at be been being book booked books by can close closed contract contracts customer"
    " customers did do does end entities entity entry entries every for give had has have how i in invoice is it its"
    " last list lock locked made many me month much need needs note credit of on open our payment period please posted"
    " show since still tell that the their them there these they this to until us was we were what when where which who"
    " with approval from through between during severity review info s"
)
_WORDS = set(_FILLER.split()).union(*map(str.split, _KINDS.values()))
_NOUN = re.compile(r"\b(?:book|contract|credit note|customer|entity|entry|invoice|payment)\s+['\"]?$", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_AMOUNT = re.compile(r"(?<![\w.,-])[$€£¥]?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\w-]|[.,]\d)")
_TOKEN = re.compile(r"\w+(?:[-:/.'&]\w+)*")
# Stands in the question where a month was.
_HERE = "\x00"
_BEFORE = "in|of|for|during|by"
_MOST_NAMED = 5


@dataclass(frozen=True)
class Question:
    """A question as it was understood. Months are the first and the last one asked about; None: not asked for."""

    text: str
    kind: str
    period: tuple[str, str]
    names_a_period: bool
    role: str | None = None
    severity: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    entry_id: str | None = None
    contract_id: str | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    source_id: str | None = None
    entity_id: str | None = None
    book: str | None = None

    @property
    def filters(self) -> Row:
        """Whose lines are asked for, as parameters of a query; None is everybody's."""
        names = ("contract_id", "customer_id", "source_id", "entity_id", "book", "currency")
        return {name: getattr(self, name) for name in names}


class NotUnderstood(ConfigurationError):
    """A question that has no answer here, with those that have one."""

    def __init__(self, why: str) -> None:
        super().__init__("\n".join([f"{why} These can be asked:", *(f"- {example}" for example in EXAMPLES)]))


def understand(connection: Any, text: str, through: str) -> Question:
    """Read a question. `through` is the last period of the books: 'this month', and any month that is not named."""
    rest = " ".join(text.split())
    found: dict[str, Any] = {}
    for kind, query in _NAMES.items():
        rest = _cut_name(connection, rest, kind, query, found)
    period, rest = _period(rest, through)
    rest = _cut_amount(rest, found)
    for role, words in _ROLES.items():
        rest, times = re.subn(rf"\b(?:{words})\b", " ", rest, flags=re.IGNORECASE)
        found |= {"role": role} if times and "role" not in found else {}
        if times and found["role"] != role:
            raise NotUnderstood("Ask about one balance at a time.")
    words = [word.removesuffix("'s") for word in _TOKEN.findall(rest.replace("’", "'"))]
    currencies = {row["currency"] for row in rows(connection, "select currency from reference.currencies")}
    if named := [word for word in words if word in currencies]:
        found["currency"] = named[0]
    lower = {word.lower() for word in words if word != found.get("currency")}
    if unknown := [word for word in dict.fromkeys(words) if word.lower() in lower - _WORDS]:
        _find_customer(connection, unknown, found)
    kind = _kind(lower, found)
    if kind == "why" and lower & set(_KINDS["revenue"].split()):
        found.setdefault("role", "revenue")
    if kind == "flags":
        found["severity"] = _severity(lower)
    given = {name for name, value in found.items() if value is not None} | ({"period"} if period else set())
    if surplus := given - _ALLOWED[kind] - {"customer_name"}:
        named = ", ".join(sorted(name.replace("_id", "").replace("_", " ") for name in surplus))
        raise NotUnderstood(f"A question of this kind is asked without: {named}.")
    return Question(text, kind, period or (through, through), period is not None, **found)


# What a kind of question may name; a contract or a customer is understood with all but an entry.
_WHOSE = {"contract_id", "customer_id", "entity_id", "book"}
_ALLOWED = {
    "why": _WHOSE | {"period", "role", "amount", "currency", "source_id"},
    "changed": _WHOSE,
    "flags": _WHOSE | {"period", "severity"},
    "drafts": _WHOSE | {"period", "source_id"},
    "balance": _WHOSE | {"period", "role", "currency", "source_id"},
    "revenue": _WHOSE | {"period", "currency", "source_id"},
    "entry": {"entry_id"},
}


def _kind(words: set[str], found: dict[str, Any]) -> str:
    kind = next((kind for kind, said in _KINDS.items() if words & set(said.split())), None)
    if kind == "why" and words & set(_KINDS["flags"].split()):
        return "flags"
    if found.get("entry_id") and kind in (None, "why", "entry"):
        return "entry"
    if kind in (None, "entry", "balance") and found.get("role"):
        return "balance"
    if kind in (None, "entry", "balance"):
        raise NotUnderstood("That is not a question this can answer." if kind is None else "Which balance, or entry?")
    return kind


def _severity(words: set[str]) -> str | None:
    if words & (set(_KINDS["flags"].split()) - {"flag", "flags", "flagged"}):
        return "block"
    return next((severity for severity in ("review", "info") if severity in words), None)


# What has a name, in the order in which it is looked for: an id may hold another one.
_NAMES = {
    "entry_id": "select distinct entry_id as id, entry_id as name from reports.journal_entries",
    "contract_id": "select distinct contract_id as id, contract_id as name from engine.known_contracts",
    "source_id": "select distinct source_id as id, source_id as name from reports.journal_entries",
    "customer_id": """
        select customer_id as id, unnest([customer_id, customer_name]) as name from inputs.input_customers
    """,
    "entity_id": "select entity_id as id, unnest([entity_id, entity_name]) as name from inputs.input_entities",
    "book": "select distinct book as id, book as name from engine.entity_books",
}


def _cut_name(connection: Any, rest: str, kind: str, query: str, found: dict[str, Any]) -> str:
    """Take the one name of this kind out of the question, and remember whose it is."""
    named = rows(
        connection,
        f"""
        select distinct id, name
        from (select id, trim(regexp_replace(name, '\\s+', ' ', 'g')) as name from ({query}))
        where name <> '' and contains(lower($question), lower(name))
        order by length(name) desc, id, name
        """,  # noqa: S608
        {"question": rest},
    )
    for row in named:
        place = _place(rest, row["name"])
        if place is None:
            continue
        same = [other for other in named if other["name"].lower() == row["name"].lower()]
        # Two ids may differ in nothing but capitals.
        written = [other for other in same if other["name"] == rest[slice(*place)]]
        owners = {other["id"] for other in (written or same)}
        if len(owners) > 1:
            raise NotUnderstood(f"'{row['name']}' is the name of {_listed(sorted(owners))}; name one by its id.")
        [owner] = owners
        if kind in found:
            raise NotUnderstood(f"Ask about one at a time: '{found[kind]}' and '{owner}' are two.")
        found[kind] = owner
        if kind == "customer_id":
            found["customer_name"] = _name_of(connection, owner)
        rest = f"{rest[: place[0]]} {rest[place[1] :]}"
    return rest


def _place(text: str, name: str) -> tuple[int, int] | None:
    """Where a name stands as a word of its own. One that is also a common word or a number needs its noun before it."""
    common = name.lower() in _WORDS or name.isdigit() or len(name) == 1
    for match in re.finditer(rf"(?<!\w)(?<!\w[-:/.]){re.escape(name)}(?![-:/.]?\w)", text, re.IGNORECASE):
        if not common or _NOUN.search(text[: match.start()]):
            return match.span()
    return None


def _find_customer(connection: Any, words: list[str], found: dict[str, Any]) -> None:
    """The customer whose name has all these words; a question with a word that is nobody's has no answer."""
    wanted = {word.lower() for word in words}
    candidates = rows(
        connection,
        "select customer_id, customer_name from inputs.input_customers where contains(lower(customer_name), $word)",
        {"word": max(sorted(wanted), key=len)},
    )
    fitting = [
        row
        for row in candidates
        if wanted <= {*_TOKEN.findall(row["customer_name"].lower()), *re.findall(r"\w+", row["customer_name"].lower())}
    ]
    if not fitting or "customer_id" in found:
        raise NotUnderstood(
            f"I do not know {_listed(words)}: it names no customer, contract, entry or source, and is no word I use."
        )
    if len(fitting) > 1:
        names = [f"{row['customer_name']} ({row['customer_id']})" for row in fitting]
        raise NotUnderstood(f"{_listed(words)} may be {_listed(names)}; name one by its id.")
    found |= {name: fitting[0][name] for name in ("customer_id", "customer_name")}


def _period(rest: str, through: str) -> tuple[tuple[str, str] | None, str]:
    """The months that are named, as first and last, and the question without them."""
    spans: list[tuple[str, str]] = []
    year_now, month_now = int(through[:4]), int(through[5:])

    def keep(first: str, last: str = "", before: str = "") -> str:
        spans.append((first, last or first))
        return f"{before} {_HERE} "

    def named(before: str, name: str, year: str | None) -> str:
        number = _MONTHS.index(name[:3].lower()) + 1
        # A month without a year is the last one of that name.
        return keep(f"{int(year) if year else year_now - (number > month_now):04d}-{number:02d}", before=before)

    def quarter(year: str, number: int) -> str:
        return keep(f"{year}-{number * 3 - 2:02d}", f"{year}-{number * 3:02d}")

    several = rf"\b{_MONTH_NAME} (to|and|through|until) {_MONTH_NAME},? ((?:19|20)\d\d)\b"
    rest = re.sub(several, _year_of_both, rest, flags=re.IGNORECASE)
    for pattern, what in (
        (r"(?<![\w-])(\d{4}-(?:0[1-9]|1[0-2]))(?![\w-])", lambda at: keep(at[1])),
        (rf"\b{_MONTH_NAME}\.?,? ((?:19|20)\d\d)\b(?!-)", lambda at: named("", at[1], at[2])),
        (rf"\b({_BEFORE}|from|to|through|until|since|and) {_MONTH_NAME}\b", lambda at: named(at[1], at[2], None)),
        (r"\bq([1-4]) ?((?:19|20)\d\d)\b", lambda at: quarter(at[2], int(at[1]))),
        (rf"\b({_BEFORE}|year) ((?:19|20)\d\d)\b(?![-.,]\d)", lambda at: keep(f"{at[2]}-01", f"{at[2]}-12")),
        (r"\bthis (?:month|period)\b", lambda at: keep(through)),
        (r"\b(?:last|previous) (?:month|period)\b", lambda at: keep(_period_before(through))),
    ):
        rest = re.sub(pattern, what, rest, flags=re.IGNORECASE)
    opened = re.search(rf"\b(?:between|from|through|until|since)\s+{_HERE}", rest, re.IGNORECASE)
    if len(spans) > 1 and not opened and not re.search(rf"{_HERE}\s+(?:to|through|until)\s+{_HERE}", rest):
        raise NotUnderstood("Ask about one month, or about months from one to another.")
    if len(spans) == 1 and opened:
        raise NotUnderstood("Name the first and the last month, as in: from 2026-01 to 2026-03.")
    if not spans:
        return None, rest
    period = min(first for first, _ in spans), max(last for _, last in spans)
    return period, rest.replace(_HERE, " ")


def _year_of_both(match: re.Match[str]) -> str:
    """'January to March 2026': the year is that of both."""
    if _MONTHS.index(match[1][:3].lower()) > _MONTHS.index(match[3][:3].lower()):
        raise NotUnderstood(f"Name the year of {match[1]}.")
    return f"{match[1]} {match[4]} {match[2]} {match[3]} {match[4]}"


def _period_before(period: str) -> str:
    number = int(period[:4]) * 12 + int(period[5:]) - 2
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _cut_amount(rest: str, found: dict[str, Any]) -> str:
    amounts = _AMOUNT.findall(rest)
    if len(amounts) > 1:
        raise NotUnderstood("Ask about one amount at a time.")
    if amounts:
        found["amount"] = Decimal(amounts[0].replace(",", ""))
    return _AMOUNT.sub(" ", rest)


def _name_of(connection: Any, customer_id: str) -> str:
    [row] = rows(
        connection, "select customer_name from inputs.input_customers where customer_id = $id", {"id": customer_id}
    )
    return str(row["customer_name"])


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:_MOST_NAMED])
    return shown + (f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else "")

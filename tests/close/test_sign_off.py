"""Who may sign what, how often, and what a signature is worth when facts change, by the commands a person uses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from close.two_companies import EARLY, EQUAL, FEBRUARY, FIRST, JANUARY, LATE, OVER, ROLES, SECOND

from orchestration import cli, pipeline
from tests.faults.prepared_books import write_inputs
from tests.small_books import rows

BUILDER = "Ben"
# Code, what it said, what it complained of.
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """`revrec` with these words, on this database; `who` is REVREC_USER."""

    def run(database: Path, *words: str, who: str | None = None) -> tuple[int, str, str]:
        with monkeypatch.context() as context:
            context.delenv("REVREC_USER", raising=False)
            if who:
                context.setenv("REVREC_USER", who)
            code = cli._exit_code([*words, "--database", str(database)])
        said, complained = capsys.readouterr()
        return code, said, " ".join(complained.split())

    return run


@pytest.fixture(scope="module")
def built(own_dbt_target: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Ben built before February was over. Nobody has a role."""
    folder = tmp_path_factory.mktemp("sign-off")
    with pytest.MonkeyPatch.context() as context:
        context.setenv("REVREC_USER", BUILDER)
        pipeline.run(
            inputs=write_inputs(folder / "first", FIRST),
            database=folder / "books.duckdb",
            as_of=EARLY,
            through=FEBRUARY,
        )
    return folder / "books.duckdb"


@pytest.fixture
def books(built: Path, tmp_path: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copyfile(built, tmp_path / built.name))


@pytest.fixture(scope="module")
def later(built: Path, project_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """January posted and softly closed, February approved by Ada; then built with more facts, and with roles.

    Who has which role is a seed of the project, so it is built from a copy of the project with other roles in it.
    """
    folder = tmp_path_factory.mktemp("later")
    database = Path(shutil.copyfile(built, folder / built.name))
    for words in (
        ["approve", "--period", JANUARY, "--entity", "acme", "--by", "Ada"],
        ["approve", "--period", JANUARY, "--entity", "acme", "--by", "Eve"],
        ["post", "--period", JANUARY, "--entity", "acme", "--by", "Bo"],
        ["soft-close", "--period", JANUARY, "--entity", "acme", "--causes", "credit_note, late_data", "--by", "Cleo"],
        ["approve", "--period", FEBRUARY, "--entity", "acme", "--by", "Ada", "--reason", "as agreed"],
    ):
        assert cli._exit_code([*words, "--database", str(database)]) == 0
    project = folder / "project"
    ignored = shutil.ignore_patterns(".git", ".venv", ".tools", ".revrec", "target", "logs", "*.duckdb*", "__pycache__")
    shutil.copytree(project_root, project, ignore=ignored)
    (project / "seeds" / "roles.csv").write_text(ROLES.lstrip())
    inputs = write_inputs(folder / "second", SECOND)
    subprocess.run(
        [
            *(sys.executable, "-m", "orchestration.cli", "run", "--inputs", str(inputs), "--database", str(database)),
            *("--as-of", LATE, "--through", FEBRUARY),
        ],
        cwd=project,
        env={"PATH": "", "REVREC_USER": BUILDER, "PYTHONPATH": str(project)},
        check=True,
        capture_output=True,
    )
    return database


@pytest.fixture
def later_books(later: Path, tmp_path: Path) -> Path:
    """A copy to write to."""
    return Path(shutil.copyfile(later, tmp_path / later.name))


def kept(database: Path) -> Counter[str]:
    """How many rows the state has, by table."""
    tables = ["approvals", "period_events", "posted_journal_lines", "flag_resolutions", "audit_log", "lock_snapshots"]
    return Counter({table: rows(database, f"select count(*) from ops.{table}")[0][0] for table in tables})  # noqa: S608


def entry(database: Path, entry_id: str) -> tuple[str, str | None]:
    """Its status, and who approved it."""
    return {
        row[0]: row[1:] for row in rows(database, "select entry_id, status, approved_by from reports.journal_entries")
    }[entry_id]


def january(database: Path) -> Counter[str]:
    """Entries of Acme's January by status."""
    found = rows(
        database,
        """
        select status, count(*)
        from reports.journal_entries
        where posting_period = '2026-01' and entity_id = 'acme'
        group by 1
        """,
    )
    return Counter(dict(found))


def test_who_built_cannot_approve(books: Path, command: Command) -> None:
    before = kept(books)
    code, said, complained = command(books, "approve", "--period", JANUARY, who=BUILDER)
    assert (code, said) == (1, "")
    assert complained == "revrec: Ben prepared these drafts; another person approves them."
    # Under another name than that of who is here, nothing is signed either.
    assert command(books, "approve", "--period", JANUARY, "--by", "Ada", who=BUILDER)[0] == 2
    assert kept(books) == before
    assert command(books, "approve", "--period", JANUARY, who="Ada")[0] == 0
    assert rows(books, "select distinct actor, login from ops.approvals") == [("Ada", "Ada")]


def test_above_the_limit_two_people_approve(books: Path, command: Command) -> None:
    """Ada counts once however often she approves; equal to the limit is not above it."""
    signed = ("approve", "--period", JANUARY, "--entity", "acme", "--by")
    post = ("post", "--period", JANUARY, "--entity", "acme", "--by", "Bo")
    assert command(books, *signed, "Ada") == (0, "approve: acme: 2026-01: 4 drafts\n", "")
    assert january(books) == {"approved": 3, "draft": 1}
    assert entry(books, EQUAL)[0] == "approved"
    once = kept(books)
    assert command(books, *signed, "Ada", "--entry", OVER) == (0, "nothing to do\n", "")
    assert kept(books) == once
    assert january(books) == {"approved": 3, "draft": 1}

    code, said, _ = command(books, *post)
    posted, waiting = said.splitlines()
    assert code == 0 and posted.startswith("post: acme ASC606: acme:ASC606:2026-01:")
    assert waiting == ("waiting: acme ASC606: 1 entry of 2026-01 approved by Ada; a second person has to approve")
    assert january(books) == {"posted": 3, "draft": 1}
    assert command(books, *post)[:2] == (0, f"nothing to do\n{waiting}\n")

    assert command(books, *signed, "Eve", "--entry", OVER)[0] == 0
    assert january(books) == {"posted": 3, "approved": 1}
    assert command(books, *post)[0] == 0
    assert january(books) == {"posted": 4}
    assert entry(books, OVER) == ("posted", "Ada, Eve")
    assert command(books, *post) == (0, "nothing to do\n", "")


def test_a_limit_that_is_no_number_is_rejected_and_none_is_in_force(built: Path) -> None:
    [(value, reason)] = rows(
        built, """select "value", reason from reports.rejected_inputs where "table" = 'policies'"""
    )
    assert value == "some"
    assert "second_approval_above cannot be 'some'" in reason and "a number such as" in reason
    assert dict(
        rows(built, "select entity_id, value from engine.policy_elections where policy = 'second_approval_above'")
    ) == {"acme": "1200.00", "umbra": "none"}


def test_approved_entries_without_an_account_wait_and_it_is_said(books: Path, command: Command) -> None:
    assert command(books, "approve", "--period", JANUARY, "--by", "Ada")[0] == 0
    post = ("post", "--period", JANUARY, "--by", "Bo", "--entity", "umbra")
    waits = (
        "waiting: umbra ASC606: 2 entries of 2026-01 approved, but without an account for revenue: add it to"
        " account_mappings and run again"
    )
    code, said, _ = command(books, *post)
    assert code == 0
    assert said.splitlines()[1:] == [waits]
    before = kept(books)
    assert command(books, *post)[:2] == (1, f"nothing could be posted\n{waits}\n")
    code, said, _ = command(books, *post, "--json")
    assert code == 1
    assert json.loads(said) == {
        "posted": [],
        "waiting": [
            {
                **{"entity_id": "umbra", "book": "ASC606", "entries": 2, "approved": True},
                "reason": waits.split("2026-01 ")[1],
            }
        ],
    }
    assert kept(books) == before


def test_a_rejected_draft_goes_back_with_the_reason(books: Path, command: Command) -> None:
    named = ("--entry", EQUAL)
    assert command(books, "approve", *named, "--by", "Ada")[0] == 0
    assert entry(books, EQUAL)[0] == "approved"
    assert command(books, "reject", *named, "--by", "Eve")[0] == 2
    assert command(books, "reject", *named, "--by", "Eve", "--reason", "the rate is last year's")[0] == 0
    assert entry(books, EQUAL)[0] == "draft"
    listed = f"draft  {EQUAL}  2026-01\n       Rejected by Eve (the rate is last year's); it has not changed since.\n"
    assert listed in command(books, "review")[1]
    before = kept(books)
    assert command(books, "reject", *named, "--by", "Eve", "--reason", "as I said") == (0, "nothing to do\n", "")
    assert kept(books) == before

    # What Ada approved before counts no more; that she approves it again does.
    assert command(books, "approve", *named, "--by", "Ada")[0] == 0
    assert entry(books, EQUAL)[0] == "approved"
    assert listed not in command(books, "review")[1]


def test_a_period_is_locked_when_it_is_over_and_all_of_it_is_posted(books: Path, command: Command) -> None:
    lock = ("lock", "--entity", "acme", "--by", "Cleo", "--period")
    before = kept(books)
    assert command(books, *lock, FEBRUARY)[0::2] == (
        1,
        "revrec: 2026-02 is not over: the last build sees the books as of 2026-02-20 23:59:59.",
    )
    for person in ("Ada", "Eve"):
        command(books, "approve", "--period", JANUARY, "--entity", "acme", "--by", person)
    command(books, "post", "--period", JANUARY, "--entity", "acme", "--by", "Bo")
    assert command(books, *lock, JANUARY)[0] == 0
    assert kept(books)["period_events"] == before["period_events"] + 1
    assert command(books, *lock, JANUARY) == (0, "nothing to do\n", "")


def test_a_lock_is_refused_with_all_there_is_to_do(later_books: Path, command: Command) -> None:
    """Umbra's revenue has no account; Acme has drafts in this and in an earlier period. The month ends today."""
    before = kept(later_books)
    code, said, complained = command(later_books, "lock", "--period", FEBRUARY, "--by", "Cleo")
    assert (code, said) == (1, "")
    assert complained.startswith("revrec: 2026-02 cannot be locked yet: - acme ASC606: ")
    for to_do in (
        "- acme ASC606: 2 entries of 2026-02 approved but not posted: post them.",
        "- acme ASC606: 2 entries of 2026-01 not approved: review, approve and post them.",
        "- umbra ASC606: 4 entries of 2026-01 not approved: review, approve and post them.",
        "of 2026-02 not approved: review, approve and post them.",
        "of 2026-02 approved but not posted: post them.",
        # It blocks every later month, too.
        "- umbra ASC606: account_is_mapped: ",
    ):
        assert to_do in complained
    assert kept(later_books) == before


def test_a_flag_of_one_entity_does_not_block_another(later_books: Path, command: Command) -> None:
    for entity, blocked in (("acme", False), ("umbra", True)):
        complained = command(later_books, "lock", "--period", JANUARY, "--entity", entity, "--by", "Cleo")[2]
        assert ("account_is_mapped" in complained) == blocked


def test_a_draft_that_changed_has_lost_its_approval(later: Path, command: Command) -> None:
    """What Ada approved of February stays approved, but for the bill that is another one now, and its revenue."""
    found = dict(rows(later, "select entry_id, status from reports.journal_entries where entity_id = 'acme'"))
    assert found["ASC606:payment:p1:i1"] == "approved" and found["ASC606:revenue:i1:2026-02"] == "approved"
    assert found["ASC606:invoice:i3"] == "draft" and found["ASC606:revenue:i3:2026-02"] == "draft"
    said = command(later, "review", "--period", FEBRUARY)[1]
    assert (
        "draft  ASC606:invoice:i3  2026-02\n"
        "       Approved by Ada (as agreed) at debits of 59.990 USD; now 69.990, after data came late.\n"
    ) in said
    assert "ASC606:payment:p1:i1" not in said


def test_a_soft_close_lets_in_what_it_lists(later: Path) -> None:
    """The credit note of January, and what it changes there; the bill of January moves to February."""
    found = rows(
        later,
        """
        select entry_id, posting_period, cause
        from reports.journal_entries
        where entity_id = 'acme' and accounting_period = '2026-01' and status <> 'posted'
        order by all
        """,
    )
    assert found == [
        ("ASC606:credit_note:n1:i4", JANUARY, "credit_note"),
        ("ASC606:invoice:i6", FEBRUARY, "invoice"),
        ("ASC606:revenue:i4:2026-01:late_data", JANUARY, "late_data"),
        ("ASC606:revenue:i6:2026-01:late_data", FEBRUARY, "late_data"),
    ]


def test_repeating_a_soft_close_adds_nothing(books: Path, command: Command) -> None:
    softly = ("soft-close", "--period", JANUARY, "--by", "Cleo", "--causes")
    assert command(books, *softly, "credit_note,late_data")[0] == 0
    before = kept(books)
    assert command(books, *softly, "late_data, credit_note") == (0, "nothing to do\n", "")
    assert kept(books) == before
    assert command(books, *softly, "credit_note")[0] == 0
    assert kept(books)["period_events"] == before["period_events"] + 2


MAY_NOT = [
    ("Ada", ["post", "--period", FEBRUARY], "post"),
    ("Ada", ["lock", "--period", FEBRUARY], "lock"),
    ("Bo", ["approve", "--period", FEBRUARY], "approve"),
    ("Bo", ["reject", "--period", FEBRUARY, "--reason", "no"], "reject"),
    ("Zoe", ["soft-close", "--period", FEBRUARY], "soft_close"),
    # The second person needs the role as well.
    ("Cleo", ["reopen", "--period", JANUARY, "--reason", "no", "--second", "Ada"], "reopen"),
    # A role for one entity is none for all, nor for another one.
    ("Una", ["approve", "--period", FEBRUARY], "approve"),
    ("Una", ["approve", "--entry", "ASC606:invoice:i5"], "approve"),
    ("Una", ["post", "--period", FEBRUARY, "--entity", "acme"], "post for entity acme"),
]


def test_only_who_has_the_role_may(later_books: Path, command: Command) -> None:
    before = kept(later_books)
    for person, words, action in MAY_NOT:
        code, said, complained = command(later_books, *words, "--by", person)
        sinner = "Ada" if "--second" in words else person
        assert (code, said) == (1, ""), words
        assert complained == f"revrec: {sinner} has no role that may {action}; see seeds/roles.csv."
    [(flag,)] = rows(
        later_books,
        "select flag_id from reports.anomaly_flags where rule = 'invoice_is_timely' and entity_id = 'umbra'",
    )
    code, _, complained = command(later_books, "resolve", flag, "--by", "Bo", "--reason", "it was agreed")
    assert (code, complained) == (1, "revrec: Bo has no role that may resolve for entity umbra; see seeds/roles.csv.")
    assert kept(later_books) == before

    # Each of them may do what is theirs.
    assert command(later_books, "approve", "--entity", "umbra", "--entry", "ASC606:invoice:i5", "--by", "Una")[0] == 0
    assert command(later_books, "resolve", flag, "--by", "Una", "--reason", "it was agreed")[0] == 0
    assert command(later_books, "post", "--period", FEBRUARY, "--entity", "umbra", "--by", "Una")[0] == 0
    assert command(later_books, "soft-close", "--period", FEBRUARY, "--by", "Cleo")[0] == 0


def test_two_people_are_two_names(later_books: Path, command: Command) -> None:
    """A space behind a name does not make another person of it."""
    words = ("reopen", "--period", JANUARY, "--reason", "a bill", "--by", "Cleo", "--second", "Cleo ")
    code, _, complained = command(later_books, *words)
    assert (code, complained) == (1, "revrec: reopening takes a second person; Cleo cannot be both.")

"""What `--help` says of each command beyond its options: what it changes, who may, how it ends, and how it is used.

A test parses every example with the command line itself, and finds every command here.
"""

from __future__ import annotations

from dataclasses import dataclass

_NOTHING = "nothing; it only reads."
_ANYBODY = "anybody who may read the warehouse."
_ROLE = "{} (seeds/roles.csv); while nobody has a role, any named person."
_DONE = "0 done; 2 bad usage or configuration."
_REFUSED = "0 done, or nothing to do; 1 refused, with what to do; 2 bad usage or configuration."


@dataclass(frozen=True)
class About:
    """One command, for a controller."""

    changes: str
    who: str
    ends: str
    examples: tuple[str, ...]


ABOUT = {
    "run": About(
        "raw tables get what is new, every derived table is computed, drafts change; nothing posted does.",
        "anybody; who builds prepares the drafts, and so cannot approve them.",
        "0 done; 1 a check failed, and which; 2 bad usage or configuration.",
        (
            "run --demo",
            "run --inputs close/inputs --as-of 2026-02-05 --through 2026-01",
            "run --source stripe --source salesforce",
            "run --as-of '2026-02-05 18:00:00' --through 2026-01",
        ),
    ),
    "status": About(_NOTHING, _ANYBODY, _DONE, ("status", "status --json")),
    "review": About(_NOTHING, _ANYBODY, _DONE, ("review", "review --period 2026-01", "review --json")),
    "approve": About(
        "drafts become approved, as they are now; a draft that changes later has lost it.",
        _ROLE.format("approver or controller")
        + "\n             Not who prepared the draft. Above the limit of the policy second_approval_above, two people.",
        _REFUSED,
        (
            "approve --period 2026-01 --by Ada",
            "approve --period 2026-01 --entity beacon --by Ada --reason 'as agreed with sales'",
            "approve --entry ASC606:invoice:I-90 --by Ada",
        ),
    ),
    "reject": About(
        "approvals of these drafts count no more; they are listed in `review`, with the reason.",
        _ROLE.format("approver or controller"),
        _REFUSED,
        ("reject --entry ASC606:invoice:I-90 --reason 'wrong customer' --by Ada",),
    ),
    "post": About(
        "approved drafts enter the ledger in one batch for each set of books, for ever.",
        _ROLE.format("poster or controller"),
        "0 done, or nothing to do; 1 refused, or nothing that is approved could be posted; 2 bad usage.",
        ("post --period 2026-01 --by Bo", "post --period 2026-01 --entity beacon --by Bo --json"),
    ),
    "soft-close": About(
        "what is not on the list is booked in the next period, from the next `run` on.",
        _ROLE.format("closer or controller"),
        _REFUSED,
        ("soft-close --period 2026-01 --causes credit_note,late_data --by Cleo",),
    ),
    "lock": About(
        "nothing more is booked in the period or an earlier one; the trial balance, the moment of\n"
        "             knowledge and the hash of every public table of these periods are kept.",
        _ROLE.format("closer or controller"),
        _REFUSED,
        ("lock --period 2026-01 --by Cleo", "lock --period 2026-01 --entity beacon --by Cleo"),
    ),
    "reopen": About(
        "the period and every later one take entries again; what is posted stays as it is.",
        _ROLE.format("two of closer or controller"),
        _REFUSED,
        (
            "reopen --period 2026-04 --reason 'Invoice I-91 was left in a drawer' --by Cleo",
            "reopen --period 2026-04 --reason 'Invoice I-91 was left in a drawer' --by Cleo --second Dora",
        ),
    ),
    "resolve": About(
        "the flag is no longer open; the reason is kept.",
        _ROLE.format("approver or controller"),
        _REFUSED,
        ("resolve 3f1c0a9be2d4 --reason 'the customer was told' --by Ada",),
    ),
    "periods": About(_NOTHING, _ANYBODY, _DONE, ("periods", "periods --json")),
    "trace": About(
        _NOTHING,
        _ANYBODY,
        _DONE,
        ("trace I-90", "trace K-01 --all", "trace --role deferred_revenue --period 2026-06 --entity beacon"),
    ),
    "explain": About(_NOTHING, _ANYBODY, _DONE, ("explain ASC606:invoice:I-90",)),
    "ask": About(
        _NOTHING,
        _ANYBODY,
        "0 answered; 2 not understood, with what can be asked.",
        (
            "ask 'Why was $4,200 deferred for Acme this month?'",
            "ask 'What is the deferred balance of Acme in 2026-03?'",
            "ask 'How much did we recognise in 2026-02?'",
            "ask 'What changed since the last close?'",
            "ask 'Which contracts have a blocking flag?' --json",
        ),
    ),
    "export": About(
        "files are written, and each is recorded with its hash; the ledger stays as it is.",
        _ROLE.format("poster or controller"),
        "0 done; 1 a file is not what was exported before; 2 bad usage or configuration.",
        (
            "export --erp journal --period 2026-01 --by Bo --out close/exports",
            "export --erp beancount --period 2026-06 --by Bo",
        ),
    ),
    "reconcile": About(
        _NOTHING,
        _ANYBODY,
        "0 no difference; 1 differences, to the cent; 2 bad usage or configuration.",
        ("reconcile --period 2026-01 --file erp-trial-balance.csv",),
    ),
    "backup": About(
        "a new file is written, and the log says so; it replaces no file.",
        "anybody; the name is in the log.",
        _DONE,
        ("backup 2026-01.backup --by Cleo",),
    ),
    "restore": About(
        "a database without state gets the state of the backup; `run` computes the rest.",
        "anybody; the name is in the log.",
        "0 done; 1 what was kept had been changed before; 2 bad usage or configuration.",
        ("restore 2026-01.backup --database restored.duckdb --by Cleo",),
    ),
    "serve": About(
        "nothing by itself; who uses the page can start builds, as the person who started it.",
        "anybody who may read the warehouse.",
        "0 stopped with Ctrl-C or SIGTERM; 1 a part of it ended by itself; 2 bad usage.",
        ("serve", "serve --port 3100 --tables-port 8100"),
    ),
    "audit verify": About(
        _NOTHING,
        _ANYBODY,
        "0 all is as it was left; 1 something is not, and what; 2 bad usage or configuration.",
        (
            "audit verify",
            "audit verify --known 38:6e6caa1eaf3eedfc57cc4d9c0d9630050ae6aed6b82bbb1c03421e591e612b8e",
            "audit verify --reproduce --period 2026-01",
        ),
    ),
    "audit log": About(
        _NOTHING, _ANYBODY, _DONE, ("audit log", "audit log --action approve --by Ada", "audit log --all --json")
    ),
}


def epilog(command: str) -> str:
    """The end of the help of a command; the marks keep its lines as they are."""
    about = ABOUT[command]
    facts = f"\b\nChanges:     {about.changes}\nWho may:     {about.who}\nExit code:   {about.ends}"
    return facts + "\n\n\b\nExamples:\n" + "\n".join(f"  bin/revrec {example}" for example in about.examples)

"""`revrec export`: what is posted in a period, as files for another ledger, and back again with `revrec reconcile`.

An export is a unit that never changes once it is posted: a batch for the journal, a whole ledger up to a batch for
Beancount. The same unit gives the same bytes, which `ops.export_outbox` remembers by their hash.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration import close, warehouse
from orchestration.errors import ConfigurationError, StepFailed
from orchestration.exports import beancount, journal
from orchestration.rows import Row, has_table, rows


@dataclass(frozen=True)
class Layout:
    """How an ERP wants a unit: what its file is called, and its text. `whole_ledger`: all periods up to this one."""

    suffix: str
    render: Callable[[list[Row]], str]
    whole_ledger: bool = False


LAYOUTS = {
    "journal": Layout(".csv", journal.render),
    "beancount": Layout(".beancount", beancount.render, whole_ledger=True),
}


@dataclass(frozen=True)
class Export:
    """One file. `status` is 'exported', 'the same as before', or 'not what was exported before'."""

    batch_id: str
    entity_id: str
    book: str
    file: str
    entries: int
    lines: int
    content_hash: str
    status: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def export(
    database: Path, erp: str, period: str, *, by: str | None, entity: str | None = None, out: Path | None = None
) -> list[Export]:
    """Write every unit of a period to `out` (default: the working directory) and record it. Nothing posted, no file."""
    layout = LAYOUTS.get(erp)
    if layout is None:
        raise ConfigurationError(f"'{erp}' is no layout; --erp is one of {', '.join(LAYOUTS)}.")
    folder = (out or Path()).absolute()
    units = list(_units(database, layout, period, entity))
    done, drafts = [], []
    with warehouse.connect(database) as connection:
        known = {
            (row["batch_id"], row["entity_id"], row["book"]): row["content_hash"]
            for row in rows(connection, "from ops.export_outbox where erp = $erp order by seq", {"erp": erp})
        }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for batch_id, lines in units:
            content = layout.render(lines).encode()
            digest = hashlib.sha256(content).hexdigest()
            first = lines[0]
            before = known.get((batch_id, first["entity_id"], first["book"]))
            status = "exported" if before is None else "the same as before"
            if before not in (None, digest):
                status = "not what was exported before"
            file = folder / f"{erp}-{re.sub(r'[^A-Za-z0-9._-]+', '-', batch_id)}{layout.suffix}"
            draft = file.with_name(f".{file.name}.{os.getpid()}.tmp")
            drafts.append((draft, file))
            draft.write_bytes(content)
            entries = len({line["entry_id"] for line in lines})
            whose = (first["entity_id"], first["book"])
            done.append(Export(batch_id, *whose, str(file), entries, len(lines), digest, status))
        new = [
            {key: getattr(one, key) for key in ("batch_id", "entity_id", "book", "content_hash")}
            for one in done
            if one.status != "the same as before"
        ]
        if new:
            close.act("record_exports", database=database, by=by, erp=erp, period=period, exports=new)
        for draft, file in drafts:
            draft.replace(file)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
    return done


def _units(database: Path, layout: Layout, period: str, entity: str | None) -> Iterator[tuple[str, list[Row]]]:
    """Each unit's id and its lines, in the order in which they were posted."""
    with warehouse.connect(database) as connection:
        lines = posted(connection, period, entity, whole_ledger=layout.whole_ledger)
    units: dict[tuple[str, ...], list[Row]] = {}
    for line in lines:
        key = (line["entity_id"], line["book"]) if layout.whole_ledger else (line["batch_id"],)
        units.setdefault(key, []).append(line)
    for own in units.values():
        # A ledger is complete up to the last batch in it.
        yield own[-1]["batch_id"], own


def posted(connection: Any, period: str, entity: str | None, *, whole_ledger: bool = False) -> list[Row]:
    """Posted lines of a period, or of all periods up to it, in the order in which they were posted."""
    if not has_table(connection, "exports", "erp_journals"):
        raise ConfigurationError("nothing was built yet; run `bin/revrec run` first.")
    entities = {row["entity_id"] for row in rows(connection, "select entity_id from engine.entity_books")}
    if entity is not None and entity not in entities:
        raise ConfigurationError(f"there is no entity {entity}; --entity is one of {', '.join(sorted(entities))}.")
    [[hidden]] = connection.execute(
        """
        select count(*) from ops.posted_journal_lines
        where entry_type <> 'opening_balance' and (entity_id, book, entry_id) not in (
            select (entity_id, book, entry_id) from exports.erp_journals
        )
        """
    ).fetchall()
    if hidden:
        raise StepFailed(
            f"the last build does not see {hidden:,} posted lines; run `bin/revrec run` as of now, and far enough."
        )
    return rows(
        connection,
        """
        select journals.*, currencies.minor_units, functional.minor_units as functional_minor_units, roles.natural_side,
            roles.statement
        from exports.erp_journals as journals
        inner join reference.account_roles as roles using (role)
        inner join reference.currencies as currencies on journals.currency = currencies.currency
        inner join reference.currencies as functional on journals.functional_currency = functional.currency
        where
            (posting_period = $period or ($whole and posting_period < $period))
            and ($entity is null or entity_id = $entity)
        order by entity_id, book, posting_period, posted_at, batch_id, entry_date, entry_id, line_no
        """,
        {"period": period, "whole": whole_ledger, "entity": entity},
    )

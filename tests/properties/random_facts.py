"""What the tests of random contracts ask of the inputs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from oracle import Change, Group
from oracle_rows import Key, Terms
from random_books import Batch, Books

DAY = timedelta(days=1)


def groups(batch: Batch, books: Books) -> Iterator[tuple[str, Group]]:
    """Each group of contracts that has numbers, by its first contract."""
    for contract_id in batch.accounted(books):
        if batch.root[contract_id] == contract_id:
            yield contract_id, batch.oracle.groups[contract_id]


def changes(batch: Batch, books: Books, treatment: str) -> Iterator[tuple[Group, Change]]:
    for _, group in groups(batch, books):
        yield from ((group, change) for change in group.changes if change.treatment == treatment)


def is_fixed(group: Group) -> bool:
    """Nothing but fixed amounts, shared by all lines."""
    return not group.facts.components and not any(terms.scope for terms in group.discounts.values())


def simple(batch: Batch, books: Books) -> Iterator[tuple[Key, Terms, Group]]:
    """Lines of contracts with one version and nothing but fixed amounts."""
    for _, group in groups(batch, books):
        if is_fixed(group) and len(group.changes) == 1:
            yield from ((key, terms, group) for key, terms in group.terms.items())


def price(group: Group, version: int, contract_id: str) -> int:
    """The transaction price of a version: its lines, and the last estimates before the next version."""
    versions = [v for v in group.facts.versions if v.contract_id == contract_id]
    found = next(v for v in versions if v.number == version)
    later = [v.on for v in versions if v.on > found.on or (v.on == found.on and v.number > version)]
    until = min(later) - DAY if later else date.max
    parts = [c.on(until) for c in group.facts.components if c.contract_id == contract_id and c.origin <= version]
    return sum(terms.amount for terms in found.lines) + sum(parts)


def known_versions(group: Group, contract_id: str) -> list[int]:
    return [v.number for v in group.facts.versions if v.contract_id == contract_id]


def last_version(batch: Batch, key: Key) -> int:
    return max(known_versions(batch.oracle.groups[key[0]], key[0]))


def finished(batch: Batch, books: Books) -> Iterator[tuple[Key, Terms, Group]]:
    """Lines that are wholly satisfied by the end of what is known."""
    for _, group in groups(batch, books):
        for key, terms in group.terms.items():
            royalties = any(c.kind == "royalty" for c in group.facts.components)
            if not royalties and not group.ruler.remaining(terms, date(2034, 1, 1)):
                yield key, terms, group

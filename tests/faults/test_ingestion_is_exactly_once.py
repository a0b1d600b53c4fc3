"""Whatever happens to a load, each version of an object is stored once and staging shows each object once.

The oracle is a load of the same world into an empty database: what a run finds after a fault must be the same.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from orchestration import demo_company, warehouse
from orchestration.defs.ingest import load
from orchestration.defs.ingest.salesforce import reader as salesforce_reader
from orchestration.demo_company import Faults, World
from tests.ingesting import rows, settings, stored

SYSTEMS = ("salesforce", "stripe", "gocardless")
CALM = Faults(limit_every=0, session_requests=0)
Stored = dict[str, list[tuple[str, int, str]]]

# A loader that dies without a word: `point` is the method it dies in, `after` how often it may run before.
DYING_LOADER = """
import importlib, os, sys
point, after, system, url, database = sys.argv[1:]
module, name, method = point.split(":")
owner = getattr(importlib.import_module(module), name)
original, left = getattr(owner, method), int(after)
def dying(*args, **options):
    global left
    left -= 1
    if left < 0:
        os._exit(9)
    return original(*args, **options)
setattr(owner, method, dying)
from orchestration.defs.ingest import load
from tests.ingesting import settings
load.ingest([system], database, {system: settings(system, url)})
"""
WHILE_READING = "orchestration.defs.ingest.history:Run:new_versions"
WHILE_WRITING = "dlt.common.storages.load_package:PackageStorage:complete_job"
BEFORE_IT_COUNTS = "dlt.destinations.job_client_impl:SqlJobClientBase:complete_load"


class Company:
    """The demo company's services over a small world of one's own, and loads from them."""

    def __init__(self, world: World, urls: dict[str, str], folder: Path) -> None:
        self.world = world
        self.urls = urls
        self.folder = folder
        self.database = folder / "revrec.duckdb"

    def load(self, *systems: str, database: Path | None = None) -> dict[str, int]:
        """Versions appended, by table; empty when there was nothing new."""
        configured = {system: settings(system, self.urls[system]) for system in systems}
        summaries = load.ingest(systems, database or self.database, configured)
        return {table: count for one in summaries for table, count in one.appended.items() if count}

    def die(self, point: str, after: int, system: str) -> None:
        arguments = [point, str(after), system, self.urls[system], str(self.database)]
        died = subprocess.run([sys.executable, "-c", DYING_LOADER, *arguments], timeout=120, check=False)
        assert died.returncode == 9, "the loader was to die at that point"

    def stored(self, system: str) -> Stored:
        found = stored(self.database, system)
        for table, versions in found.items():
            keys = [(one, version) for one, version, _ in versions]
            assert len(keys) == len(set(keys)), f"{table} has a version twice"
        return found

    def as_if_new(self, system: str) -> Stored:
        """What a load of the world as it is now stores in an empty database."""
        database = self.folder / f"fresh_{system}.duckdb"
        database.unlink(missing_ok=True)
        self.load(system, database=database)
        return stored(database, system)


@contextmanager
def running(folder: Path, prepare: Callable[[World], None] = lambda world: None) -> Iterator[Company]:
    world = demo_company.build_world(customers=2)
    prepare(world)
    with demo_company.running(world, CALM) as urls:
        yield Company(world, urls, folder)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with running(tmp_path) as company:
        yield company


def latest(found: Stored) -> dict[str, dict[str, str]]:
    """Content hash of the last version, by table and id."""
    return {
        table: {one: content for one, _, content in versions}  # ordered by version: the last one stays
        for table, versions in found.items()
        if table != "schema_drift"
    }


def test_reading_everything_again_stores_nothing(company: Company) -> None:
    assert company.load(*SYSTEMS)
    before = {system: company.stored(system) for system in SYSTEMS}
    assert company.load(*SYSTEMS) == {}
    assert {system: company.stored(system) for system in SYSTEMS} == before
    assert {version for found in before.values() for table in found.values() for _, version, _ in table} == {1}


@pytest.mark.parametrize(
    ("point", "after", "system"),
    [
        (WHILE_READING, 4, "stripe"),
        (WHILE_WRITING, 3, "stripe"),
        (BEFORE_IT_COUNTS, 0, "salesforce"),
    ],
)
def test_a_load_that_died_leaves_nothing_behind(company: Company, point: str, after: int, system: str) -> None:
    company.die(point, after, system)
    if point == BEFORE_IT_COUNTS:
        assert rows(company.database, "select count(*) > 0 from raw_salesforce.orders") == [(True,)]
    company.load(system)
    assert company.stored(system) == company.as_if_new(system)
    assert company.load(system) == {}


def test_a_load_that_died_on_a_lost_disk_leaves_nothing_behind(company: Company) -> None:
    """The working folder is scratch: a container that is gone took nothing with it that is needed."""
    company.load("stripe")
    invoice = settled_invoice(company.world)
    void(company.world, invoice)
    company.die(BEFORE_IT_COUNTS, 0, "stripe")
    for path in sorted((company.folder / ".revrec").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    assert company.load("stripe") == {"invoices": 1}
    assert [version for one, version, _ in company.stored("stripe")["invoices"] if one == invoice] == [1, 2]


def settled_invoice(world: World) -> str:
    """The oldest paid invoice: far before any window that is read again."""
    return next(row["id"] for row in world.rows("stripe", "invoice") if row["status"] == "paid")


def void(world: World, invoice: str) -> None:
    _, payload = world.record("stripe", "invoice", invoice).known(world.clock) or (0, {})
    moments = {**payload["status_transitions"], "voided_at": world.clock}
    world.change("stripe", "invoice", invoice, {"status": "void", "status_transitions": moments}, "invoice.voided")


def test_a_late_change_of_an_old_object_is_one_new_version(company: Company) -> None:
    company.load(*SYSTEMS)
    world = company.world
    world.advance_to("2026-01-06 09:00:00")
    void(world, settled_invoice(world))
    contract = world.rows("salesforce", "Contract")[0]["Id"]
    world.change("salesforce", "Contract", contract, {"EndDate": "2031-12-31"})
    payment = next(row["id"] for row in collections(world))
    world.change("gocardless", "payment", payment, {"status": "charged_back"}, "charged_back")
    new = company.load(*SYSTEMS)
    assert {table: new.get(table) for table in ("invoices", "contracts", "payments")} == {
        "invoices": 1,
        "contracts": 1,
        "payments": 1,
    }
    assert company.load(*SYSTEMS) == {}
    for system in SYSTEMS:
        assert latest(company.stored(system)) == latest(company.as_if_new(system))


def collections(world: World) -> list[dict[str, Any]]:
    """The direct debits there are, oldest first; a small world may need one of its own."""
    found = world.rows("gocardless", "payment")
    if not found:
        moment = "2024-03-01T00:00:00.000Z"
        payment = {
            "id": "PM0001",
            "created_at": moment,
            "charge_date": "2024-03-06",
            "amount": 5000,
            "amount_refunded": 0,
            "currency": "EUR",
            "status": "confirmed",
            "metadata": {},
            "links": {"mandate": "MD0001"},
        }
        world.put("gocardless", "payment", payment, 1_709_251_200, "confirmed")
    return world.rows("gocardless", "payment")


def many_customers(world: World) -> None:
    """More than two pages of Stripe customers, each a day after the other."""
    for number in range(230):
        created = 1_704_067_200 + number * 86_400
        customer = {
            "id": f"cus_{number:04d}",
            "object": "customer",
            "livemode": False,
            "created": created,
            "name": "as it was",
            "metadata": {"entity_id": "nwm-us"},
        }
        world.put("stripe", "customer", customer, created, "customer.created")


def test_what_changes_between_two_pages_is_neither_lost_nor_doubled(tmp_path: Path) -> None:
    """Newest first: 0229 is on the first page, 0000 on the last; one more appears at the top."""

    def meanwhile(world: World) -> None:
        for customer in ("cus_0229", "cus_0000"):
            world.change("stripe", "customer", customer, {"name": "changed"}, "customer.updated")
        created = {**world.rows("stripe", "customer")[-1], "id": "cus_new", "created": world.clock}
        world.create("stripe", "customer", created, "customer.created")
        world.delete("stripe", "customer", "cus_0010", "customer.deleted")

    with running(tmp_path, many_customers) as company:
        company.world.between_pages("stripe", "customer", meanwhile)
        company.load("stripe")
        company.load("stripe")
        versions = company.stored("stripe")["customers"]
        of = {one: [version for found, version, _ in versions if found == one] for one, _, _ in versions}
        assert (of["cus_0229"], of["cus_0000"], of["cus_new"]) == ([1, 2], [1], [1])
        gone = {one for (one,) in rows(company.database, "select id from raw_stripe.customers where is_deleted")}
        expected = latest(company.as_if_new("stripe"))["customers"]
        found = latest(company.stored("stripe"))["customers"]
        assert {one: content for one, content in found.items() if one not in gone} == expected
        assert company.load("stripe") == {}


def test_the_end_of_a_page_that_is_deleted_is_not_the_end_of_the_list(tmp_path: Path) -> None:
    with running(tmp_path, many_customers) as company:
        newest_first = [row["id"] for row in company.world.rows("stripe", "customer")][::-1]
        company.world.between_pages(
            "stripe",
            "customer",
            lambda world: world.delete("stripe", "customer", newest_first[99], "customer.deleted"),
        )
        company.load("stripe")
        assert {one for one, _, _ in company.stored("stripe")["customers"]} == set(newest_first)
        assert company.load("stripe") == {"customers": 1}, "the deletion"


def test_records_that_move_to_the_end_of_the_list_are_read_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Salesforce sorts by change, so a record that changes between two pages is read as it was or as it is."""
    monkeypatch.setitem(salesforce_reader._PAGE, "Sforce-Query-Options", "batchSize=200")

    def many_accounts(world: World) -> None:
        account = world.rows("salesforce", "Account")[0]
        for number in range(420):
            world.put("salesforce", "Account", {**account, "Id": f"001{number:015d}"}, 1_704_067_200 + number)

    def meanwhile(world: World) -> None:
        for number in (0, 410):
            world.change("salesforce", "Account", f"001{number:015d}", {"Name": "changed"})

    with running(tmp_path, many_accounts) as company:
        company.world.between_pages("salesforce", "Account", meanwhile)
        company.load("salesforce")
        company.load("salesforce")
        assert latest(company.stored("salesforce")) == latest(company.as_if_new("salesforce"))
        names = rows(
            company.database,
            "select id, max(_version), max_by(name, _version) from raw_salesforce.accounts"
            " where id in ('001000000000000000', '001000000000000410') group by id order by id",
        )
        assert names == [("001000000000000000", 2, "changed"), ("001000000000000410", 1, "changed")]
        assert company.load("salesforce") == {}


def test_a_deletion_is_a_version_and_staging_shows_each_object_once(company: Company) -> None:
    """The whole way: a deleted order voids its version, a voided invoice is one row with its void."""
    world, database = company.world, company.database
    company.load(*SYSTEMS)
    world.advance_to("2026-01-06 09:00:00")
    amended = next(row for row in world.rows("salesforce", "Order") if row["Change__c"] == "inception")
    world.delete("salesforce", "Order", amended["Id"])
    invoice = settled_invoice(world)
    void(world, invoice)
    assert company.load(*SYSTEMS) == {"orders": 1, "invoices": 1}
    deleted = "select _version, is_deleted, status from raw_salesforce.orders where id = ? order by 1"
    assert rows(database, deleted.replace("?", f"'{amended['Id']}'")) == [
        (1, False, "Activated"),
        (2, True, "Activated"),
    ]
    company.load(*SYSTEMS)

    with warehouse.writing(database):
        warehouse.dbt("seed", database=database, select=["currencies"])

    def staged(as_of: str) -> dict[str, list[Any]]:
        models = [f"stg_{one}" for one in STAGED]
        with warehouse.writing(database):
            warehouse.dbt("run", database=database, select=models, variables={"as_of": as_of, "through": "2025-12"})
        return {one: rows(database, f"select {key} from staging.stg_{one}") for one, key in STAGED.items()}  # noqa: S608

    now, before = staged("9999-12-31 00:00:00"), staged("2026-01-05 00:00:00")
    for one, keys in now.items():
        assert keys, f"{one} is empty"
        assert len(keys) == len(set(keys)), f"{one} has an object twice"
    version = (f"salesforce:{amended['ContractId']}", 1)
    assert version in before["salesforce__contract_versions"], "the books did not know of the deletion then"
    assert version not in now["salesforce__contract_versions"]
    assert (f"stripe:{invoice}:void",) in now["stripe__invoice_events"]
    assert (f"stripe:{invoice}:void",) not in before["stripe__invoice_events"]


STAGED = {
    "salesforce__contracts": "contract_id",
    "salesforce__contract_versions": "contract_id, version",
    "salesforce__contract_lines": "contract_id, version, line_id",
    "stripe__invoices": "invoice_id",
    "stripe__invoice_lines": "invoice_line_id",
    "stripe__invoice_events": "event_id",
    "stripe__payments": "payment_id",
}

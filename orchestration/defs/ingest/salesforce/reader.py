"""How Salesforce is read: SOQL through queryAll, so that deleted records come too, in the order of SystemModstamp."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import dlt
from dlt.extract import DltSource
from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

from orchestration.defs.ingest.client import Vendor
from orchestration.defs.ingest.columns import Drift, Object
from orchestration.defs.ingest.history import Page, Run, feed, table_resource
from orchestration.defs.ingest.salesforce.sign_in import SignIn
from orchestration.defs.ingest.salesforce.tables import FIELD_TYPES, RECORDS, Record
from orchestration.defs.ingest.settings import Settings
from orchestration.errors import ConfigurationError

DATA = "/services/data/v68.0"
OVERLAP = dt.timedelta(minutes=10)
_PAGE = {"Sforce-Query-Options": "batchSize=2000"}
_ALWAYS = ("IsDeleted",)


def resources(settings: Settings, run: Run | None = None) -> DltSource:
    run = run or Run.now("salesforce")
    salesforce = Salesforce(settings)

    @dlt.source(name="salesforce", max_table_nesting=0)
    def all_resources() -> Iterator[Any]:
        for one in RECORDS:
            pages = feed(one.table.name, lambda one=one: salesforce.read(one, run))
            yield table_resource(run, pages, one.table)

    return all_resources()


class Salesforce:
    """One organisation, by its own host."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        sign_in = SignIn(settings)
        self.client = Vendor(settings, sign_in, _PAGE)
        sign_in.session = self.client.session

    def read(self, record: Record, run: Run) -> Iterator[Page]:
        """Every record changed since the last run, ten minutes of it read again; deleted ones included."""
        run.progress(f"{run.system}: reading {record.table.name}")
        marks = run.marks([record.table])
        described = self._describe(record, run)
        if described is None:
            return
        known = set((marks or {}).get("fields", described))
        for name in described.keys() - known:
            run.note(Drift(record.table.name, name, "unknown_field", described[name], "describe"))
        newest = dt.datetime.fromisoformat(marks["changed"]) if marks else None
        # A record may change while others are read: what is later than this run's start is read again by the next.
        for page in self._changed(record, described, newest and newest - OVERLAP):
            for one in page:
                changed = _moment(one.get("SystemModstamp"))
                if changed:
                    newest = min(max(newest or changed, changed), run.loaded_at)
            yield Page(page)
        yield Page([], {"changed": newest.isoformat(), "fields": sorted(described)} if newest else None)

    def _describe(self, record: Record, run: Run) -> dict[str, str] | None:
        """Field to type. Declared fields that are missing or of another kind are drift; None without the object."""
        answer = self.client.one(f"{DATA}/sobjects/{record.name}/describe")
        if answer is None:
            if not record.optional:
                raise ConfigurationError(f"The Salesforce user in use cannot see the object {record.name}.")
            return None
        described = {field["name"]: field["type"] for field in answer["fields"]}
        for column in record.table.columns:
            found = described.get(column.path)
            if found is None and column.path == "CurrencyIsoCode" and self.settings.currency:
                continue
            if found is None and column.path == "CurrencyIsoCode":
                raise ConfigurationError(
                    "Salesforce has one currency and its records do not name it: set SALESFORCE_CURRENCY."
                )
            if found is None:
                run.note(Drift(record.table.name, column.path, "missing_field", "nothing", "describe"))
            elif found not in FIELD_TYPES[column.kind]:
                run.note(Drift(record.table.name, column.path, "changed_type", found, "describe"))
        return described

    def _changed(
        self, record: Record, described: dict[str, str], since: dt.datetime | None
    ) -> Iterator[list[dict[str, Any]]]:
        fields = [column.path for column in record.table.columns if column.path in described]
        where = f" WHERE SystemModstamp >= {since:%Y-%m-%dT%H:%M:%S}Z" if since else ""
        query = (
            f"SELECT {', '.join([*fields, *_ALWAYS])} FROM {record.name}{where}"  # noqa: S608
            " ORDER BY SystemModstamp ASC, Id ASC"
        )
        for page in self.query(query):
            yield [self._with_currency(one) for one in page]

    def query(self, soql: str) -> Iterator[list[dict[str, Any]]]:
        """The pages of a query, deleted records included."""
        return self.client.pages(f"{DATA}/queryAll", {"q": soql}, "records", JSONLinkPaginator("nextRecordsUrl"))

    def _with_currency(self, one: Object) -> dict[str, Any]:
        return {**one, "CurrencyIsoCode": one.get("CurrencyIsoCode") or self.settings.currency}


def _moment(value: Any) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None

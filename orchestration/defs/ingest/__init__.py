"""Ingestion: source systems to append-only raw schemas, with dlt.

`load` runs it; `<system>.source(settings)` is the dlt source of one vendor; what they share is in `columns`, `client`,
`history` and `listing`.
"""

import os

# Before dlt is imported: it reports nothing, and every row carries the load it came with.
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID", "true")

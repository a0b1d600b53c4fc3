"""revrec's pipeline: ingest, dbt, checks, and the ways to run them (command line, Dagster).

Importing this package decides where every library keeps its state: inside the checkout, under `.revrec/`, never in
the home directory; and that none of them reports usage to its maker. A variable that is already set wins.
"""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / ".revrec"

for _name, _value in {
    "DLT_DATA_DIR": str(STATE / "dlt"),
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "DAGSTER_HOME": str(STATE / "dagster"),
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}.items():
    os.environ.setdefault(_name, _value)

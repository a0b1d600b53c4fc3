"""The file drop: a folder of CSV or Parquet files in the form of the input layer, loaded into `raw_file_drop`."""

from orchestration.defs.ingest.file_drop.load import Summary, TableSummary, declare, load

__all__ = ["Summary", "TableSummary", "declare", "load"]

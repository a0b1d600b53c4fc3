"""The same deferred revenue roll-forward worked out in other ways: how much longer they take for sixty months.

Every rival reads one Parquet file of obligations (obligations.py: amount in minor units, first and last day as numbers,
billed in full on the first day) and returns one row per month: its number, what is billed and recognised in it, and
what is deferred at its end, in minor units. Rivals that round as revrec does must give its rows to the unit; the two
that follow the rule of another product must recognise the same total, and the months that differ are counted.
"""

select 'e1' as entry_id, 1 as line_no, 100 as debit_minor, 0 as credit_minor
union all
select 'e1', 3, 0, 99
union all
select 'e2', 2, 7, 7
union all
select 'e2', 2, 1, 1

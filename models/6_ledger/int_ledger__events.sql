-- One row per posting of a fact since the contract began, before contract positions are presented: the union of the entry models but revenue.
select * from {{ ref('int_ledger__billing') }}
where amount_minor <> 0
union all
select * from {{ ref('int_ledger__receivables') }}
union all
select * from {{ ref('int_ledger__folded') }}
union all
select * from {{ ref('int_ledger__cash') }}
union all
select * from {{ ref('int_ledger__expected') }}
union all
select * from {{ ref('int_ledger__costs') }}
union all
select * from {{ ref('int_ledger__deposits') }}

{{ config(materialized='view') }}
-- One row per posting of a fact or of revenue, before contract positions are presented: the union of the entry models.
with facts as (
    select * from {{ ref('int_ledger__billing') }}
    where amount_minor <> 0
    union all
    select * from {{ ref('int_ledger__receivables') }}
    union all
    select * from {{ ref('int_ledger__folded') }}
    union all
    select * from {{ ref('int_ledger__cash') }}
),

-- Two lines of one role in an entry are one. Revenue, the bulk of the postings, has one by its making.
summed as (
    select
        contract_key,
        line_key,
        entry_type,
        source_type,
        source_id,
        entry_on,
        cause,
        role,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from facts
    group by contract_key, line_key, entry_type, source_type, source_id, entry_on, cause, role
    having sum(amount_minor) <> 0
)

select * from summed
union all
select * from {{ ref('int_ledger__revenue') }}

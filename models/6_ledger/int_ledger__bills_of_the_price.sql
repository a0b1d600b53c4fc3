{{ config(materialized='view') }}
-- One row per contract of which a bill was written off and day: what was billed of its fixed price on that day. What credits, voids and refunds take
-- back counts from the first of all days, so that it is not taken twice.
with lost as (
    select distinct contract_key
    from {{ ref('int_ledger__write_offs') }}
),

terms as (
    select
        terms.contract_key,
        terms.line_key,
        terms.recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_variable
    from {{ ref('contract_terms') }} as terms
    inner join lost
        on terms.contract_key = lost.contract_key
),

-- What a bill without a line is for is known where there is nothing but a fixed price.
contracts as (
    select
        contract_key,
        max(case when is_variable then 1 else 0 end) as has_variable
    from terms
    group by contract_key
),

openings as (
    select * from {{ ref('opening_contracts') }}
),

{% set no_line = 'cast(null as ' ~ dbt.type_bigint() ~ ')' -%}
moved as (
    select contract_key, line_key, booked_on as occurred_on, booked_on as counts_from_on, amount_minor
    from {{ ref('billings') }}
    where booked_on is not null
    union all
    select contract_key, line_key, issued_on as occurred_on, cast('0001-01-01' as date) as counts_from_on, -amount_minor as amount_minor
    from {{ ref('int_ledger__credits') }}
    where not is_passed_through
    union all
    select contract_key, {{ no_line }} as line_key, occurred_on, cast('0001-01-01' as date) as counts_from_on, -net_minor as amount_minor
    from {{ ref('int_ledger__receivable_changes') }}
    where entry_type in ('void', 'refund')
),

counted as (
    select
        moved.contract_key,
        moved.counts_from_on,
        moved.amount_minor
    from moved
    inner join contracts
        on moved.contract_key = contracts.contract_key
    left join terms
        on moved.line_key = terms.line_key
    left join openings
        on moved.contract_key = openings.contract_key
    where
        coalesce(not terms.is_variable, contracts.has_variable = 0)
        -- What was billed before an opening balance was accepted with it.
        and coalesce(moved.occurred_on >= openings.starts_on, true)
    union all
    select lines.contract_key, lines.opened_on as counts_from_on, lines.billed_minor as amount_minor
    from {{ ref('opening_lines') }} as lines
    inner join contracts
        on lines.contract_key = contracts.contract_key
    where not lines.is_priced_by_facts
)

select
    contract_key,
    counts_from_on,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
from counted
group by contract_key, counts_from_on

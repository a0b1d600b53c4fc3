{{ config(materialized='view') }}
-- One row per journal entry to be approved: its key, its sums and checksums of all its lines.
with to_draft as (
    select contract_key from {{ ref('contracts_to_draft') }}
),

parties as (
    select * from {{ ref('posting_parties') }}
),

periods as (
    select
        period_no,
        period
    from {{ ref('fiscal_periods') }}
    where calendar = 'monthly'
),

postings as (
    select
        postings.entry_contract_key as contract_key,
        postings.entry_type,
        postings.source_type,
        postings.source_id,
        postings.entry_on,
        postings.accounting_period_no,
        postings.period_no,
        postings.cause,
        cast(sum(case when postings.amount_minor > 0 then postings.amount_minor else 0 end) as {{ dbt.type_bigint() }}) as debit_minor,
        cast(sum(case when postings.functional_minor > 0 then postings.functional_minor else 0 end) as {{ dbt.type_bigint() }}) as functional_debit_minor,
        -- Any change of an amount, a role, a line or an account changes a sum.
        sum(cast(
            postings.amount_minor + 31 * (postings.functional_minor - postings.amount_minor) as {{ wide_int() }}
        ) * (accounts.role_no * 1000003 + coalesce(lines.line_no, 0))) as amount_checksum,
        sum(cast(accounts.account_key as {{ wide_int() }}) * (accounts.role_no + coalesce(lines.line_no, 0))) as account_checksum
    from {{ ref('draft_postings') }} as postings
    inner join to_draft
        on postings.entry_contract_key = to_draft.contract_key
    inner join parties
        on postings.contract_key = parties.contract_key
    left join {{ ref('posting_lines') }} as lines
        on postings.line_key = lines.line_key
    inner join {{ ref('account_assignments') }} as accounts
        on
            coalesce(lines.dimension_key, parties.dimension_key) = accounts.dimension_key
            and postings.role = accounts.role
    group by
        postings.entry_contract_key, postings.entry_type, postings.source_type, postings.source_id, postings.entry_on,
        postings.accounting_period_no, postings.period_no, postings.cause
)

select
    postings.*,
    parties.entity_id,
    parties.book,
    parties.contract_id,
    parties.customer_id,
    periods.period,
    {{ entry_key() }} as entry_key
from postings
inner join parties
    on postings.contract_key = parties.contract_key
inner join periods
    on postings.accounting_period_no = periods.period_no

-- One row per line priced by its use with revenue in a period without a record of use or a minimum fee, the first time (invariant 39).
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

terms as (
    select * from {{ ref('contract_terms') }}
    where recognition_method = 'usage'
),

used as (
    select distinct
        terms.line_key,
        {{ period_number('greatest(usage.used_on, coalesce(terms.not_before_on, usage.used_on))') }} as period_no
    from {{ ref('input_usage') }} as usage
    inner join terms
        on
            usage.contract_id = terms.contract_id
            and usage.line_id = terms.line_id
    union distinct
    select
        terms.line_key,
        {{ period_number('greatest(billings.issued_on, coalesce(terms.not_before_on, billings.issued_on))') }} as period_no
    from {{ ref('billings') }} as billings
    inner join terms
        on billings.line_key = terms.line_key
    where billings.kind = 'minimum_fee'
),

unrecorded as (
    select
        terms.contract_key,
        terms.line_id,
        revenue.period_no,
        revenue.amount_minor,
        row_number() over (partition by terms.line_key order by revenue.period_no) as occurrence
    from terms
    inner join {{ ref('revenue_by_period') }} as revenue
        on
            terms.line_key = revenue.line_key
            and revenue.cause = 'schedule'
    left join used
        on
            terms.line_key = used.line_key
            and revenue.period_no = used.period_no
    where used.line_key is null
),

shown as (
    select
        contracts.*,
        unrecorded.line_id,
        periods.period,
        periods.ends_on,
        cast({{ to_major('unrecorded.amount_minor', 'contracts.minor_units') }} as {{ dbt.type_string() }}) as amount
    from unrecorded
    inner join contracts
        on unrecorded.contract_key = contracts.contract_key
    inner join {{ ref('fiscal_periods') }} as periods
        on
            unrecorded.period_no = periods.period_no
            and periods.calendar = 'monthly'
    where unrecorded.occurrence = 1
)

select
    entity_id,
    book,
    'use_is_recorded' as rule,
    'block' as severity,
    ends_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(contract_id, ':', line_id) as source_id,
    concat('a record of use in ', period) as expected,
    concat(amount, ' of revenue and no use') as actual,
    concat('Line ', line_id, ' of contract ', contract_id, ' earns ', amount, ' in ', period, ', and no use of it is recorded.') as explanation,
    recorded_at as first_seen_at
from shown

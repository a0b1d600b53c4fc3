-- One row per performance obligation and contract version: its lines, its term and its share of the transaction price.
with obligations as (
    select * from {{ ref('obligations') }}
),

contracts as (
    select * from {{ ref('contracts') }}
),

lines as (
    select
        obligation_lines.obligation_key,
        terms.version,
        {{ dbt.listagg('terms.line_id', "'|'", 'order by terms.line_no') }} as line_ids,
        {{ dbt.listagg("coalesce(terms.product_id, '')", "'|'", 'order by terms.line_no') }} as product_ids,
        cast(sum(allocations.ssp_minor) as {{ dbt.type_bigint() }}) as ssp_minor,
        cast(sum(allocations.allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('obligation_lines') }} as obligation_lines
    inner join {{ ref('contract_terms') }} as terms
        on obligation_lines.line_key = terms.line_key
    inner join {{ ref('allocations') }} as allocations
        on obligation_lines.line_key = allocations.line_key
    group by obligation_lines.obligation_key, terms.version
),

earned as (
    select
        line_shares.obligation_key,
        cast(sum(revenue.amount_minor) as {{ dbt.type_bigint() }}) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join {{ ref('obligation_lines') }} as line_shares
        on revenue.line_key = line_shares.line_key
    group by line_shares.obligation_key
)

select
    contracts.entity_id,
    contracts.book,
    obligations.obligation_id,
    contracts.contract_id,
    contracts.customer_id,
    lines.version,
    lines.line_ids,
    lines.product_ids,
    obligations.recognition_method,
    coalesce(obligations.starts_on, obligations.satisfied_on) as starts_on,
    obligations.ends_on,
    contracts.currency,
    {{ to_major('lines.ssp_minor', 'contracts.minor_units') }} as ssp,
    {{ to_major('lines.allocated_minor', 'contracts.minor_units') }} as allocated_amount,
    {{ to_major('0', 'contracts.minor_units') }} as recognized_before,
    'inception' as treatment,
    case
        when coalesce(earned.earned_minor, 0) = 0 and lines.allocated_minor <> 0 then 'open'
        when earned.earned_minor = lines.allocated_minor then 'satisfied'
        else 'partly_satisfied'
    end as status
from obligations
inner join contracts
    on obligations.contract_key = contracts.contract_key
inner join lines
    on obligations.obligation_key = lines.obligation_key
left join earned
    on obligations.obligation_key = earned.obligation_key

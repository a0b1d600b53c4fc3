-- One row per performance obligation and contract version: its lines, its term and its share of the transaction price.
with contracts as (
    select * from {{ ref('contracts') }}
),

obligations as (
    select * from {{ ref('obligations') }}
),

obligation_lines as (
    select * from {{ ref('obligation_lines') }}
),

lines as (
    select
        obligation_lines.obligation_key,
        version_lines.version,
        {{ dbt.listagg('version_lines.line_id', "'|'", 'order by version_lines.line_no') }} as line_ids,
        {{ dbt.listagg("coalesce(version_lines.product_id, '')", "'|'", 'order by version_lines.line_no') }} as product_ids,
        min(version_lines.starts_on) as starts_on,
        min(version_lines.satisfied_on) as satisfied_on,
        max(version_lines.ends_on) as ends_on,
        max(case when version_lines.is_latest then 1 else 0 end) as is_latest,
        cast(sum(prices.ssp_minor) as {{ dbt.type_bigint() }}) as ssp_minor
    from obligation_lines
    inner join {{ ref('version_lines') }} as version_lines
        on obligation_lines.line_key = version_lines.line_key
    inner join {{ ref('standalone_prices') }} as prices
        on
            version_lines.line_key = prices.line_key
            and version_lines.version = prices.version
    group by obligation_lines.obligation_key, version_lines.version
),

prices as (
    select
        obligation_key,
        cast(sum(allocated_minor) as {{ dbt.type_bigint() }}) as allocated_minor
    from {{ ref('allocations') }}
    group by obligation_key
),

modified as (
    select * from {{ ref('modified_obligations') }}
),

earned as (
    select
        obligation_lines.obligation_key,
        cast(sum(revenue.amount_minor) as {{ dbt.type_bigint() }}) as earned_minor
    from {{ ref('revenue_by_period') }} as revenue
    inner join obligation_lines
        on revenue.line_key = obligation_lines.line_key
    group by obligation_lines.obligation_key
),

stated as (
    select
        obligations.contract_key,
        obligations.obligation_id,
        obligations.recognition_method,
        lines.*,
        coalesce(modified.allocated_minor, prices.allocated_minor, 0) as allocated_minor,
        coalesce(modified.recognized_before_minor, 0) as recognized_before_minor,
        coalesce(modified.treatment, 'inception') as treatment,
        coalesce(earned.earned_minor, 0) as earned_minor
    from obligations
    inner join lines
        on obligations.obligation_key = lines.obligation_key
    left join prices
        on obligations.obligation_key = prices.obligation_key
    left join modified
        on
            lines.obligation_key = modified.obligation_key
            and lines.version = modified.version
    left join earned
        on obligations.obligation_key = earned.obligation_key
)

select
    contracts.entity_id,
    contracts.book,
    stated.obligation_id,
    contracts.contract_id,
    contracts.customer_id,
    stated.version,
    stated.line_ids,
    stated.product_ids,
    stated.recognition_method,
    coalesce(stated.starts_on, stated.satisfied_on) as starts_on,
    stated.ends_on,
    contracts.currency,
    {{ to_major('stated.ssp_minor', 'contracts.minor_units') }} as ssp,
    {{ to_major('stated.allocated_minor', 'contracts.minor_units') }} as allocated_amount,
    {{ to_major('stated.recognized_before_minor', 'contracts.minor_units') }} as recognized_before,
    stated.treatment,
    case
        when stated.is_latest = 0 then 'superseded'
        when stated.earned_minor = 0 and stated.allocated_minor <> 0 then 'open'
        when stated.earned_minor = stated.allocated_minor then 'satisfied'
        else 'partly_satisfied'
    end as status
from stated
inner join contracts
    on stated.contract_key = contracts.contract_key

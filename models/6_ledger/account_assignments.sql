-- One row per combination of dimensions and account role: the account of the chart that the most specific mapping gives, or none.
with mappings as (
    select * from {{ ref('input_account_mappings') }}
    where effective_on is null or effective_on <= cast('{{ var("as_of")[:10] }}' as date)
),

roles as (
    select
        role,
        role_no,
        natural_side
    from {{ ref('account_roles') }}
),

parties as (
    select * from {{ ref('posting_parties') }}
),

lines as (
    select * from {{ ref('posting_lines') }}
),

dimensions as (
    select distinct
        dimension_key,
        entity_id,
        book,
        currency,
        region,
        cast(null as {{ dbt.type_string() }}) as product_id,
        cast(null as {{ dbt.type_string() }}) as revenue_stream
    from parties
    union distinct
    select distinct
        lines.dimension_key,
        parties.entity_id,
        parties.book,
        parties.currency,
        parties.region,
        lines.product_id,
        lines.revenue_stream
    from lines
    inner join parties
        on lines.contract_key = parties.contract_key
),

candidates as (
    select
        dimensions.dimension_key,
        mappings.role,
        mappings.account_code,
        mappings.account_name,
        row_number() over (
            partition by dimensions.dimension_key, mappings.role
            order by
                case when mappings.product_id is null then 1 else 0 end,
                case when mappings.revenue_stream is null then 1 else 0 end,
                case when mappings.region is null then 1 else 0 end,
                case when mappings.entity_id is null then 1 else 0 end,
                case when mappings.currency is null then 1 else 0 end,
                case when mappings.book is null then 1 else 0 end,
                mappings.effective_on desc nulls last,
                mappings.account_code
        ) as preference
    from dimensions
    inner join mappings
        on
            (mappings.product_id is null or mappings.product_id = dimensions.product_id)
            and (mappings.revenue_stream is null or mappings.revenue_stream = dimensions.revenue_stream)
            and (mappings.region is null or mappings.region = dimensions.region)
            and (mappings.entity_id is null or mappings.entity_id = dimensions.entity_id)
            and (mappings.currency is null or mappings.currency = dimensions.currency)
            and (mappings.book is null or mappings.book = dimensions.book)
)

select
    dimensions.dimension_key,
    roles.role,
    roles.role_no,
    roles.natural_side,
    candidates.account_code,
    candidates.account_name,
    coalesce({{ text_key(['candidates.account_code', 'candidates.account_name']) }}, 0) as account_key
from dimensions
cross join roles
left join candidates
    on
        dimensions.dimension_key = candidates.dimension_key
        and roles.role = candidates.role
        and candidates.preference = 1

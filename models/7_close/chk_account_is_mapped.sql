-- One row per entity, role and product that posts without an account: a role with no mapping is a blocking flag, never a guess.
with unmapped as (
    select
        entity_id,
        book,
        role,
        coalesce(product_id, '') as product_id,
        min(contract_id) as contract_id,
        min(entry_on) as entry_on,
        count(*) as line_count
    from {{ ref('draft_amounts') }}
    where account_code is null
    group by entity_id, book, role, coalesce(product_id, '')
)

select
    entity_id,
    book,
    'account_is_mapped' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(entity_id, ':', role, ':', product_id) as source_id,
    concat('an account for role ', role) as expected,
    'no row of account_mappings' as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role,
        case when product_id = '' then '' else concat(' for product ', product_id) end,
        ' have no account: add a row to account_mappings.'
    ) as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from unmapped

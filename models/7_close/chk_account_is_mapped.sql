-- One row per entity, role and product that posts without an account: a role with no mapping is a blocking flag, never a guess.
with unmapped as (
    select
        entity_id,
        book,
        role,
        coalesce(product_id, '') as product_id,
        contract_id,
        entry_id,
        entry_on,
        count(*) over (partition by entity_id, book, role, coalesce(product_id, '')) as line_count,
        row_number() over (partition by entity_id, book, role, coalesce(product_id, '') order by entry_on, entry_id, line_no) as place
    from {{ ref('draft_lines') }}
    where account_code is null
)

select
    entity_id,
    book,
    'account_is_mapped' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    entry_id,
    concat(entity_id, ':', role, ':', product_id) as source_id,
    concat('an account for role ', role) as expected,
    'no row of account_mappings' as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role,
        case when product_id = '' then '' else concat(' for product ', product_id) end,
        ' have no account, the first in entry ', entry_id, ': add a row to account_mappings.'
    ) as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from unmapped
where place = 1

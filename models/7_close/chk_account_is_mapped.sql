-- One row per entity, role and product that posts without an account: a role with no mapping is a blocking flag, never a guess.
with lines as (
    select
        draft_lines.entity_id,
        draft_lines.book,
        draft_lines.role,
        coalesce(draft_lines.product_id, '') as product_id,
        min(draft_lines.contract_id) as contract_id,
        min(draft_lines.entry_id) as entry_id,
        min(draft_entries.entry_on) as entry_date,
        count(*) as line_count
    from {{ ref('draft_lines') }} as draft_lines
    inner join {{ ref('draft_entries') }} as draft_entries
        on draft_lines.entry_id = draft_entries.entry_id
    where draft_lines.account_code is null
    group by draft_lines.entity_id, draft_lines.book, draft_lines.role, coalesce(draft_lines.product_id, '')
)

select
    entity_id,
    book,
    'account_is_mapped' as rule,
    'block' as severity,
    entry_date as flagged_on,
    contract_id,
    entry_id,
    concat(entity_id, ':', role, ':', product_id) as source_id,
    concat('an account for role ', role) as expected,
    'no row of account_mappings' as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role,
        case when product_id = '' then '' else concat(' for product ', product_id) end,
        ' have no account: add a row to account_mappings.'
    ) as explanation,
    cast(entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from lines

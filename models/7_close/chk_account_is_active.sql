-- One row per entity, role and account with entries before the day the account's mapping takes effect (invariant 2).
with accounts as (
    select
        role,
        account_code,
        min(coalesce(effective_on, cast('1900-01-01' as date))) as active_from_on
    from {{ ref('input_account_mappings') }}
    group by role, account_code
),

-- Most charts have no such account: then no line is read.
late_accounts as (
    select * from accounts
    where active_from_on > cast('1900-01-01' as date)
),

early as (
    select
        lines.entity_id,
        lines.book,
        lines.role,
        lines.account_code,
        late_accounts.active_from_on,
        min(lines.contract_id) as contract_id,
        min(lines.entry_id) as entry_id,
        min(entries.entry_date) as entry_date,
        count(*) as line_count
    from late_accounts
    inner join {{ ref('journal_lines') }} as lines
        on
            late_accounts.role = lines.role
            and late_accounts.account_code = lines.account_code
    inner join {{ ref('journal_entries') }} as entries
        on
            lines.entry_id = entries.entry_id
            and late_accounts.active_from_on > entries.entry_date
    group by lines.entity_id, lines.book, lines.role, lines.account_code, late_accounts.active_from_on
)

select
    entity_id,
    book,
    'account_is_active' as rule,
    'block' as severity,
    entry_date as flagged_on,
    contract_id,
    entry_id,
    concat(entity_id, ':', role, ':', account_code) as source_id,
    concat('entries from ', cast(active_from_on as {{ dbt.type_string() }})) as expected,
    concat('the first on ', cast(entry_date as {{ dbt.type_string() }})) as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role, ' are on account ', account_code,
        ', which is mapped from ', cast(active_from_on as {{ dbt.type_string() }}), ' only; the first is of ',
        cast(entry_date as {{ dbt.type_string() }}), '.'
    ) as explanation,
    cast(entry_date as {{ dbt.type_timestamp() }}) as first_seen_at
from early

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

amounts as (
    select
        entity_id,
        book,
        role,
        account_code,
        contract_id,
        entry_id,
        line_no,
        entry_on
    from {{ ref('draft_lines') }}
    union all
    select
        entity_id,
        book,
        role,
        account_code,
        contract_id,
        entry_id,
        line_no,
        entry_date as entry_on
    from {{ ref('posted_postings') }}
),

{% set account = 'partition by amounts.entity_id, amounts.book, amounts.role, amounts.account_code' -%}
early as (
    select
        amounts.*,
        late_accounts.active_from_on,
        count(*) over ({{ account }}) as line_count,
        row_number() over ({{ account }} order by amounts.entry_on, amounts.entry_id, amounts.line_no) as place
    from late_accounts
    inner join amounts
        on
            late_accounts.role = amounts.role
            and late_accounts.account_code = amounts.account_code
            and late_accounts.active_from_on > amounts.entry_on
)

select
    entity_id,
    book,
    'account_is_active' as rule,
    'block' as severity,
    entry_on as flagged_on,
    contract_id,
    entry_id,
    concat(entity_id, ':', role, ':', account_code) as source_id,
    concat('entries from ', cast(active_from_on as {{ dbt.type_string() }})) as expected,
    concat('the first on ', cast(entry_on as {{ dbt.type_string() }})) as actual,
    concat(
        cast(line_count as {{ dbt.type_string() }}), ' journal lines of role ', role, ' are on account ', account_code,
        ', which is mapped from ', cast(active_from_on as {{ dbt.type_string() }}), ' only; the first is of ',
        cast(entry_on as {{ dbt.type_string() }}), ', in entry ', entry_id, '.'
    ) as explanation,
    cast(entry_on as {{ dbt.type_timestamp() }}) as first_seen_at
from early
where place = 1

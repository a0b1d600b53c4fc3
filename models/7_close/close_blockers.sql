{{ config(materialized='view') }}
-- One row per reason why a period, and every later one, cannot be locked, with what to do about it. A view: it stands right after every posting.
with flags as (
    select
        flags.entity_id,
        flags.book,
        periods.period_no,
        'flag' as blocker,
        flags.flag_id as object_id,
        concat(flags.rule, ': ', flags.explanation) as what_to_do
    from {{ ref('anomaly_flags') }} as flags
    left join {{ ref('fiscal_periods') }} as periods
        on
            flags.period = periods.period
            and periods.calendar = 'monthly'
    where flags.severity = 'block' and flags.resolution is null
),

drafts as (
    select
        entity_id,
        book,
        posting_period,
        status,
        count(*) as entries
    from {{ ref('journal_entries') }}
    where status in ('draft', 'approved')
    group by entity_id, book, posting_period, status
),

unposted as (
    select
        drafts.entity_id,
        drafts.book,
        periods.period_no,
        'draft' as blocker,
        concat(drafts.posting_period, ' ', drafts.status) as object_id,
        concat(
            cast(drafts.entries as {{ dbt.type_string() }}), case when drafts.entries = 1 then ' entry of ' else ' entries of ' end,
            drafts.posting_period,
            case when drafts.status = 'approved' then ' approved but not posted: post them.' else ' not approved: review, approve and post them.' end
        ) as what_to_do
    from drafts
    inner join {{ ref('fiscal_periods') }} as periods
        on
            drafts.posting_period = periods.period
            and periods.calendar = 'monthly'
),

-- The ledger ties when each batch still is what was posted, and every entry balances in both currencies.
lines as (
    select * from {{ source('ops', 'posted_journal_lines') }}
),

batches as (
    select
        lines.batch_id,
        count(*) as line_count,
        {{ posted_checksum() }} as amount_checksum
    from lines
    group by lines.batch_id
),

changed as (
    select
        posted.entity_id,
        posted.book,
        posted.posting_period_no as period_no,
        'ledger' as blocker,
        posted.batch_id as object_id,
        concat('Batch ', posted.batch_id, ' is not what was posted: restore it from a backup and find out who changed it.') as what_to_do
    from {{ source('ops', 'posted_batches') }} as posted
    left join batches
        on posted.batch_id = batches.batch_id
    where
        batches.batch_id is null
        or batches.line_count <> posted.line_count
        or batches.amount_checksum <> posted.amount_checksum
),

unbalanced as (
    select
        max(lines.entity_id) as entity_id,
        max(lines.book) as book,
        max(lines.posting_period_no) as period_no,
        'ledger' as blocker,
        lines.entry_id as object_id,
        concat('Posted entry ', lines.entry_id, ' does not balance.') as what_to_do
    from lines
    group by lines.entry_id
    having sum(lines.amount_minor) <> 0 or sum(lines.functional_minor) <> 0
)

select * from flags
union all
select * from unposted
union all
select * from changed
union all
select * from unbalanced

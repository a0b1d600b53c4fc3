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

changed as (
    select
        entity_id,
        book,
        posting_period_no as period_no,
        'ledger' as blocker,
        batch_id as object_id,
        concat('Batch ', batch_id, ' is not what was posted: find out who changed it and restore it from a backup.') as what_to_do
    from {{ ref('broken_batches') }}
)

select * from flags
union all
select * from unposted
union all
select * from changed

{{ config(materialized='view', schema='reports') }}
-- One row per journal entry, drafted or posted: the period it belongs to and is booked in, the fact it comes from, who approved it.
with drafts as (
    select
        drafts.*,
        coalesce(drafts.source_id, drafts.contract_id, drafts.customer_id) as named_source_id,
        approvals.approved_by,
        approvals.approved_at,
        approvals.people >= {{ approvals_needed('drafts', 'books') }} as is_approved,
        journals.memo,
        periods.period
    from {{ ref('draft_entries') }} as drafts
    inner join {{ ref('entity_books') }} as books
        on
            drafts.entity_id = books.entity_id
            and drafts.book = books.book
    inner join {{ ref('fiscal_periods') }} as periods
        on
            drafts.period_no = periods.period_no
            and periods.calendar = 'monthly'
    left join {{ ref('entry_approvals') }} as approvals
        on
            drafts.entry_id = approvals.entry_id
            and drafts.content_hash = approvals.content_hash
    left join {{ ref('manual_journals') }} as journals
        on
            drafts.source_type = 'manual_journal'
            and drafts.source_id = journals.journal_id
            and drafts.book = journals.book
),

posted as (
    select
        posted.*,
        booked.period as posting_period,
        belongs.period as accounting_period
    from {{ ref('posted_entries') }} as posted
    inner join {{ ref('fiscal_periods') }} as booked
        on
            posted.posting_period_no = booked.period_no
            and booked.calendar = 'monthly'
    inner join {{ ref('fiscal_periods') }} as belongs
        on
            posted.accounting_period_no = belongs.period_no
            and belongs.calendar = 'monthly'
    where posted.posting_period_no <= {{ through_period_no() }}
)

select
    entity_id,
    book,
    entry_id,
    entry_on as entry_date,
    period as posting_period,
    accounting_period,
    entry_type,
    case when is_approved then 'approved' else 'draft' end as status,
    cause,
    source_type,
    named_source_id as source_id,
    contract_id,
    customer_id,
    {{ entry_description() }} as description,
    content_hash,
    approved_by,
    approved_at,
    cast(null as {{ dbt.type_timestamp() }}) as posted_at,
    cast(null as {{ dbt.type_string() }}) as batch_id,
    corrects_entry_id,
    contract_key
from drafts
union all
select
    entity_id,
    book,
    entry_id,
    entry_date,
    posting_period,
    accounting_period,
    entry_type,
    'posted' as status,
    cause,
    source_type,
    entry_source_id as source_id,
    entry_contract_id as contract_id,
    entry_customer_id as customer_id,
    description,
    content_hash,
    approved_by,
    approved_at,
    posted_at,
    batch_id,
    corrects_entry_id,
    entry_contract_key as contract_key
from posted

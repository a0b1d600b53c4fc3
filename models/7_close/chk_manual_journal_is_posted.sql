-- One row per manual journal and book that is not in the ledger, with the reason; and per one that is there with another amount.
with journals as (
    select * from {{ ref('manual_journals') }}
    where posted_on <= cast('{{ through_last_day() }}' as date)
),

written as (
    select
        journal_id,
        book,
        role,
        sum(amount_minor) as amount_minor
    from {{ ref('manual_journal_lines') }}
    group by journal_id, book, role
),

posted as (
    select
        postings.source_id as journal_id,
        parties.book,
        postings.role,
        sum(postings.amount_minor) as amount_minor
    from {{ ref('ledger_postings') }} as postings
    inner join {{ ref('posting_parties') }} as parties
        on postings.contract_key = parties.contract_key
    where postings.source_type = 'manual_journal'
    group by postings.source_id, parties.book, postings.role
),

different as (
    select
        coalesce(written.journal_id, posted.journal_id) as journal_id,
        coalesce(written.book, posted.book) as book,
        min(coalesce(written.role, posted.role)) as role
    from written
    full outer join posted
        on
            written.journal_id = posted.journal_id
            and written.book = posted.book
            and written.role = posted.role
    where coalesce(written.amount_minor, 0) <> coalesce(posted.amount_minor, 0)
    group by coalesce(written.journal_id, posted.journal_id), coalesce(written.book, posted.book)
),

shown as (
    select
        journals.*,
        concat(
            'debits ', cast({{ to_major('journals.debit_minor', 'journals.minor_units') }} as {{ dbt.type_string() }}), ', credits ',
            cast({{ to_major('journals.credit_minor', 'journals.minor_units') }} as {{ dbt.type_string() }})
        ) as figures,
        coalesce(journals.reason, concat('its postings of role ', different.role, ' are not its lines')) as problem
    from journals
    left join different
        on
            journals.journal_id = different.journal_id
            and journals.book = different.book
    where journals.reason is not null or different.journal_id is not null
)

select
    entity_id,
    book,
    'manual_journal_is_posted' as rule,
    'block' as severity,
    posted_on as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    journal_id as source_id,
    'an entry whose debits are its credits' as expected,
    concat(figures, ': ', problem) as actual,
    concat('Manual journal ', journal_id, ' (', figures, ') is not in the ledger: ', problem, '. Correct its rows in manual_journals.') as explanation,
    recorded_at as first_seen_at
from shown

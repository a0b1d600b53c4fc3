{{ config(materialized='view') }}
-- One row per posting of a manual journal, in both currencies at the rate of its day; what translation leaves over is rounding (section 8).
with lines as (
    select
        journal_lines.*,
        terms.line_key
    from {{ ref('manual_journal_lines') }} as journal_lines
    left join {{ ref('known_contract_terms') }} as terms
        on
            journal_lines.contract_key = terms.contract_key
            and journal_lines.line_id = terms.line_id
),

postings as (
    select
        contract_key,
        line_key,
        journal_id,
        posted_on,
        role,
        entry_contract_key,
        party_no,
        rate_atto,
        book,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor
    from lines
    group by contract_key, line_key, journal_id, posted_on, role, entry_contract_key, party_no, rate_atto, book
),

parties as (
    select
        contract_key,
        minor_units,
        functional_minor_units
    from {{ ref('posting_parties') }}
),

translated as (
    select
        postings.*,
        -- Of the nine digits that a line of the journal shows.
        {{ int_div('postings.rate_atto + 500000000', '1000000000') }} as rate_nano,
        {{ translated('postings.amount_minor', 'postings.rate_atto', 'parties.minor_units', 'parties.functional_minor_units') }} as functional_minor
    from postings
    inner join parties
        on postings.contract_key = parties.contract_key
),

rounded as (
    select
        contract_key,
        line_key,
        journal_id,
        posted_on,
        role,
        entry_contract_key,
        party_no,
        rate_nano,
        amount_minor,
        functional_minor
    from translated
    union all
    select
        entry_contract_key as contract_key,
        cast(null as {{ dbt.type_bigint() }}) as line_key,
        journal_id,
        posted_on,
        'fx_rounding' as role,
        entry_contract_key,
        0 as party_no,
        0 as rate_nano,
        0 as amount_minor,
        -sum(functional_minor) as functional_minor
    from translated
    group by entry_contract_key, journal_id, posted_on, book
)

select
    contract_key,
    line_key,
    'manual' as entry_type,
    'manual_journal' as source_type,
    journal_id as source_id,
    posted_on as entry_on,
    {{ period_number('posted_on') }} as period_no,
    'manual' as cause,
    role,
    entry_contract_key,
    max(party_no) as party_no,
    max(rate_nano) as rate_nano,
    cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as amount_minor,
    cast(sum(functional_minor) as {{ dbt.type_bigint() }}) as functional_minor
from rounded
group by contract_key, line_key, journal_id, posted_on, role, entry_contract_key
having sum(amount_minor) <> 0 or sum(functional_minor) <> 0

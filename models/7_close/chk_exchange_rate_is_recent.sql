-- One row per entity, book, currency and rate that was used more days after its own than the threshold allows: no later one was known.
with threshold as (
    select cast(threshold as {{ dbt.type_bigint() }}) as days
    from {{ ref('control_thresholds') }}
    where rule = 'exchange_rate_is_recent'
),

-- Only a rate that held for longer can be too old on a day.
held as (
    select
        rates.*,
        threshold.days
    from {{ ref('exchange_rates') }} as rates
    cross join threshold
    where rates.kind = 'spot' and {{ day_number('rates.valid_before') }} - {{ day_number('rates.valid_from') }} - 1 > threshold.days
),

parties as (
    select
        foreign_contracts.contract_key,
        foreign_contracts.currency,
        foreign_contracts.functional_currency,
        parties.entity_id,
        parties.book
    from {{ ref('foreign_contracts') }} as foreign_contracts
    inner join {{ ref('posting_parties') }} as parties
        on foreign_contracts.contract_key = parties.contract_key
),

money as (
    select
        role,
        treatment
    from {{ ref('currency_treatments') }}
    where treatment in ('spot', 'monetary')
),

balances as (
    select
        contract_key,
        amount_minor,
        period_no,
        coalesce(lead(period_no) over (partition by contract_key, role order by period_no) - 1, {{ through_period_no() }}) as to_period_no
    from {{ ref('currency_balances') }}
    where treatment = 'monetary'
),

-- Money moves at the rate of its day, what stands is carried at that of a period end, and a person's journal is translated at that of its own.
used as (
    select
        postings.contract_key,
        postings.entry_on as used_on
    from {{ ref('translated_postings') }} as postings
    inner join money
        on postings.role = money.role
    where postings.amount_minor <> 0
    union all
    select
        balances.contract_key,
        periods.ends_on as used_on
    from balances
    inner join {{ ref('fiscal_periods') }} as periods
        on
            periods.calendar = 'monthly'
            and periods.period_no >= balances.period_no
            and periods.period_no <= balances.to_period_no
    where balances.amount_minor <> 0
    union all
    select
        contract_key,
        posted_on as used_on
    from {{ ref('manual_journal_lines') }}
),

too_old as (
    select
        parties.entity_id,
        parties.book,
        held.from_currency,
        held.to_currency,
        held.valid_from,
        held.days,
        min(used.used_on) as first_used_on,
        max(used.used_on) as last_used_on,
        max({{ day_number('used.used_on') }}) - max({{ day_number('held.valid_from') }}) as days_old,
        count(*) as line_count
    from used
    inner join parties
        on used.contract_key = parties.contract_key
    inner join held
        on
            parties.currency = held.from_currency
            and parties.functional_currency = held.to_currency
            and used.used_on > held.valid_from
            and used.used_on < held.valid_before
    where
        {{ day_number('used.used_on') }} - {{ day_number('held.valid_from') }} > held.days
        -- What is still to come has the rates that are still to come.
        and used.used_on <= cast('{{ var("as_of")[:10] }}' as date)
    group by parties.entity_id, parties.book, held.from_currency, held.to_currency, held.valid_from, held.days
)

select
    entity_id,
    book,
    'exchange_rate_is_recent' as rule,
    'review' as severity,
    last_used_on as flagged_on,
    cast(null as {{ dbt.type_string() }}) as contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    concat(entity_id, ':', from_currency, ':', to_currency, ':', cast(valid_from as {{ dbt.type_string() }})) as source_id,
    concat('a rate of at most ', cast(days as {{ dbt.type_string() }}), ' days') as expected,
    concat(cast(days_old as {{ dbt.type_string() }}), ' days') as actual,
    concat(
        from_currency, ' is translated into ', to_currency, ' at the rate of ', cast(valid_from as {{ dbt.type_string() }}), ' from ',
        cast(first_used_on as {{ dbt.type_string() }}), ' to ', cast(last_used_on as {{ dbt.type_string() }}), ': ',
        cast(line_count as {{ dbt.type_string() }}), ' lines and balances. Load the rates of those days.'
    ) as explanation,
    cast(first_used_on as {{ dbt.type_timestamp() }}) as first_seen_at
from too_old

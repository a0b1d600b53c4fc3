-- One row per manual journal and book it is for: its currency, its rate, and why it cannot be posted (null: it is).
with lines as (
    select * from {{ ref('input_manual_journals') }}
),

books as (
    select * from {{ ref('entity_books') }}
),

contracts as (
    select * from {{ ref('input_contracts') }}
),

-- A line that names no book is for every book of its entity.
lines_by_book as (
    select
        lines.*,
        coalesce(books.book, lines.book) as in_book,
        books.calendar,
        books.functional_currency,
        case
            when contracts.currency <> lines.currency
                then concat('contract ', contracts.contract_id, ' that it names is in ', contracts.currency, ' and the journal in ', lines.currency)
            when contracts.entity_id <> lines.entity_id
                then concat('contract ', contracts.contract_id, ' that it names belongs to ', contracts.entity_id)
        end as misnamed
    from lines
    left join books
        on
            lines.entity_id = books.entity_id
            and coalesce(lines.book, '*') in ('*', books.book)
    left join contracts
        on lines.contract_id = contracts.contract_id
),

summed as (
    select
        journal_id,
        in_book as book,
        min(entity_id) as entity_id,
        max(entity_id) as last_entity_id,
        min(currency) as currency,
        max(currency) as last_currency,
        min(posted_on) as posted_on,
        max(posted_on) as last_posted_on,
        max(calendar) as calendar,
        max(functional_currency) as functional_currency,
        max(misnamed) as misnamed,
        max(recorded_at) as recorded_at,
        cast(sum(coalesce(debit_minor, 0)) as {{ dbt.type_bigint() }}) as debit_minor,
        cast(sum(coalesce(credit_minor, 0)) as {{ dbt.type_bigint() }}) as credit_minor
    from lines_by_book
    group by journal_id, in_book
),

rated as (
    select
        summed.*,
        case
            when summed.currency = summed.functional_currency then cast(1000000000000000000 as {{ wide_int() }})
            else rates.rate_atto
        end as rate_atto
    from summed
    left join {{ ref('exchange_rates') }} as rates
        on
            summed.currency = rates.from_currency
            and summed.functional_currency = rates.to_currency
            and rates.kind = 'spot'
            and summed.posted_on >= rates.valid_from
            and summed.posted_on < rates.valid_before
),

-- What it says of itself is what its first line says.
first_lines as (
    select
        journal_id,
        in_book as book,
        memo,
        row_number() over (partition by journal_id, in_book order by line_no) as place
    from lines_by_book
)

select
    rated.journal_id,
    rated.book,
    rated.entity_id,
    rated.currency,
    currencies.minor_units,
    rated.functional_currency,
    rated.rate_atto,
    rated.posted_on,
    first_lines.memo,
    rated.debit_minor,
    rated.credit_minor,
    rated.recorded_at,
    case
        when rated.functional_currency is null then concat('entity ', rated.entity_id, ' keeps no book ', rated.book)
        when rated.entity_id <> rated.last_entity_id then concat('its lines are of ', rated.entity_id, ' and ', rated.last_entity_id)
        when rated.currency <> rated.last_currency then concat('its lines are in ', rated.currency, ' and ', rated.last_currency)
        when rated.posted_on <> rated.last_posted_on then 'its lines are posted on different days'
        when rated.calendar <> 'monthly' then concat('its entity keeps a ', rated.calendar, ' calendar')
        when rated.debit_minor <> rated.credit_minor then concat('its debits are not its credits in ', rated.currency)
        when rated.misnamed is not null then rated.misnamed
        when rated.rate_atto is null
            then concat(
                'there is no spot rate from ', rated.currency, ' to ', rated.functional_currency, ' for ',
                cast(rated.posted_on as {{ dbt.type_string() }})
            )
    end as reason
from rated
inner join first_lines
    on
        rated.journal_id = first_lines.journal_id
        and rated.book = first_lines.book
        and first_lines.place = 1
inner join {{ ref('currencies') }} as currencies
    on rated.currency = currencies.currency

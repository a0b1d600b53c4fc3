-- One row per contract billed for more than its fixed price (lines priced by use set aside): a bill too many, or a term not recorded.
with contracts as (
    select * from {{ ref('contracts') }}
    where not is_invoice_only
),

terms as (
    select
        contract_key,
        line_key,
        amount_minor,
        recognition_method in ('usage', 'as_invoiced', 'on_invoice') as is_variable
    from {{ ref('contract_terms') }}
),

promised as (
    select
        contract_key,
        cast(sum(case when is_variable then 0 else amount_minor end) as {{ dbt.type_bigint() }}) as promised_minor
    from terms
    group by contract_key
),

-- What was billed before an opening balance is what was accepted with it.
bills as (
    select
        billings.contract_key,
        billings.line_key,
        billings.booked_on,
        billings.amount_minor
    from {{ ref('billings') }} as billings
    left join {{ ref('opening_contracts') }} as openings
        on billings.contract_key = openings.contract_key
    where billings.booked_on is not null and coalesce(billings.booked_on >= openings.starts_on, true)
    union all
    select contract_key, line_key, opened_on as booked_on, billed_minor as amount_minor from {{ ref('opening_lines') }}
),

billed as (
    select
        bills.contract_key,
        cast(sum(bills.amount_minor) as {{ dbt.type_bigint() }}) as billed_minor,
        max(bills.booked_on) as booked_on
    from bills
    left join terms
        on bills.line_key = terms.line_key
    where not coalesce(terms.is_variable, false)
    group by bills.contract_key
),

-- Credits and voids of its invoices take the bill back, and write-offs what of it is no loss.
credited as (
    select
        contract_key,
        cast(sum(amount_minor) as {{ dbt.type_bigint() }}) as credited_minor
    from {{ ref('ledger_postings') }}
    where role = 'deferred_revenue' and entry_type in ('credit_note', 'void', 'write_off')
    group by contract_key
),

compared as (
    select
        contracts.*,
        promised.promised_minor,
        billed.billed_minor - coalesce(credited.credited_minor, 0) as billed_minor,
        billed.booked_on
    from contracts
    inner join promised
        on contracts.contract_key = promised.contract_key
    inner join billed
        on contracts.contract_key = billed.contract_key
    left join credited
        on contracts.contract_key = credited.contract_key
)

select
    entity_id,
    book,
    'billing_is_within_the_price' as rule,
    'review' as severity,
    booked_on as flagged_on,
    contract_id,
    cast(null as {{ dbt.type_string() }}) as entry_id,
    contract_id as source_id,
    cast({{ to_major('promised_minor') }} as {{ dbt.type_string() }}) as expected,
    cast({{ to_major('billed_minor') }} as {{ dbt.type_string() }}) as actual,
    concat(
        'Contract ', contract_id, ' promises ', cast({{ to_major('promised_minor') }} as {{ dbt.type_string() }}), ' ', currency,
        ' and ', cast({{ to_major('billed_minor') }} as {{ dbt.type_string() }}), ' was billed: credit a bill, or record the change of terms.'
    ) as explanation,
    recorded_at as first_seen_at
from compared
where billed_minor > promised_minor

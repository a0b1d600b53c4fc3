-- One row per refund without a credit note and contract its invoice bills: what it pays of what was paid too much and of what was credited and not
-- paid out, and the tax in the rest, which gives back what was billed.
{% set balances = ['overpaid', 'granted'] -%}
with refunds as (
    select
        balances.invoice_id,
        balances.book,
        balances.payment_id,
        balances.overpaid_minor,
        balances.granted_minor,
        receipts.contract_key,
        receipts.applied_on,
        receipts.amount_minor,
        payments.invoice_line_id,
        invoices.contract_no
    from {{ ref('int_ledger__refunds_of_balances') }} as balances
    inner join {{ ref('int_ledger__invoice_contracts') }} as invoices
        on
            balances.invoice_id = invoices.invoice_id
            and balances.book = invoices.book
    inner join {{ ref('int_ledger__receipts') }} as receipts
        on
            invoices.contract_key = receipts.contract_key
            and balances.payment_id = receipts.payment_id
    inner join {{ ref('input_payments') }} as payments
        on balances.payment_id = payments.payment_id
),

{% set moment = 'partition by payment_id, book' -%}
weighed as (
    select
        refunds.*,
        greatest(amount_minor, 0) as weight,
        sum(greatest(amount_minor, 0)) over ({{ moment }} order by contract_no rows between unbounded preceding and current row) as upto,
        sum(greatest(amount_minor, 0)) over ({{ moment }}) as whole
    from refunds
),

shared as (
    select
        weighed.*,
        {%- for balance in balances %}
        {{ weighed_share(balance ~ '_minor', 'contract_no', 'weight', 'upto', 'whole') }} as {{ balance }}_part_minor{{ ',' if not loop.last }}
        {%- endfor %}
    from weighed
),

billed as (
    select
        refunds.contract_key,
        refunds.payment_id,
        billings.amount_minor,
        billings.tax_minor
    from refunds
    inner join {{ ref('known_billings') }} as billings
        on
            refunds.contract_key = billings.contract_key
            and refunds.invoice_id = billings.invoice_id
            and coalesce(refunds.invoice_line_id, billings.invoice_line_id) = billings.invoice_line_id
    union all
    select
        refunds.contract_key,
        refunds.payment_id,
        -credits.amount_minor as amount_minor,
        -credits.tax_minor as tax_minor
    from refunds
    inner join {{ ref('int_ledger__credits') }} as credits
        on
            refunds.contract_key = credits.contract_key
            and refunds.invoice_id = credits.invoice_id
            and coalesce(refunds.invoice_line_id, credits.invoice_line_id) = credits.invoice_line_id
            and refunds.applied_on >= credits.issued_on
    where not credits.is_passed_through
),

-- Tax follows the line that is named, or all lines; what was credited before has no more.
rates as (
    select
        contract_key,
        payment_id,
        cast(greatest(sum(tax_minor), 0) as {{ dbt.type_bigint() }}) as tax_minor,
        cast(sum(amount_minor + tax_minor) as {{ dbt.type_bigint() }}) as gross_minor
    from billed
    group by contract_key, payment_id
),

given_back as (
    select
        shared.*,
        amount_minor - overpaid_part_minor - granted_part_minor as given_minor,
        sum(amount_minor - overpaid_part_minor - granted_part_minor) over (
            partition by contract_key, invoice_id, invoice_line_id order by applied_on, payment_id
            rows between unbounded preceding and current row
        ) as given_so_far_minor
    from shared
)

select
    given_back.contract_key,
    given_back.invoice_id,
    given_back.payment_id,
    given_back.applied_on,
    given_back.amount_minor,
    cast(given_back.overpaid_part_minor as {{ dbt.type_bigint() }}) as overpaid_minor,
    cast(given_back.granted_part_minor as {{ dbt.type_bigint() }}) as granted_minor,
    cast(case
        when coalesce(rates.gross_minor, 0) <= 0 or rates.tax_minor = 0 then 0
        else {{ rounded_share('given_so_far_minor', 'rates.tax_minor', 'rates.gross_minor', wide=true) }}
            - {{ rounded_share('given_so_far_minor - given_minor', 'rates.tax_minor', 'rates.gross_minor', wide=true) }}
    end as {{ dbt.type_bigint() }}) as tax_minor
from given_back
left join rates
    on
        given_back.contract_key = rates.contract_key
        and given_back.payment_id = rates.payment_id

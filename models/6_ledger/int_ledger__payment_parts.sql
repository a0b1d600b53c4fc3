-- One row per movement of cash or balance on an invoice and contract the invoice bills: the contract's part of it.
-- A payment of a line is its contract's. Any other is shared by what the invoice bills for each contract, less what was credited and paid of its lines
-- before: the sum paid so far is shared, and the part of one payment is the difference, so that the last one leaves nothing open of either.
with placed as (
    select * from {{ ref('int_ledger__placed_payments') }}
    where contract_count > 1
),

credits as (
    select * from {{ ref('int_ledger__credits') }}
),

-- What takes from the debt of one contract alone, and the payments that ask what is left of it, in order.
steps as (
    select
        contract_key,
        invoice_id,
        occurred_on,
        case when named_lines = 1 then 1 else 2 end as precedence,
        payment_id as source_id,
        case when is_of_line and account = 'settlement' then direction * amount_minor else 0 end as taken_minor
    from placed
    union all
    select
        contract_key,
        invoice_id,
        issued_on as occurred_on,
        3 as precedence,
        credit_note_line_id as source_id,
        amount_minor + tax_minor as taken_minor
    from credits
    where settled_by = 'receivable'
),

running as (
    select
        contract_key,
        precedence,
        source_id,
        sum(taken_minor) over (
            partition by contract_key, invoice_id order by occurred_on, precedence, source_id rows between unbounded preceding and current row
        ) as taken_minor
    from steps
),

-- A refund of a credit note is shared as the note is.
credited as (
    select
        contract_key,
        credit_note_id,
        sum(amount_minor + tax_minor) as gross_minor
    from credits
    group by contract_key, credit_note_id
),

weighed as (
    select
        placed.*,
        case
            when placed.account like 'credit_note:%' then coalesce(credited.gross_minor, 0)
            else greatest(placed.billed_minor - running.taken_minor, 0)
        end as weight,
        sum(placed.direction * placed.amount_minor) over (
            partition by placed.contract_key, placed.invoice_id, placed.account order by placed.occurred_on, placed.payment_id
            rows between unbounded preceding and current row
        ) as so_far_minor
    from placed
    inner join running
        on
            placed.contract_key = running.contract_key
            and placed.payment_id = running.source_id
            and running.precedence = 2
    left join credited
        on
            placed.contract_key = credited.contract_key
            and placed.credit_note_id = credited.credit_note_id
),

divided as (
    select
        weighed.*,
        sum(weight) over (
            partition by payment_id, book order by contract_no rows between unbounded preceding and current row
        ) as upto,
        sum(weight) over (partition by payment_id, book) as whole
    from weighed
),

shared as (
    select
        divided.*,
        {{ weighed_share('so_far_minor', 'contract_no', 'weight', 'upto', 'whole') }} as shared_minor
    from divided
),

parts as (
    select contract_key, payment_id, amount_minor
    from {{ ref('int_ledger__placed_payments') }}
    where contract_count = 1
    union all
    select contract_key, payment_id, amount_minor
    from placed
    where is_of_line
    union all
    select
        contract_key,
        payment_id,
        direction * (shared_minor - lag(shared_minor, 1, 0) over (
            partition by contract_key, invoice_id, account order by occurred_on, payment_id
        )) as amount_minor
    from shared
)

select
    contract_key,
    payment_id,
    cast(amount_minor as {{ dbt.type_bigint() }}) as amount_minor
from parts
where amount_minor <> 0

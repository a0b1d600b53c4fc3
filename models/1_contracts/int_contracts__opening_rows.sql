-- One row per contract, book, line and role of an accepted opening balance: a row for the book comes before one for every book.
with agreed as (
    select * from {{ ref('int_contracts__agreed') }}
    where not is_invoice_only
),

balances as (
    select * from {{ ref('input_opening_balances') }}
),

ranked as (
    select
        agreed.contract_key,
        balances.entity_id,
        balances.period,
        balances.line_id,
        balances.recognized_to_date_minor,
        balances.billed_to_date_minor,
        balances.progress_to_date,
        balances.role,
        balances.balance_minor,
        dense_rank() over (
            partition by agreed.contract_key, balances.line_id order by case when coalesce(balances.book, '*') = '*' then 1 else 0 end
        ) as preference
    from balances
    inner join agreed
        on
            balances.contract_id = agreed.contract_id
            and coalesce(balances.book, '*') in ('*', agreed.book)
)

select * from ranked
where preference = 1

-- One row per line and book of a manual journal that is posted: the contract or, without one, the books of the entity that it belongs to.
with journals as (
    select * from {{ ref('manual_journals') }}
    where reason is null
),

lines as (
    select * from {{ ref('input_manual_journals') }}
),

contracts as (
    select
        contract_key,
        contract_id,
        book
    from {{ ref('known_contracts') }}
    where not is_invoice_only
),

-- A contract that is not accounted for may be kept by hand: then it is a party of its own.
attributed as (
    select
        journals.journal_id,
        lines.line_no,
        journals.book,
        journals.entity_id,
        journals.currency,
        journals.posted_on,
        journals.rate_atto,
        journals.memo,
        lines.contract_id,
        lines.line_id,
        lines.role,
        coalesce(lines.debit_minor, 0) - coalesce(lines.credit_minor, 0) as amount_minor,
        coalesce(
            contracts.contract_key, {{ text_key(["'manual'", 'journals.entity_id', 'journals.book', 'journals.currency', 'lines.contract_id']) }}
        ) as contract_key,
        {{ text_key(["'manual'", 'journals.entity_id', 'journals.book', 'journals.currency', "''"]) }} as books_key
    from lines
    inner join journals
        on
            lines.journal_id = journals.journal_id
            and coalesce(lines.book, '*') in ('*', journals.book)
    left join contracts
        on
            lines.contract_id = contracts.contract_id
            and journals.book = contracts.book
),

-- A journal is one entry: of the contract it is about, or of no contract where it is about several.
whole as (
    select
        attributed.*,
        case
            when
                min(contract_id) over (partition by journal_id, book) = max(contract_id) over (partition by journal_id, book)
                then max(case when contract_id is not null then contract_key end) over (partition by journal_id, book)
            else books_key
        end as entry_contract_key
    from attributed
)

select
    whole.*,
    cast(dense_rank() over (
        partition by journal_id, book order by case when contract_key = entry_contract_key then 0 else 1 end, contract_key
    ) - 1 as {{ dbt.type_bigint() }}) as party_no
from whole

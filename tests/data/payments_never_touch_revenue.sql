-- Cash moves balances; revenue moves with delivery and price only. A refund or a dispute is a change of price and has
-- roles of its own; so has a write-off where it is a price concession by policy.
select
    entries.entry_id,
    entries.entry_type,
    lines.role
from {{ ref('journal_entries') }} as entries
inner join {{ ref('journal_lines') }} as lines
    on
        entries.contract_key = lines.contract_key
        and entries.entry_id = lines.entry_id
inner join {{ ref('account_roles') }} as roles
    on lines.role = roles.role
inner join {{ ref('entity_books') }} as books
    on
        entries.entity_id = books.entity_id
        and entries.book = books.book
where
    not (entries.entry_type = 'write_off' and books.write_off = 'price_concession')
    and entries.entry_type in (
        'invoice', 'payment', 'balance_applied', 'balance_granted', 'balance_refunded', 'deposit', 'fee', 'dispute_won',
        'write_off'
    )
    and (roles.is_contra_revenue or lines.role = 'revenue')

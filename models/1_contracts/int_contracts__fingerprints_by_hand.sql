-- One row per contract (or books of an entity) and row that a person wrote about it: the fingerprint of that row.
with journal_lines as (
    select
        manual_journal_lines.*,
        {{ row_fingerprint([
            'journal_id', 'line_no', 'entity_id', 'currency', 'posted_on', 'rate_atto', 'memo', 'contract_key', 'line_id', 'role', 'amount_minor',
            'entry_contract_key', 'party_no',
        ]) }} as fingerprint
    from {{ ref('manual_journal_lines') }} as manual_journal_lines
)

select
    contract_key,
    fingerprint
from journal_lines
union all
-- The entry changes with every one of its lines.
select
    entry_contract_key as contract_key,
    fingerprint
from journal_lines
union all
select
    contract_key,
    {{ row_fingerprint(['line_id', 'period_no', 'recognized_minor', 'billed_minor', 'progress_to_date']) }} as fingerprint
from {{ ref('opening_lines') }}
union all
select
    contract_key,
    {{ row_fingerprint(['role', 'balance_minor']) }} as fingerprint
from {{ ref('accepted_balances') }}
union all
-- What was concluded or sold changes no number, but what a control finds.
select
    contracts.contract_key,
    {{ row_fingerprint(['judgments.judgment_id', 'judgments.component_id']) }} as fingerprint
from {{ ref('input_judgments') }} as judgments
inner join {{ ref('known_contracts') }} as contracts
    on judgments.contract_id = contracts.contract_id
union all
select
    contracts.contract_key,
    {{ row_fingerprint(['deals.deal_id', 'deals.currency', 'deals.closed_on', 'deals.amount_minor', 'deals.recorded_at']) }} as fingerprint
from {{ ref('won_deals') }} as deals
inner join {{ ref('known_contracts') }} as contracts
    on deals.contract_id = contracts.contract_id

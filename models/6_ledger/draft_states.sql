-- One row per contract: what its drafts depend on besides its target, as a key. Posted lines are only added, so their number is enough.
with parties as (
    select
        contract_key,
        entity_id,
        book
    from {{ ref('posting_parties') }}
),

contracts as (
    select
        contract_key,
        position_key
    from {{ ref('known_contracts') }}
),

-- Contracts that are presented net are drafted together: an entry may move from one to the other.
counted as (
    select
        parties.*,
        sum(coalesce(posted.posted_lines, 0)) over (partition by coalesce(contracts.position_key, parties.contract_key)) as posted_lines
    from parties
    left join contracts
        on parties.contract_key = contracts.contract_key
    left join {{ ref('posted_contracts') }} as posted
        on parties.contract_key = posted.contract_key
)

select
    counted.contract_key,
    {{ text_key(['counted.posted_lines', 'status.locked_through_no', 'status.soft_through_no', 'status.soft_causes']) }} as draft_state
from counted
inner join {{ ref('period_status') }} as status
    on
        counted.entity_id = status.entity_id
        and counted.book = status.book

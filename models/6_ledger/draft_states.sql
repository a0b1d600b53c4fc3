-- One row per contract: what its drafts depend on besides its target and what is posted of it: how far its books are closed, and to what.
with parties as (
    select
        contract_key,
        entity_id,
        book
    from {{ ref('posting_parties') }}
),

states as (
    select
        entity_id,
        book,
        soft_through_no,
        {{ text_key(['locked_through_no', 'soft_through_no', 'soft_causes']) }} as draft_state
    from {{ ref('period_status') }}
)

select
    parties.contract_key,
    states.draft_state,
    states.soft_through_no as closed_through_no,
    -- With all periods of the build closed, a difference may have no period to be drafted in.
    states.soft_through_no >= {{ through_period_no() }} as is_cut_off
from parties
inner join states
    on
        parties.entity_id = states.entity_id
        and parties.book = states.book

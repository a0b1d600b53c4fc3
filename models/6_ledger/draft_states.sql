-- One row per contract: what its drafts depend on besides its target and what is posted of it: how far its books are closed, and to what.
with parties as (
    select
        contract_key,
        entity_id,
        book
    from {{ ref('posting_parties') }}
)

select
    parties.contract_key,
    {{ text_key(['status.locked_through_no', 'status.soft_through_no', 'status.soft_causes']) }} as draft_state,
    status.soft_through_no as closed_through_no,
    -- With all periods of the build closed, a difference may have no period to be drafted in.
    status.soft_through_no >= {{ through_period_no() }} as is_cut_off
from parties
inner join {{ ref('period_status') }} as status
    on
        parties.entity_id = status.entity_id
        and parties.book = status.book

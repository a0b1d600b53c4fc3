{{ config(post_hook=[
    "{{ note_contracts(source('state', 'built_states'), this) }}",
    "{{ unmark_built(source('state', 'built_states'), 'draft_state', this) }}",
]) }}
-- One row per contract whose drafts are made anew: its target changed, or what is posted or locked did.
with built as (
    select * from {{ source('state', 'built_states') }}
),

moved as (
    select states.contract_key
    from {{ ref('draft_states') }} as states
    left join built
        on states.contract_key = built.contract_key
    where built.draft_state is null or built.draft_state <> states.draft_state
)

select contract_key from {{ ref('changed_contracts') }}
union distinct
select contract_key from moved

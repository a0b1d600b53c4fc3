{#-
  The entry a posting belongs to: unique per book, kind, source and contract. Entries without a source row are one per period they belong to
  (and cause, where it is not the schedule); a price component, a contract cost and a line have one for each day on which they move. What moves
  between two contracts is one entry, named by the contract it leaves. Further entries of the same key, which correct it, are numbered. A manual
  journal and an opening balance are one entry, whatever contracts they name.
-#}
{% macro entry_key() -%}
    concat(
        parties.book, ':', postings.entry_type, ':', coalesce(postings.source_id, parties.contract_id, concat(parties.customer_id, ':', parties.currency)),
        case
            when postings.source_type in ('manual_journal', 'opening_balance') then ''
            when postings.source_type = 'price_component' then concat(':', cast(postings.entry_on as {{ dbt.type_string() }}))
            when postings.source_type in ('contract_cost', 'contract_line')
                then concat(':', parties.contract_id, ':', cast(postings.entry_on as {{ dbt.type_string() }}))
            when postings.source_id is null and postings.cause in ('modification', 'price_change', 'breakage', 'late_data', 'opening_balance')
                then concat(':', periods.period, ':', postings.cause)
            when postings.source_id is null or postings.entry_type = 'netting' then concat(':', periods.period)
            when postings.source_id <> parties.contract_id then concat(':', parties.contract_id)
            else ''
        end
    )
{%- endmacro %}

{#- Whether a posting or an entry is of the draft `drafts` (draft_headers, draft_numbers). -#}
{% macro same_draft(contract_key, postings, drafts) -%}
    {{ contract_key }} = {{ drafts }}.contract_key
        and {{ postings }}.period_no = {{ drafts }}.period_no
        and {{ postings }}.accounting_period_no = {{ drafts }}.accounting_period_no
        and {{ postings }}.entry_on = {{ drafts }}.entry_on
        and {{ postings }}.entry_type = {{ drafts }}.entry_type
        and {{ postings }}.source_type = {{ drafts }}.source_type
        and coalesce({{ postings }}.source_id, '') = coalesce({{ drafts }}.source_id, '')
        and {{ postings }}.cause = {{ drafts }}.cause
{%- endmacro %}

{#- Whether what is posted (posted_journal_lines) is of the same fact and accounting period as a draft. -#}
{% macro same_fact(posted, drafts, contract_key) -%}
    {{ posted }}.entry_contract_key = {{ drafts }}.{{ contract_key }}
        and {{ posted }}.accounting_period_no = {{ drafts }}.accounting_period_no
        and {{ posted }}.entry_type = {{ drafts }}.entry_type
        and {{ posted }}.source_type = {{ drafts }}.source_type
        and coalesce({{ posted }}.target_source_id, '') = coalesce({{ drafts }}.source_id, '')
{%- endmacro %}

{#- The entry a posting belongs to: unique per book, kind, source and contract; without a source row per period, of a contract cost per day.
  What moves between two contracts is one entry, named by the contract it leaves. -#}
{% macro entry_id() -%}
    concat(
        parties.book, ':', postings.entry_type, ':', coalesce(postings.source_id, parties.contract_id),
        case
            when postings.source_type = 'contract_cost'
                then concat(':', parties.contract_id, ':', cast(postings.entry_on as {{ dbt.type_string() }}))
            when postings.source_id is null or postings.entry_type = 'netting' then concat(':', periods.period)
            when postings.source_id <> parties.contract_id then concat(':', parties.contract_id)
            else ''
        end
    )
{%- endmacro %}

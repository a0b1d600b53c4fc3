{#- The entry a posting belongs to: unique per book, kind, source and contract; entries without a source row are one per period. -#}
{% macro entry_id() -%}
    concat(
        parties.book, ':', postings.entry_type, ':', coalesce(postings.source_id, parties.contract_id, concat(parties.customer_id, ':', parties.currency)),
        case
            when postings.source_id is null then concat(':', periods.period)
            when postings.source_id <> parties.contract_id then concat(':', parties.contract_id)
            else ''
        end
    )
{%- endmacro %}

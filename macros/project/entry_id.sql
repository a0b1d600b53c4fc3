{#-
  The entry a posting belongs to: unique per book, kind, source and contract. Entries without a source row are one per period (and cause,
  where it is not the schedule); a price component has an entry for each day on which it moves.
-#}
{% macro entry_id() -%}
    concat(
        parties.book, ':', postings.entry_type, ':', coalesce(postings.source_id, parties.contract_id),
        case
            when postings.source_type = 'price_component' then concat(':', cast(postings.entry_on as {{ dbt.type_string() }}))
            when postings.source_id is null and postings.cause in ('modification', 'price_change', 'breakage')
                then concat(':', periods.period, ':', postings.cause)
            when postings.source_id is null then concat(':', periods.period)
            when postings.source_id <> parties.contract_id then concat(':', parties.contract_id)
            else ''
        end
    )
{%- endmacro %}

{#- pre-hook of a table kept by contract: what was built of the contracts to compute anew goes, so that appending them replaces it. -#}
{% macro forget_contracts(table, changed_contracts) -%}
    {%- if is_incremental() -%}
        delete from {{ table }} where contract_key in (select contract_key from {{ changed_contracts }})
    {%- endif -%}
{%- endmacro %}

{#- Folders name their schema (dbt_project.yml); the name is used as it is, so that `reports.trial_balance` is the same in every target. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}

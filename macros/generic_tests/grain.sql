{#-
  The model has one row for each combination of the columns that its `config.meta.grain` names.

  Usage:   config: { meta: { grain: [contract_id, version] } }
           data_tests: [grain]
           data_tests: [{ grain: { arguments: { by: contract_key } } }], or contract_id, or entry_id: of the contracts to check (is_to_check)
-#}
{% test grain(model, by=none) %}
    {%- set asked = revrec.is_to_check(by, by, model) if by -%}
    {%- if execute -%}
        {%- set described = graph.nodes.values() | selectattr('name', 'equalto', model.identifier) | first -%}
        {%- set columns = described.config.meta.get('grain') if described -%}
        {%- if not columns -%}
            {{ exceptions.raise_compiler_error(model.identifier ~ " has no config.meta.grain to test") }}
        {%- endif -%}
        {{ revrec.test_unique_combination(model, columns, asked) }}
    {%- endif -%}
{% endtest %}

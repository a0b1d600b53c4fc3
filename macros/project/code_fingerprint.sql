{#- A fingerprint of every model, seed and function of the project: new code computes every contract anew. -#}
{% macro code_fingerprint() -%}
    {%- if not execute -%}{{ return('') }}{%- endif -%}
    {%- set sums = [] -%}
    {%- for node in graph.nodes.values() if node.package_name == 'revrec' and node.resource_type in ('model', 'seed') -%}
        {%- do sums.append(node.unique_id ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {%- for node in graph.get('functions', {}).values() -%}
        {%- do sums.append(node.unique_id ~ node.checksum.checksum) -%}
    {%- endfor -%}
    {{ return(local_md5(sums | sort | join)) }}
{%- endmacro %}

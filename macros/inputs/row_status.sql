{#-
  The fate of a delivered row, decided the same way for every table.

  accepted        the latest known row of its key that has no problem
  superseded      known, and an accepted row of its key is later, or is the same row again
  not_yet_known   known only after the knowledge cut-off, or refers to something that is
  rejected        known, has a problem, and no later row of its key put it right

  The macros expect the columns recorded_at (when the row says it became known), known_at (the same, but not before what
  it refers to), problem, loaded_from, content_hash and file_line.
-#}
{% macro row_status() -%}
    case
        when known_at > {{ as_of() }} then 'not_yet_known'
        when problem is null and row_rank = 1 then 'accepted'
        when problem is null or recorded_at < accepted_at then 'superseded'
        else 'rejected'
    end
{%- endmacro %}

{#- 1 for the row of its key that others refer to: the accepted one, else one that will be known. -#}
{% macro row_rank(key, prefer_file_drop=false) -%}
    row_number() over (
            partition by {{ key | join(', ') }}
            order by
                case when problem is not null then 2 when known_at > {{ as_of() }} then 1 else 0 end,
                {%- if prefer_file_drop %}
                case when loaded_from = 'file_drop' then 0 else 1 end,
                {%- endif %}
                recorded_at desc,
                file_line
        )
{%- endmacro %}

{#- When the accepted row of this key was recorded; null without one. -#}
{% macro accepted_at(key) -%}
    max(case when problem is null and known_at <= {{ as_of() }} then recorded_at end) over (
            partition by {{ key | join(', ') }}
        )
{%- endmacro %}

{#-
  WHEN branches: what is wrong with a row because of the other rows of its key.
  `names` is what a person calls the key. may_share: more than one system may deliver it. is_dated: the table has a
  recorded_at, so that a row can be corrected by a later one.
-#}
{% macro repetition_problems(key, column, names, may_share=false, is_dated=true) -%}
    {%- set partition = 'partition by ' ~ key | join(', ') -%}
    {%- if not may_share -%}
    when min(loaded_from) over ({{ partition }}) <> max(loaded_from) over ({{ partition }})
                then {{ problem(column, column, "'" ~ names ~ " comes from two source systems; keep one'") }}
            {% endif -%}
    {%- set advice = 'give the correction a later recorded_at' if is_dated else 'keep one' -%}
    {%- set again = partition ~ ', recorded_at' -%}
    when min(content_hash) over ({{ again }}) <> max(content_hash) over ({{ again }})
                then {{ problem(column, column, "'" ~ names ~ " is there twice and differs; " ~ advice ~ "'") }}
{%- endmacro %}

select * from {{ ref('sound_lines') }}
where line_no < 0

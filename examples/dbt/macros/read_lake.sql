{# Shows DuckDB the tables of the lake's current version, as views that the sources name. #}
{% macro read_lake() %}
  {% if execute and target.type == 'duckdb' %}
    {% set lake = env_var('LAKE', 'data/lake') %}
    {% set manifests = "read_json('" ~ lake ~ "/slot-*/manifest/*.json')" %}
    {% set slot = run_query('select slot from ' ~ manifests ~ ' order by version desc limit 1').columns[0].values()[0] %}
    {% do run_query('create schema if not exists lake') %}
    {% for source in graph.sources.values() %}
      {% set files = lake ~ '/' ~ slot ~ '/' ~ source.name ~ '/**/*.parquet' %}
      {% do run_query('create or replace view lake.' ~ source.name ~ " as select * from read_parquet('" ~ files ~ "')") %}
    {% endfor %}
  {% endif %}
{% endmacro %}

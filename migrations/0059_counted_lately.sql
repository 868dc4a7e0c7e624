-- A start asks what was counted of late, of all history: what was counted long ago is passed over without a look.
ALTER TABLE performance_1m {{on_cluster}} ADD INDEX IF NOT EXISTS counted computed_at TYPE minmax GRANULARITY 1;
ALTER TABLE performance_1m {{on_cluster}} MATERIALIZE INDEX counted;

-- A late label reads one row: what has to be unpacked around it is to be small. Parts that are there get it when they are merged.
ALTER TABLE prediction_minutes {{on_cluster}} MODIFY SETTING min_compress_block_size = 4096;

-- Which rows and labels a window was judged on, as sums by groups of their ids, so that what was edited or deleted shows beside what came since.
ALTER TABLE windows {{on_cluster}} ADD COLUMN IF NOT EXISTS marks String CODEC(ZSTD(1));

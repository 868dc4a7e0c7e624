-- How long labels took, by true class: from that follows how many of each class are still to come (docs/performance.md). Keys are the class and the
-- logarithmic bin of the delay, joined by a zero byte.
ALTER TABLE outcomes_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS delays Map(String, UInt32);

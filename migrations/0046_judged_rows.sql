-- What the rows and labels of a window were when it was judged, as digests, with a code that whoever writes the store cannot make.
ALTER TABLE windows {{on_cluster}} ADD COLUMN IF NOT EXISTS rows String;
-- The order of a judgement's results, which their recorded digest is of.
ALTER TABLE check_results {{on_cluster}} ADD COLUMN IF NOT EXISTS place UInt16;

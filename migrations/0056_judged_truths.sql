-- What the labels of a window said when they were judged, as a hash, so that a process that starts knows of labels that came since; 0 where nobody knows.
ALTER TABLE windows {{on_cluster}} ADD COLUMN IF NOT EXISTS truths UInt64;

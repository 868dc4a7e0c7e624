-- What a judgement depended on and what it left behind, as digests: a window is judged again only where that changed.
ALTER TABLE windows {{on_cluster}} ADD COLUMN IF NOT EXISTS inputs String;
ALTER TABLE windows {{on_cluster}} ADD COLUMN IF NOT EXISTS memory String;

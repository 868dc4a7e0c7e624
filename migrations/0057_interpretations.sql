-- What the numbers of a result show beside how large they are, as kinds with their facts (JSON; '' where that is nothing, and in results of before it was kept).
ALTER TABLE check_results {{on_cluster}} ADD COLUMN IF NOT EXISTS read_as String;

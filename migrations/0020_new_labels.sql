-- Labelled rows by their label, of labels that neither the reference nor the model file knows: a class that nobody trained.
ALTER TABLE performance_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS new_labels Map(String, UInt32);

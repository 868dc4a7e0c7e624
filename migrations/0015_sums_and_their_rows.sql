-- Sums of a numeric feature may be centred on the baseline's median (domain/baseline.ts `centre`): around zero, the squares of large values
-- leave no digits for their spread. Rows of older baselines stay `numeric`: sums of the values themselves.
ALTER TABLE profiles_1m {{on_cluster}} MODIFY COLUMN kind Enum8('numeric' = 1, 'categorical' = 2, 'centred' = 3);

-- Rows that have a loss, and an error: those with a score, or a value. Sums over some rows are divided by those rows. In rows of before all
-- labelled ones are taken to have both.
ALTER TABLE performance_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS loss_rows UInt64 DEFAULT labelled;
ALTER TABLE performance_1m {{on_cluster}} ADD COLUMN IF NOT EXISTS error_rows UInt64 DEFAULT labelled;

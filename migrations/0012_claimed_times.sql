-- When a message's producer says it was written (epoch milliseconds; 0: nobody says). A foreign message that does not tell its own time
-- happened then, also when it is read again later: arrival is the service's own clock.
ALTER TABLE dead_letters {{on_cluster}} ADD COLUMN IF NOT EXISTS claimed_at Int64;
ALTER TABLE inference_halves {{on_cluster}} ADD COLUMN IF NOT EXISTS claimed_at Int64;

import type { Database } from '../store/database.js';

/** One thing that happened to a message. */
export interface AttemptEntry {
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly actorType: string;
  /** Which attempt; 0 where it is about none. */
  readonly attempt: number;
  /** Of a failure; '' of anything else. */
  readonly code: string;
  readonly error: string;
  /** When it is tried again, ISO; '' where it is not. */
  readonly nextAt: string;
}

const MOST_ATTEMPT_STEPS = 300;

/** Everything that happened to a message, oldest first: every attempt before it was made, and how it ended. */
export async function readAttempts(
  database: Database,
  { id, since }: { readonly id: string; readonly since: Date },
): Promise<readonly AttemptEntry[]> {
  const of = (name: string) => `JSONExtractString(entry, 'data', '${name}')`;
  return database.query<AttemptEntry>(
    `SELECT seq, toUnixTimestamp64Milli(a.at) AS at, action, actor_id AS actor, actor_type AS actorType,
       toUInt32(JSONExtractUInt(entry, 'data', 'attempt')) AS attempt, ${of('code')} AS code, ${of('error')} AS error, ${of('nextAt')} AS nextAt
     FROM v_audit AS a WHERE a.at >= fromUnixTimestamp64Milli({since:Int64}) AND subject_type = 'delivery' AND subject_id = {id:String}
     ORDER BY seq LIMIT ${MOST_ATTEMPT_STEPS}`,
    { params: { id, since: since.getTime() } },
  );
}

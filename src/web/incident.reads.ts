import type { Database } from '../store/database.js';

/** One entry of the ledger that names an incident. */
export interface StoryEntry {
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly actorType: string;
  /** Why, in the words of the entry; '' when it gives none. */
  readonly reason: string;
}

export interface StoryQuery {
  readonly id: string;
  /** Nothing before this can be about it. */
  readonly since: Date;
  readonly limit: number;
}

/**
 * Everything the ledger says about an incident, oldest first: its own changes, what people did, requests to retrain. That it was found again in
 * one more window is left out: there is one such entry a window; messages are told by readTold, and other incidents that name this one have their own story.
 */
export async function readStory(
  database: Database,
  { id, since, limit }: StoryQuery,
): Promise<readonly StoryEntry[]> {
  return database.query<StoryEntry>(
    `SELECT seq, toUnixTimestamp64Milli(a.at) AS at, action, actor_id AS actor, actor_type AS actorType, JSONExtractString(entry, 'data', 'reason') AS reason
     FROM v_audit AS a
     WHERE a.at >= fromUnixTimestamp64Milli({since:Int64}) AND action != 'incident.observed'
       AND (subject_id = {id:String} OR (NOT startsWith(action, 'incident.') AND NOT startsWith(action, 'delivery.') AND position(entry, {id:String}) > 0))
     ORDER BY seq LIMIT {limit:UInt32}`,
    { params: { id, since: since.getTime(), limit } },
  );
}

/** A message owed to somebody about a case. */
export interface ToldRow {
  readonly id: string;
  readonly requestedAt: number;
  readonly changedAt: number;
  readonly state: string;
  readonly purpose: string;
  readonly channel: string;
  readonly kind: string;
  readonly destination: string;
  readonly attempts: number;
}

/** Who was told about a case, newest first. */
export async function readTold(database: Database, caseId: string): Promise<readonly ToldRow[]> {
  return database.query<ToldRow>(
    `SELECT id, toUnixTimestamp64Milli(requested_at) AS requestedAt, toUnixTimestamp64Milli(changed_at) AS changedAt, state, purpose, channel, kind,
       destination, attempts
     FROM v_deliveries WHERE case_id = {caseId:String} ORDER BY requested_at DESC, id LIMIT 100`,
    { params: { caseId } },
  );
}

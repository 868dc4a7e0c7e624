import { SYSTEM } from '../domain/ledger-entry.js';
import { ROW } from './stored-entries.js';

/** Which entries to read; all conditions hold together, times are half-open `[since, until)`, places exclusive. */
export interface LedgerQuery {
  readonly after?: number;
  readonly before?: number;
  readonly limit: number;
  readonly actions?: readonly string[];
  readonly subjectType?: string;
  readonly subjectId?: string;
  readonly actorId?: string;
  /** One of these. */
  readonly actorIds?: readonly string[];
  /** Nothing that the service did by itself. */
  readonly peopleOnly?: true;
  /** Says something of a model, by its key. */
  readonly model?: string;
  /** Stands somewhere in the entry, letter by letter. */
  readonly text?: string;
  /** One of these does: at most 255. */
  readonly texts?: readonly string[];
  readonly since?: Date;
  readonly until?: Date;
  readonly newestFirst?: boolean;
}

/** A reading without its page. */
export type LedgerCount = Omit<LedgerQuery, 'limit' | 'after' | 'before' | 'newestFirst'>;

interface Statement {
  readonly sql: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The SQL of a reading of the ledger, with every value bound. */
export function ledgerSql(query: LedgerQuery): Statement {
  const { where, params } = conditionsOf(query);
  const order = query.newestFirst ? 'DESC' : 'ASC';
  return {
    sql: `
      SELECT ${ROW}
      FROM ledger ${where}
      ORDER BY seq ${order}, hash, mac DESC
      LIMIT 1 BY seq, hash
      LIMIT {limit:UInt64}`,
    params: { ...params, limit: query.limit },
  };
}

/** The SQL of how many entries a reading would find on all its pages. */
export function ledgerCountSql(query: LedgerCount): Statement {
  const { where, params } = conditionsOf(query);
  return { sql: `SELECT uniqExact(seq, hash) AS entries FROM ledger ${where}`, params };
}

/** Its key stands in the entry as a text of its own, or it is about one of its versions. */
const OF_MODEL = `(position(entry, concat('"', {model:String}, '"')) > 0 OR startsWith(subject_id, concat({model:String}, '@')))`;

function conditionsOf(query: Omit<LedgerQuery, 'limit'>): {
  readonly where: string;
  readonly params: Statement['params'];
} {
  const conditions: readonly [sql: string, name: string, value: unknown][] = [
    ['seq > {after:UInt64}', 'after', query.after],
    ['seq < {before:UInt64}', 'before', query.before],
    ['action IN {actions:Array(String)}', 'actions', query.actions],
    ['subject_type = {subjectType:String}', 'subjectType', query.subjectType],
    ['subject_id = {subjectId:String}', 'subjectId', query.subjectId],
    ['actor_id = {actorId:String}', 'actorId', query.actorId],
    ['actor_id IN {actorIds:Array(String)}', 'actorIds', query.actorIds],
    [`actor_type != {machine:String}`, 'machine', query.peopleOnly && SYSTEM.type],
    ['position(entry, {text:String}) > 0', 'text', query.text],
    ['multiSearchAny(entry, {texts:Array(String)})', 'texts', query.texts],
    [OF_MODEL, 'model', query.model],
    ['ledger.at >= fromUnixTimestamp64Milli({since:Int64})', 'since', query.since?.getTime()],
    ['ledger.at < fromUnixTimestamp64Milli({until:Int64})', 'until', query.until?.getTime()],
  ];
  const asked = conditions.filter(([, , value]) => value !== undefined);
  const where = asked.length > 0 ? `WHERE ${asked.map(([sql]) => sql).join(' AND ')}` : '';
  return { where, params: Object.fromEntries(asked.map(([, name, value]) => [name, value])) };
}

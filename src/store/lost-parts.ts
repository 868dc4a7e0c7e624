import type { Gauge } from 'prom-client';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { Database } from './database.js';

/** A piece of a table that the engine could not read and set aside: its rows are in no answer any more. */
export interface LostPart {
  readonly table: string;
  readonly name: string;
  /** The engine's word: broken, broken-on-start, unexpected, … */
  readonly reason: string;
  readonly bytes: number;
  /** Null where the part's own count cannot be read from here. */
  readonly rows: number | null;
}

/** What a person detaches on purpose has no reason; what a merge left over is `ignored` or `covered-by-broken`. */
const LOST = `SELECT table, name, reason, bytes_on_disk AS bytes, path FROM system.detached_parts
  WHERE database = currentDatabase() AND (startsWith(reason, 'broken') OR reason IN ('unexpected', 'noquorum'))
  ORDER BY table, name`;

/** Parts of our tables that were set aside as broken. Throws DatabaseError when the engine does not say. */
export async function lostParts(database: Database): Promise<readonly LostPart[]> {
  const found = await database.query<Omit<LostPart, 'rows'> & { path: string }>(LOST);
  return Promise.all(
    found.map(async ({ path, bytes, ...part }) => ({
      ...part,
      bytes: Number(bytes),
      rows: await rowsOf(path),
    })),
  );
}

/** Lost parts in a sentence; null when there are none. */
export function lossText(parts: readonly LostPart[]): string | null {
  if (parts.length === 0) return null;
  const counts = new Map<string, number>();
  for (const { table } of parts) counts.set(table, (counts.get(table) ?? 0) + 1);
  const tables = [...counts].map(([table, count]) => `${table} (${count})`).join(', ');
  const known = parts.every(({ rows }) => rows !== null);
  const rows = known ? `${parts.reduce((sum, part) => sum + (part.rows ?? 0), 0)} rows` : 'their rows';
  return `the engine set aside broken parts of ${tables}: ${rows} are missing; restore them from a back-up or send them again, then remove the folders in detached/`;
}

async function rowsOf(path: string): Promise<number | null> {
  const text = await readFile(join(path, 'count.txt'), 'utf8').catch(() => '');
  return /^\d+$/u.test(text.trim()) ? Number(text) : null;
}

/** How long an answer is good for: probes ask every few seconds. */
const FRESH_MS = 30_000;

/** Looks for lost parts, now and then, and says what it finds: in the log once, as a metric, and to whoever asks. */
export class LossWatch {
  private readonly gauge: Gauge<'table'>;
  private asked: { readonly at: number; readonly found: Promise<string | null> } | null = null;
  private told = '';

  constructor(
    private readonly database: Database,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.gauge = metrics.gauge(
      'store_lost_parts',
      'Parts of tables that the engine set aside as broken; their rows are missing.',
      ['table'],
    );
  }

  /** What is missing, null when nothing is. A store that does not let itself be asked is not held against it. */
  async problem(): Promise<string | null> {
    const now = performance.now();
    if (this.asked === null || now - this.asked.at > FRESH_MS) this.asked = { at: now, found: this.look() };
    return this.asked.found;
  }

  private async look(): Promise<string | null> {
    try {
      const parts = await lostParts(this.database);
      this.gauge.reset();
      for (const { table } of parts) this.gauge.inc({ table });
      const problem = lossText(parts);
      if (problem !== null && problem !== this.told)
        this.log.error(problem, new Error('parts were set aside'));
      this.told = problem ?? '';
      return problem;
    } catch (error) {
      this.log.debug('the store does not say which parts it set aside', { reason: String(error) });
      return null;
    }
  }
}

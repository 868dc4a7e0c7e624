import { randomUUID } from 'node:crypto';
import { REJECT_CODES, type RawEvent } from '../../src/domain/event.js';
import type { EventWriter } from '../../src/ingest/landing/event-writer.js';
import type { Database } from '../../src/store/database.js';
import { hostileEvent } from '../ingest/hostile-event.js';
import { seeded } from './random.js';

export interface FuzzOptions {
  readonly database: Database;
  readonly writer: EventWriter;
  readonly payloads: number;
  readonly seed: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What became of the payloads: as the writer says, and as the tables hold them. */
export interface FuzzReport {
  readonly sent: number;
  readonly said: { readonly parsed: number; readonly dead: number };
  /** Different payloads in the tables; `both` are in more than one of them. */
  readonly found: { readonly parsed: number; readonly dead: number; readonly both: number };
  /** Dead letters without a known reason or a sentence, of the first kind found. */
  readonly unexplained: readonly string[];
}

const BATCH = 5_000;
/** An event may have 1 MiB and not a byte more. */
const LIMIT = 2 ** 20;

/** Sends seeded payloads, from well-formed to garbage, through the writer and counts where each of them went. */
export async function fuzzLanding({
  database,
  writer,
  payloads,
  seed,
  now,
}: FuzzOptions): Promise<FuzzReport> {
  // odd ids repeat: a merge would rightly make one row of two, and rows are what is counted here
  for (const table of ['predictions', 'labels', 'dead_letters'])
    await database.command(`SYSTEM STOP MERGES ${table}`);
  const random = seeded(seed);
  const topic = `fuzz-${randomUUID()}`;
  const codes = new Set<string>(REJECT_CODES);
  const said = { parsed: 0, dead: 0 };
  const unexplained: string[] = [];
  for (let from = 0; from < payloads; from += BATCH) {
    const events = Array.from({ length: Math.min(BATCH, payloads - from) }, (_, i): RawEvent => {
      const kind = (['prediction', 'label', null] as const)[Math.floor(random() * 3)] ?? null;
      const value = random() < 0.0005 ? nearTheLimit(random) : hostileEvent(random, now);
      return { kind, topic, partition: 0, offset: BigInt(from + i), receivedAt: now, value };
    });
    const { stored, dead } = await writer.write(events);
    said.parsed += stored;
    said.dead += dead.length;
    for (const { index, code, message } of dead)
      if (!codes.has(code) || message.length < 10) unexplained.push(`${from + index}: ${code} ${message}`);
  }
  return { sent: payloads, said, found: await countIn(database, topic), unexplained };
}

function nearTheLimit(random: () => number): Buffer {
  const bytes = LIMIT - 2 + Math.floor(random() * 5);
  return Buffer.from(`{"a":"${'x'.repeat(bytes - 8)}"}`);
}

async function countIn(database: Database, topic: string): Promise<FuzzReport['found']> {
  const [row] = await database.query<{ parsed: number; dead: number; both: number }>(
    `SELECT uniqExactIf(offset, stored) AS parsed, uniqExactIf(offset, NOT stored) AS dead, parsed + dead - uniqExact(offset) AS both
     FROM (SELECT offset, true AS stored FROM predictions WHERE topic = {topic:String}
           UNION ALL SELECT offset, true FROM labels WHERE topic = {topic:String}
           UNION ALL SELECT offset, false FROM dead_letters WHERE topic = {topic:String})`,
    { params: { topic } },
  );
  return { parsed: Number(row?.parsed), dead: Number(row?.dead), both: Number(row?.both) };
}

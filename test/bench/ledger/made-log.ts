import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EntrySeal } from '../../../src/ledger/entry-seal.js';
import type { Database } from '../../../src/store/database.js';

/** Entries that nearly all others are of, as in a fleet: a start needs the newest only. */
export const JUDGED = 'window.evaluated';
/** Of so many entries one is a decision. */
const DECISION_EVERY = 20;
const ROWS_AT_ONCE = 500_000;

// HMAC-SHA256 (RFC 2104) by the engine, of a key as long as a block of the hash.
const CODE = `lower(hex(SHA256(concat(unhex({outer:String}), SHA256(concat(unhex({inner:String}), unhex(hash)))))))`;
// The canonical bytes of an entry about the size of an incident's.
const ENTRY = `concat('{"action":"', action, '","actor":{"id":"tidewatch","type":"system"},"at":"2026-11-21T10:00:00.000Z","data":{"channels":["slack","mail"],"judged":{"effect":',
  toString(seq % 77), ',"n":', toString(seq * 13), ',"outcome":"breach","statistic":"location","value":', toString(seq % 1000),
  '},"policy":{"hash":"5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592","id":"default","rule":"drift","version":3},"signal":{"check":"feature_drift","feature":"f',
  toString(seq % 25), '","model":"model-', toString(seq % 50), '","segment":"","version":"2026.11"},"summary":"distance × 1.609: looks like miles → kilometres"},"seq":', toString(seq),
  ',"subject":{"id":"inc-', toString(seq), '","type":"incident"},"v":1,"writer":"bench"}')`;
const FILL = `INSERT INTO ledger (seq, at, action, actor_type, actor_id, subject_type, subject_id, entry, hash, mac)
  SELECT seq, toDateTime64('2026-11-21 10:00:00.000', 3, 'UTC'), action, 'system', 'tidewatch', 'incident', concat('inc-', toString(seq)), entry, hash, ${CODE} FROM (
    SELECT number + 1 AS seq, if(seq % ${DECISION_EVERY} = 0, 'incident.opened', '${JUDGED}') AS action, ${ENTRY} AS entry, lower(hex(SHA256(concat('\\0', entry)))) AS hash
    FROM numbers({from:UInt64}, {count:UInt64}))`;

/** A log whose entries the engine writes: as many as one likes, every one of them with its hash and its code. */
export class MadeLog {
  readonly #key = randomBytes(64);
  /** Entries that are there: the first is the ledger's own, which says that entries have codes. */
  size = 1;

  constructor(private readonly database: Database) {}

  /** Entries are known by the key that the engine was given. */
  readonly seal: EntrySeal = {
    codeOf: (leaf) => createHmac('sha256', this.#key).update(leaf).digest('hex'),
    isOurs: (leaf, code) =>
      code.length === 64 &&
      timingSafeEqual(Buffer.from(code, 'hex'), createHmac('sha256', this.#key).update(leaf).digest()),
  };

  /** Appends until there are so many. */
  async growTo(entries: number): Promise<void> {
    const pad = (byte: number) => Buffer.from(this.#key.map((one) => one ^ byte)).toString('hex');
    for (let from = this.size; from < entries; from += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, entries - from);
      const params = { from, count, inner: pad(0x36), outer: pad(0x5c) };
      await this.database.command(FILL, { params, timeoutMs: 300_000 });
    }
    this.size = entries;
  }
}

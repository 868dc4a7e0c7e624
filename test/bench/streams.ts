import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';
import { packageFolder } from './streams/package-folder.js';
import { interpreters } from '../support/python.js';
import { runStream, type StreamResult, type Verdict } from './streams/run-stream.js';
import { STREAM_PEERS } from './streams/stream-peer.js';
import { STREAMS } from './streams/stream-kinds.js';

/** Those whose defaults are re-implemented in `detection/peers.ts`, by what they are the defaults of. */
const RULES = [
  ['JS mean+3sd', ({ rules }: StreamResult) => rules['JS mean+3sd']],
  ['KS mean+3sd', ({ rules }: StreamResult) => rules['KS mean+3sd']],
  ['W1/sd>0.1', ({ rules }: StreamResult) => rules['W1/sd>0.1']],
  ['PSI>0.2', ({ rules }: StreamResult) => rules['PSI>0.2']],
  ['KS Bonferroni', ({ rules }: StreamResult) => rules['KS Bonferroni']],
] as const;

/**
 * Public tables that ship in packages, through the real fitBaseline and runChecks: pages in the part in which nothing is known to change, windows until the
 * known change is told, and features blamed that did not change; beside it the products that are installed, and rules that are the defaults of some. `--only "credit cards"` runs
 * one. A package that cannot be had is a line that says why.
 */
export async function run({ json, only }: BenchOptions): Promise<BenchReport> {
  const unknown = only.filter((name) => !STREAMS.some((stream) => stream.name === name));
  if (unknown.length > 0)
    throw new Error(`no stream "${unknown.join('", "')}"; choose from: ${STREAMS.map(({ name }) => name).join(', ')}`);
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-streams-'));
  const database = await ChdbDatabase.open({ path: directory, log: Log.silent() });
  const results: StreamResult[] = [];
  const absent: string[] = [];
  try {
    for (const stream of STREAMS.filter(({ name }) => only.length === 0 || only.includes(name))) {
      const place = packageFolder(stream.of);
      if ('absent' in place) absent.push(`${stream.name}: not run: ${place.absent}`);
      else results.push(await runStream(database, stream, { folder: place.folder, pythons: interpreters() }));
      if (!json) process.stderr.write(`${stream.name}: ${'absent' in place ? place.absent : JSON.stringify(results.at(-1)?.engine)}\n`);
    }
  } finally {
    await database.close();
    await rm(directory, { recursive: true, force: true });
  }
  return {
    bench: 'streams',
    tables: [tableOf('Windows with an alert while nothing is known to change', results, ({ calm }) => String(calm)), tableOf('Windows until the change was told', results, delayText), tableOf('Features blamed that did not change', results, ({ blamed }) => String(blamed.length))],
    numbers: {
      calm_days: results.reduce((sum, { calmDays }) => sum + calmDays, 0),
      calm_pages: results.reduce((sum, { engine }) => sum + engine.calm, 0),
      missed: results.filter(({ engine }) => engine.delay === Infinity).length,
      blamed: results.reduce((sum, { engine }) => sum + engine.blamed.length, 0),
    },
    notes: ['The last five columns are re-implementations of rules that are defaults of some, on the numeric features alone; they are not those products. river sees the numeric features alone.', ...productNotes(results), ...absent],
  };
} // prettier-ignore

/** Versions of the products that judged, and why others did not. */
function productNotes(results: readonly StreamResult[]): readonly string[] {
  const said = results.flatMap(({ products }) =>
    STREAM_PEERS.map(({ who }) => {
      const found = products[who];
      return 'absent' in found ? `${who}: not run: ${found.absent}` : `${who}: ${found.version}`;
    }),
  );
  return [...new Set(said)];
}

function delayText({ delay }: Verdict): string {
  return delay === Infinity ? 'never' : String(delay);
}

function tableOf(
  title: string,
  results: readonly StreamResult[],
  text: (verdict: Verdict) => string,
): BenchTable {
  return {
    title,
    columns: [
      'stream',
      'features',
      'rows',
      'calm days',
      'Tidewatch',
      ...STREAM_PEERS.map(({ who }) => who),
      ...RULES.map(([name]) => name),
    ],
    rows: results.map((result) => [
      result.name,
      String(result.features),
      result.rows.toFixed(0),
      result.calmDays.toFixed(0),
      text(result.engine),
      ...STREAM_PEERS.map(({ who }) => {
        const found = result.products[who];
        return 'absent' in found ? '' : text(found);
      }),
      ...RULES.map(([, of]) => text(of(result))),
    ]),
  };
}

import { rm } from 'node:fs/promises';
import { inOwnProcess } from '../own-process.js';
import { oldFleet, type Past } from './old-fleet.js';
import type { Part, Terms } from './part.js';
import type { Order, Restarted } from './restarted.js';

const SUBJECT = {
  name: 'the service that was started again',
  program: new URL('restarted.ts', import.meta.url),
  environment: { NODE_ENV: 'production' },
} as const;
const PASTS = {
  full: { models: 2000, minutely: 10, days: 90, entries: 1_000_000 },
  quick: { models: 200, minutely: 1, days: 90, entries: 50_000 },
} as const;
/** Of the full size. */
const TARGETS = { startSeconds: 4, idleMs: 5, rssMb: 1024, readMs: 300 } as const;

/** A fleet that was judged for ninety days: how long it takes to start, what it costs when nothing is new, and how long who looks at it waits. */
export async function oldFleets({ size, say }: Terms): Promise<Part> {
  const past = PASTS[size];
  say(`a fleet of ${past.models} with a past of ${past.days} days and ${past.entries} entries`);
  const fleet = await oldFleet(past);
  const { app } = fleet;
  const order: Order = { directory: app.directory, now: fleet.now, minutely: past.minutely };
  try {
    await app.stop();
    say('it starts');
    return report(past, (await inOwnProcess(SUBJECT, order)) as Restarted);
  } finally {
    await rm(order.directory, { recursive: true, force: true });
  }
}

function report(
  { models, minutely, days, entries }: Past,
  { start, fit, idle, reads, rssMb }: Restarted,
): Part {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const mb = (value: number) => `${value} MB`;
  const pauses = Object.values(idle).map(({ stallMs }) => stallMs);
  const longest = pauses.reduce((a, b) => Math.max(a, b), 0);
  return {
    table: {
      title: `${models} models that were judged for ${days} days, ${minutely} of them by the minute; ${entries} entries`,
      columns: ['what', 'took', 'CPU', 'longest pause', 'target'],
      rows: [
        [
          'start',
          `${start.seconds.toFixed(1)} s`,
          `${start.cpu.toFixed(1)} s`,
          ms(start.stallMs),
          `${TARGETS.startSeconds} s`,
        ],
        [
          'fit a reference',
          ms((1000 * fit.seconds) / models),
          ms((1000 * fit.cpu) / models),
          ms(fit.stallMs),
          '',
        ],
        ...Object.entries(idle).map(([chore, { seconds, cpu, stallMs }]) => [
          `idle: ${chore}`,
          ms(1000 * seconds),
          ms(1000 * cpu),
          ms(stallMs),
          `pause ${TARGETS.idleMs} ms`,
        ]),
        ['RSS after the start', mb(rssMb.started), '', '', mb(TARGETS.rssMb)],
        ['RSS with every reference', mb(rssMb.fitted), '', '', mb(TARGETS.rssMb)],
        ['RSS after reads', mb(rssMb.read), '', '', mb(TARGETS.rssMb)],
        ...Object.entries(reads).map(([read, { seconds, cpu }]) => [
          read,
          ms(1000 * seconds),
          ms(1000 * cpu),
          '',
          `${TARGETS.readMs} ms`,
        ]),
      ],
    },
    numbers: {
      startSeconds: start.seconds,
      idlePauseMs: longest,
      ...Object.fromEntries(
        Object.entries(idle).map(([chore, { stallMs }]) => [`idlePauseMs: ${chore}`, stallMs]),
      ),
      rssStartedMb: rssMb.started,
      rssFittedMb: rssMb.fitted,
      rssReadMb: rssMb.read,
      ...Object.fromEntries(
        Object.entries(reads).map(([read, { seconds }]) => [`readMs: ${read}`, 1000 * seconds]),
      ),
    },
    note: `Targets are of ${PASTS.full.models} models and ${PASTS.full.entries} entries. A start includes the tree of the ledger; pauses are the median of nine beats' longest.`,
  };
}

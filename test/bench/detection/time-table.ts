import type { BenchTable } from '../report.js';
import type { EngineTiming, Spent } from './engine-table.js';
import type { PeerOutcome, TimeRow } from './time-peer.js';

const FROM_RAW_ROWS = 'Tidewatch, from raw rows';

/** The rows of Tidewatch, from what was measured anyway: an hour's raw rows to its verdict, and the minutes alone. */
export function ownTimes(timings: readonly EngineTiming[]): TimeRow[] {
  return timings.flatMap(({ rows, pinMs, plain, all, counted, classified, check, drifted }) => {
    const row = (who: string, ...spent: readonly Spent[]): TimeRow => {
      const seconds = spent.reduce((sum, { wallMs }) => sum + wallMs, 0) / 1000;
      const cpu = spent.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
      return {
        who,
        rows,
        outcome: { timing: { version: 'this', prepared: pinMs / 1000, seconds, cpu, drifted } },
      };
    };
    return [
      row(FROM_RAW_ROWS, plain, counted, check),
      row('Tidewatch, with rules, correlations and classifier', all, counted, classified, check),
      row('Tidewatch, from its minutes', check),
    ];
  });
}

/** One table, size by size; the ratio is to Tidewatch from raw rows of the same size. */
export function timeTable(times: readonly TimeRow[], features: number): BenchTable {
  const sizes = [...new Set(times.map(({ rows }) => rows))].sort((a, b) => a - b);
  const rows = sizes.flatMap((size) => {
    const here = times.filter((time) => time.rows === size);
    const own = here.find(({ who }) => who === FROM_RAW_ROWS)?.outcome;
    const base = own && 'timing' in own ? own.timing.seconds : null;
    return here.map(({ who, outcome }) => [who, ...cellsOf(outcome, size, base)]);
  });
  return {
    title: `An hour of ${features} numeric features judged against 28 days, seconds by the clock; nothing drifted`,
    columns: [
      'who',
      'version',
      'rows',
      'once a reference, s',
      'judged in, s',
      'ratio',
      'CPU s',
      'said to drift',
    ],
    rows,
  };
}

function cellsOf(outcome: PeerOutcome, rows: number, base: number | null): string[] {
  if ('absent' in outcome) return ['', String(rows), '', 'not installed here: not compared', '', '', ''];
  if ('slow' in outcome) return ['', String(rows), '', outcome.slow, '', '', ''];
  if ('failed' in outcome) return ['', String(rows), '', `failed: ${outcome.failed}`, '', '', ''];
  const { version, prepared, seconds, cpu, drifted } = outcome.timing;
  return [
    version,
    String(rows),
    prepared === null ? '' : prepared.toFixed(1),
    digits(seconds),
    base === null ? '' : digits(seconds / base),
    digits(cpu),
    drifted === null ? '' : String(drifted),
  ];
}

/** Two digits, or three where that keeps it whole. */
const digits = (value: number) => value.toPrecision(value < 99.5 ? 2 : 3);

/** Seconds by who and rows; null where there are none. */
export function timeNumbers(times: readonly TimeRow[]): Record<string, number | null> {
  return Object.fromEntries(
    times.map(({ who, rows, outcome }) => [
      `judged_seconds: ${who}, ${rows} rows`,
      'timing' in outcome ? outcome.timing.seconds : null,
    ]),
  );
}

/** Why peers were not compared, once each. */
export function absences(times: readonly TimeRow[]): string[] {
  const found = times.flatMap(({ who, outcome }) =>
    'absent' in outcome ? [`${who}: ${outcome.absent}.`] : [],
  );
  return [...new Set(found)];
}

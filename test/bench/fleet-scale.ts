import { exponent, type Point } from './fleet-scale/curve.js';
import { Fleet, ROWS } from './fleet-scale/fleet.js';
import { latencies, type Latencies } from './fleet-scale/latency.js';
import { median, timed, type Took } from './fleet-scale/stopwatch.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const SIZES = { full: [10, 100, 1000], quick: [5, 20, 80] } as const;
/** Models and minutes of rows as they come. */
const LIVE = { full: { models: 20, minutes: 12 }, quick: { models: 4, minutes: 7 } } as const;
const IDLE_BEATS = 9;
const BEATS = 3;

interface FleetRun {
  readonly models: number;
  readonly fit: Took;
  readonly news: Took;
  readonly close: Took;
  readonly windows: number;
  readonly idle: Took;
}

/** What a beat costs in fleets of different sizes. */
export async function run({ json, quick }: BenchOptions): Promise<BenchReport> {
  const say = (text: string) => void (json || process.stderr.write(`${text}\n`));
  const runs: FleetRun[] = [];
  for (const size of SIZES[quick ? 'quick' : 'full']) {
    say(`a fleet of ${size}`);
    runs.push(await fleetRun(size));
  }
  say('event to message, on the clock of this machine');
  const latency = await latencies(
    LIVE[quick ? 'quick' : 'full'].models,
    LIVE[quick ? 'quick' : 'full'].minutes,
  );
  return {
    bench: 'fleet-scale',
    tables: [fleetTable(runs), latencyTable(latency)],
    numbers: {
      beatExponent: exponent(pointsOf(runs, ({ news }) => news.seconds)),
      closeExponent: exponent(pointsOf(runs, ({ close }) => close.seconds)),
      messageP50Seconds: quantile(latency.messages, 0.5) / 1000,
      messageP99Seconds: quantile(latency.messages, 0.99) / 1000,
      ...Object.fromEntries(runs.map(({ models, news }) => [`beatSeconds${models}`, news.seconds])),
      ...Object.fromEntries(runs.map(({ models, close }) => [`closeSeconds${models}`, close.seconds])),
    },
    notes: [
      `${ROWS} rows a model in one minute of an hourly window, 10 features; a beat should take no more than 2 s and 5 ms a model. CPU is that of every thread.`,
    ],
  };
}

async function fleetRun(models: number): Promise<FleetRun> {
  const fleet = await Fleet.of(models);
  try {
    const fit = await timed(async () => fleet.fit());
    await fleet.news(0);
    await fleet.judge(); // what is asked once for every model
    const beats: Took[] = [];
    for (let i = 1; i <= BEATS; i += 1) {
      await fleet.news(i);
      beats.push(await timed(async () => fleet.judge()));
    }
    const idle: Took[] = [];
    for (let i = 0; i < IDLE_BEATS; i += 1) idle.push(await timed(async () => fleet.judge()));
    fleet.nextHour();
    await fleet.news(5);
    let windows = 0;
    const close = await timed(async () => {
      ({ windows } = await fleet.judge());
    });
    if (windows !== models) throw new Error(`${windows} windows were judged where ${models} closed`);
    return { models, fit, news: median(beats), close, windows, idle: median(idle) };
  } finally {
    await fleet.app.close();
  }
}

const pointsOf = (runs: readonly FleetRun[], cost: (run: FleetRun) => number): Point[] =>
  runs.map((one) => ({ size: one.models, cost: cost(one) }));

const seconds = ({ seconds: s }: Took) => (s < 1 ? `${(1000 * s).toFixed(0)} ms` : `${s.toFixed(1)} s`);

function fleetTable(runs: readonly FleetRun[]): BenchTable {
  const slope = (of: (run: FleetRun) => Took) =>
    exponent(pointsOf(runs, (one) => of(one).seconds)).toFixed(2);
  return {
    title: 'A fleet: news of every model in one beat, every window closing at once, and nothing to do',
    columns: ['models', 'news', 'CPU', 'stall', 'news and windows', 'CPU', 'stall', 'idle', 'fit a model'],
    rows: [
      ...runs.map(({ models, news, close, idle, fit }) => [
        String(models),
        seconds(news),
        `${news.cpu.toFixed(1)} s`,
        `${news.stallMs.toFixed(0)} ms`,
        seconds(close),
        `${close.cpu.toFixed(1)} s`,
        `${close.stallMs.toFixed(0)} ms`,
        `${(1000 * idle.seconds).toFixed(1)} ms`,
        `${((1000 * fit.seconds) / models).toFixed(0)} ms`,
      ]),
      [
        'exponent',
        slope(({ news }) => news),
        '',
        '',
        slope(({ close }) => close),
        '',
        '',
        slope(({ idle }) => idle),
        '',
      ],
    ],
  };
}

const quantile = (sorted: readonly number[], level: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(level * sorted.length))] ?? NaN;

function latencyTable({
  verdicts,
  messages,
  deliveries,
  beatMs,
  longestStallMs,
  shifted,
}: Latencies): BenchTable {
  const line = (name: string, sorted: readonly number[]) => [
    name,
    String(sorted.length),
    ...[0.5, 0.95, 0.99].map((level) => `${(quantile(sorted, level) / 1000).toFixed(1)} s`),
  ];
  const untilClosed = verdicts.map((ms) => Math.max(0, ms - beatMs));
  return {
    title: `From the end of a one-minute window with rows in order: ${messages.length} of ${shifted} shifts were told; longest stall ${longestStallMs.toFixed(0)} ms`,
    columns: ['to', 'windows', 'p50', 'p95', 'p99'],
    rows: [
      line('the message', messages),
      line('the verdict', verdicts),
      line('its closing: rows that come, and grace', untilClosed),
      line('from verdict to message: record, debounce, delivery', deliveries),
      ['the beat that judged it, on average', '', `${(beatMs / 1000).toFixed(1)} s`, '', ''],
    ],
  };
}

import { exponent, type Point } from './fleet-scale/curve.js';
import { Fleet, ROWS } from './fleet-scale/fleet.js';
import { lateLabels } from './fleet-scale/late-labels.js';
import { latencies, type Latencies } from './fleet-scale/latency.js';
import { manyIncidents } from './fleet-scale/many-incidents.js';
import { oldFleets } from './fleet-scale/old-fleets.js';
import { sharedWork } from './fleet-scale/shared.js';
import { median, timed, type Took } from './fleet-scale/stopwatch.js';
import type { Part, Terms } from './fleet-scale/part.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const SIZES = { full: [10, 100, 1000, 2000], quick: [5, 20, 80] } as const;
/** Models and minutes of rows as they come. */
const LIVE = { full: { models: 20, minutes: 12 }, quick: { models: 4, minutes: 5 } } as const;
/** Models, and open incidents of each. */
const OPEN = { models: 200, each: 50 } as const;
const PARTS = ['fleets', 'old', 'labels', 'shared', 'latency', 'incidents'] as const;
type PartName = (typeof PARTS)[number];
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

/** What a beat costs in fleets of different sizes, and how long an event takes to a message. Throws where `only` names no part. */
export async function run({ json, quick, only }: BenchOptions): Promise<BenchReport> {
  const say = (text: string) => void (json || process.stderr.write(`${text}\n`));
  const terms: Terms = { size: quick ? 'quick' : 'full', say };
  const parts: Part[] = [];
  for (const name of partsOf(only)) parts.push(await RUN[name](terms));
  return {
    bench: 'fleet-scale',
    tables: parts.map(({ table }) => table),
    numbers: Object.assign({}, ...parts.map(({ numbers }) => numbers)) as BenchReport['numbers'],
    notes: parts.map(({ note }) => note),
  };
}

function partsOf(only: readonly string[]): readonly PartName[] {
  const unknown = only.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0)
    throw new Error(`no part is called ${unknown.join(', ')}; there are ${PARTS.join(', ')}`);
  return PARTS.filter((part) => only.length === 0 || only.includes(part));
}

async function fleets({ size, say }: Terms): Promise<Part> {
  const runs: FleetRun[] = [];
  for (const models of SIZES[size]) {
    say(`a fleet of ${models}`);
    runs.push(await fleetRun(models));
  }
  return {
    table: fleetTable(runs),
    numbers: {
      beatExponent: exponent(pointsOf(runs, ({ news }) => news.seconds)),
      closeExponent: exponent(pointsOf(runs, ({ close }) => close.seconds)),
      ...Object.fromEntries(runs.map(({ models, news }) => [`beatSeconds${models}`, news.seconds])),
      ...Object.fromEntries(runs.map(({ models, close }) => [`closeSeconds${models}`, close.seconds])),
    },
    note: `${ROWS} rows a model in one minute of an hourly window, 10 features; a beat should take no more than 2 s and 5 ms a model. CPU is that of every thread.`,
  };
}

async function live({ size, say }: Terms): Promise<Part> {
  const { models, minutes } = LIVE[size];
  say(`event to message, by the clock of this machine: ${minutes} to ${minutes + 2} minutes`);
  const latency = await latencies(models, minutes, say);
  return {
    table: latencyTable(latency),
    numbers: {
      messageP50Seconds: quantile(latency.messages, 0.5) / 1000,
      messageP99Seconds: quantile(latency.messages, 0.99) / 1000,
      slackP99Seconds: quantile(latency.slack, 0.99) / 1000,
      mailP99Seconds: quantile(latency.mail, 0.99) / 1000,
    },
    note: `${models} models, 5 features, rows of all of them twice a second; a message should be there 10 s (median) and 20 s (p99) after the end of the window.`,
  };
}

async function incidents({ say }: Terms): Promise<Part> {
  const { models, each } = OPEN;
  const count = models * each;
  say(`${count} open incidents of ${models} models`);
  const pages = await manyIncidents(models, each);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return {
    table: {
      title: `Pages with ${count} open incidents of ${models} models`,
      columns: ['page', 'median', 'slowest', 'size'],
      rows: pages.map(({ page, ms: took, bytes }) => [
        page,
        ms(quantile(took, 0.5)),
        ms(took.at(-1) ?? NaN),
        `${(bytes / 1024).toFixed(0)} KiB`,
      ]),
    },
    numbers: {
      fleetPageMs: quantile(pages[0]?.ms ?? [], 0.5),
      incidentsPageMs: quantile(pages[2]?.ms ?? [], 0.5),
    },
    note: 'The fleet page should be there within 300 ms.',
  };
}

const RUN: Readonly<Record<PartName, (terms: Terms) => Promise<Part>>> = {
  fleets,
  old: oldFleets,
  labels: lateLabels,
  shared: sharedWork,
  latency: live,
  incidents,
};

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
  slack,
  mail,
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
      line('the message, by webhook', messages),
      line('the message, in Slack', slack),
      line('the message, by mail', mail),
      line('the verdict', verdicts),
      line('its closing: rows that come, and grace', untilClosed),
      line('from verdict to message: record, debounce, delivery', deliveries),
      ['the beat that judged it, on average', '', `${(beatMs / 1000).toFixed(1)} s`, '', ''],
    ],
  };
}

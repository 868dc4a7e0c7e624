import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CalmKind } from './detection/calm/calm-kind.js';
import { CALM_KINDS } from './detection/calm/calm-kinds.js';
import { type CalmResult, calmTable, runCalm } from './detection/calm-table.js';
import { type NullResult, nullCases, nullTable, runNull } from './detection/null-table.js';
import { compareInTime } from './detection/in-time.js';
import { drawPlots } from './detection/plots.js';
import {
  fleetCases,
  POWER_CASES,
  type PowerCase,
  type PowerResult,
  powerTable,
  quantileOf,
  runPower,
  STRICT_CASES,
} from './detection/power-table.js';
import { Resumed } from './detection/resumed.js';
import { modelMs, tickMs } from './detection/tick-table.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

const DOCUMENTED_SEED = 20_240_101;
const REPETITIONS = { full: 60, quick: 40 } as const;
/** Seeds of every kind of calm. */
const CALM_SEEDS = { full: 3, quick: 1 } as const;

/** What every part of the bench is told. */
interface Terms {
  readonly quick: boolean;
  readonly seed: number;
  readonly plots: string | null;
  readonly say: (text: string) => void;
  readonly resumed: Resumed;
  /** Kinds of calm that are asked for; all of them where none is. */
  readonly kinds: readonly string[];
  /** Of the simulations: without the rules of others, which cost many times the engine and do not change with it; and without the null streams as well. */
  readonly alone: boolean;
  readonly delaysOnly: boolean;
}
type Part = Omit<BenchReport, 'bench'>;

/**
 * The parts in the order they are printed in; `--only` names those that are run, `--only "calm:few rows"` one kind of calm, `--only simulated:engine`
 * the simulations without the rules of others, and `--only simulated:delays` of those the delays alone.
 */
const PARTS: Readonly<Record<string, (terms: Terms) => Part | Promise<Part>>> = {
  simulated,
  calm,
  cost,
  peers: ({ quick, seed, say }) => compareInTime({ quick, seed }, say),
};

/**
 * The null and power simulations of docs/detection.md through the real fitBaseline and runChecks, with the rules of others
 * on the same values; calm with structure of its own; the cost of one tick of 100 000 series; and the comparison in time with the peers that
 * are installed. A run that was stopped goes on where it was, case by case. Throws where `only` names no part.
 */
export async function run({ json, quick, plots, seed: given, only }: BenchOptions): Promise<BenchReport> {
  const chosen = partsOf(only.map((name) => name.replace(/:.*/, '')));
  const kinds = only.flatMap((name) => /^calm:(.*)/.exec(name)?.slice(1) ?? []);
  const seed = given ?? DOCUMENTED_SEED;
  const say = (text: string) => {
    if (!json) process.stderr.write(`${text}\n`);
  };
  const resumed = new Resumed(`${quick ? 'quick' : 'full'}-${seed}`, say);
  const parts: Part[] = [];
  const delaysOnly = only.includes('simulated:delays');
  const alone = delaysOnly || only.includes('simulated:engine');
  const terms: Terms = { quick, seed, plots, say, resumed, kinds, alone, delaysOnly };
  for (const part of chosen) parts.push(await part(terms));
  resumed.done();
  return {
    bench: 'detection',
    tables: parts.flatMap((part) => part.tables),
    numbers: Object.fromEntries(parts.flatMap((part) => Object.entries(part.numbers))),
    notes: parts.flatMap((part) => part.notes),
  };
}

function partsOf(only: readonly string[]) {
  const unknown = only.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`no part "${unknown.join('", "')}"; choose from: ${Object.keys(PARTS).join(', ')}`);
  return Object.entries(PARTS)
    .filter(([name]) => only.length === 0 || only.includes(name))
    .map(([, part]) => part);
}

/** As in the specification's simulation, the drift series of a hundred features share one false page in 30 days. */
function simulated({ quick, seed, plots, say, resumed, alone, delaysOnly }: Terms): Part {
  const rest = alone ? ' alone' : '';
  const nulls = (delaysOnly ? [] : nullCases(quick)).map((nullCase, i) => {
    const asked = alone ? { ...nullCase, peers: false } : nullCase;
    const result = resumed.once(`null ${i}${rest}`, () => runNull(asked, seed + 1000 * i));
    say(
      `null ${result.name}: ${result.engine} (expected ${result.expected.toFixed(2)}) ${JSON.stringify(result.peers)}`,
    );
    return result;
  });
  const power = (cases: readonly PowerCase[], kind: string, peers: boolean): PowerResult[] =>
    cases.map((powerCase, i) => {
      const repetitions = quick ? REPETITIONS.quick : REPETITIONS.full;
      const { delays } = resumed.once(`power ${kind} ${i}${peers ? '' : ' alone'}`, () =>
        runPower(powerCase, repetitions, seed + 100_000 + 1000 * i, peers),
      );
      const { drift, rows, weather, fleet = 100, target } = powerCase;
      say(
        `power ${kind} ${drift.name} n=${rows} ${weather.name} fleet ${fleet}: ${quantileOf(delays.engine ?? [], 0.5)} (${target})`,
      );
      return { ...powerCase, delays };
    });
  const main = power(
    quick ? POWER_CASES.filter(({ rows }) => rows === 100) : POWER_CASES,
    'main',
    !quick && !alone,
  );
  const strict = power(quick ? STRICT_CASES.slice(0, 2) : STRICT_CASES, 'strict', false);
  const fleets = power(fleetCases(quick), 'fleet', false);
  if (plots && !delaysOnly) {
    mkdirSync(plots, { recursive: true });
    drawPlots((name) => join(plots, name), { nulls, powers: main });
    say(`plots in ${plots}`);
  }
  return {
    tables: [
      ...(delaysOnly ? [] : [nullTable(nulls)]),
      powerTable(main),
      powerTable(strict, 'Strict mode: windows until the alert'),
      powerTable(fleets, 'Fleets of growing size with one budget: windows until the alert'),
    ],
    numbers: numbersOf(nulls, main),
    notes: [
      'The drift series of 100 features share one false page in 30 days, in the null streams and for the delays alike.',
      'Rules of others are re-implementations of their defaults, on raw values; they are not those products.',
    ],
  };
}

/** Every kind of calm, each a model of its own with a whole budget: a page in 30 days. */
function calm({ quick, seed, say, resumed, kinds }: Terms): Part {
  const seeds = Array.from({ length: quick ? CALM_SEEDS.quick : CALM_SEEDS.full }, (_, i) => seed + i);
  const results = kindsOf(kinds).flatMap((kind) =>
    seeds.map((own): CalmResult => {
      const result = resumed.once(`calm ${kind.name} ${own}`, () => runCalm(kind, own));
      say(`calm ${kind.name}, seed ${own}: ${result.pages.length} ${result.pages.join('; ')}`);
      return result;
    }),
  );
  const pages = results.reduce((sum, result) => sum + result.pages.length, 0);
  return {
    tables: [calmTable(results)],
    numbers: { calm_pages: pages, calm_most: Math.max(...results.map((result) => result.pages.length)) },
    notes: ['Every kind of calm is a model of its own and has a whole budget: one page in 30 days.'],
  };
}

function kindsOf(names: readonly string[]): readonly CalmKind[] {
  const unknown = names.filter((name) => !CALM_KINDS.some((kind) => kind.name === name));
  if (unknown.length > 0)
    throw new Error(
      `no calm "${unknown.join('", "')}"; choose from: ${CALM_KINDS.map(({ name }) => name).join(', ')}`,
    );
  return names.length === 0 ? CALM_KINDS : CALM_KINDS.filter(({ name }) => names.includes(name));
}

function cost({ say }: Terms): Part {
  const tick = tickMs();
  const { check, fit } = modelMs();
  say(`tick ${tick.toFixed(0)} ms, window ${check.toFixed(2)} ms, fit ${fit.toFixed(0)} ms`);
  const table: BenchTable = {
    title: 'Cost',
    columns: ['what', 'CPU ms'],
    rows: [
      ['100 000 two-sided series, one tick', tick.toFixed(0)],
      ['one window of 25 features, all checks, drawing its rows included', check.toFixed(2)],
      ['fit of 25 features on 28 days of hourly windows, drawing its rows included', fit.toFixed(0)],
    ],
  };
  const numbers = {
    tick_100k_series_ms: Math.round(tick),
    window_25_features_ms: check,
    fit_25_features_ms: Math.round(fit),
  };
  return { tables: [table], numbers, notes: [] };
}

function numbersOf(nulls: readonly NullResult[], powers: readonly PowerResult[]) {
  return {
    ...Object.fromEntries(nulls.map(({ name, engine }) => [`false_alerts: ${name}`, engine])),
    ...Object.fromEntries(
      powers.map(({ drift, rows, weather, delays }) => {
        const median = quantileOf(delays.engine ?? [], 0.5);
        return [
          `median_delay: ${drift.name}, n=${rows}, ${weather.name}`,
          Number.isFinite(median) ? median : null,
        ];
      }),
    ),
  };
}

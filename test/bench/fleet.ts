import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { delaysOf, findingsOf, type FleetFindings } from './fleet/fleet-findings.js';
import { FLEET_KINDS } from './fleet/fleet-kinds.js';
import type { FleetModel } from './fleet/fleet-model.js';
import { FleetRun, type FleetPlan } from './fleet/fleet-run.js';
import { FleetService } from './fleet/fleet-service.js';
import type { BenchOptions, BenchReport } from './report.js';

export const SEED = 20_260_302;
/** The service runs as it is built. */
const BUILD = "import('./src/cli/prepare.mjs').then((prepare) => prepare.build())";

/** Eight models and twenty days, in which the last has faults; or twenty models and ninety days, whose faults come one after the other. */
export function planOf(quick: boolean, seed: number): FleetPlan {
  return quick ? quickPlan(seed) : fullPlan(seed);
}

function quickPlan(seed: number): FleetPlan {
  const days = 20;
  const models = FLEET_KINDS.map((kind): FleetModel => ({
    key: kind.name,
    kind,
    fromDay: kind.file['window'] === '5m' ? days - 1 : 0,
    backfilled: ['credit', 'prices', 'weekends', 'shadowed'].includes(kind.name),
  }));
  const last = (days - 1) * 24;
  // From an hour in which everybody is open, and the one that began on this day has learnt.
  const broken = Object.fromEntries(
    ['credit', 'routes', 'clicks', 'nights', 'weekends', 'shadowed'].map((key) => [
      key,
      { from: last + (key === 'clicks' ? 18 : 6), until: Infinity },
    ]),
  );
  return { models, days, seed, stepHours: 24, backfillDays: 8, restartDays: 12, killDays: 16, broken };
}

/** One model of twenty has windows of five minutes: in ninety days they are more than those of all others together. */
function fullPlan(seed: number): FleetPlan {
  const others = FLEET_KINDS.filter(({ file }) => file['window'] !== '5m');
  const models = Array.from({ length: 20 }, (_, i): FleetModel => {
    const kind = (i < FLEET_KINDS.length ? FLEET_KINDS[i] : others[i % others.length]) ?? FLEET_KINDS[0]!;
    return { key: `${kind.name}-${i}`, kind, fromDay: 0, backfilled: i % 3 === 0 };
  });
  const broken = Object.fromEntries(
    models.map(({ key }, i) => [key, { from: (40 + 2 * i) * 24, until: (43 + 2 * i) * 24 }]),
  );
  return { models, days: 90, seed, stepHours: 12, backfillDays: 30, restartDays: 1, killDays: 7, broken };
}

/** What a run of a fleet came to. */
export interface FleetOutcome {
  readonly run: FleetRun;
  /** Up to the day before the first fault. */
  readonly calm: FleetFindings;
  readonly calmDays: number;
  readonly findings: FleetFindings;
  /** Windows until each fault was found; null where it was not. */
  readonly delays: ReadonlyMap<string, number | null>;
}

/** Runs a fleet through the whole service, from HTTP to the outbox. */
export async function runFleet(plan: FleetPlan, say: Say = () => undefined): Promise<FleetOutcome> {
  return withRun(plan, async (run) => {
    await calmDays(run, say);
    return outcomeOf(run, say);
  });
}

/**
 * The calm and the faults of one plan. What a fault leaves behind must not be taken for calm, so that each is a service of its own from the first
 * fault on; until then they are one.
 */
async function runBoth(plan: FleetPlan, say: Say): Promise<readonly [FleetOutcome, FleetOutcome]> {
  return withRun(plan, async (run, directory) => {
    await calmDays(run, say);
    const faulty = await run.fork(plan, `${directory}-faults`);
    const calm = await run.fork({ ...plan, broken: {} }, `${directory}-calm`);
    try {
      return await Promise.all([
        outcomeOf(calm, (text) => say(`calm: ${text}`)),
        outcomeOf(faulty, (text) => say(`faults: ${text}`)),
      ]);
    } finally {
      await Promise.all([calm, faulty].map(async ({ service }) => service.stop()));
      await Promise.all(['calm', 'faults'].map(async (name) => removed(`${directory}-${name}`)));
    }
  });
}

type Say = (text: string) => void;

async function withRun<Result>(
  plan: FleetPlan,
  work: (run: FleetRun, directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-fleet-'));
  const service = new FleetService(directory);
  try {
    const run = new FleetRun(plan, service);
    await run.begin();
    return await work(run, directory);
  } finally {
    await service.stop();
    await removed(directory);
  }
}

const removed = async (directory: string): Promise<void> => rm(directory, { recursive: true, force: true });

/** The day before the first fault. */
const firstFault = ({ broken, days }: FleetPlan): number =>
  Math.min(...Object.values(broken).map(({ from }) => Math.floor(from / 24)), days);

async function calmDays(run: FleetRun, say: Say): Promise<void> {
  await days(run, 1, firstFault(run.plan), say);
}

async function days(run: FleetRun, from: number, to: number, say: Say): Promise<void> {
  for (let day = from; day <= to; day += 1) {
    await run.until(day);
    const untrue = run.untrue.length > 0 ? `, untrue: ${run.untrue.at(-1)}` : '';
    say(`day ${day}: ${run.beats.at(-1)?.beat.took.toFixed(0)} ms${untrue}`);
    if (day % DAYS_BETWEEN_NEWS === 0) say(newsOf(await findingsOf(run, day)));
  }
}

/** What a run comes to that has come to some day already. */
async function outcomeOf(run: FleetRun, say: Say): Promise<FleetOutcome> {
  const { plan } = run;
  const calm = await findingsOf(run, run.day);
  for (const { model, summary, facts } of calm.incidents) say(`${model.key}: ${summary} (${facts.onset})`);
  const calmDays = run.day;
  await days(run, run.day + 1, plan.days, say);
  const findings = await findingsOf(run, plan.days);
  return { run, calm, calmDays, findings, delays: delaysOf(run, findings) };
}

const DAYS_BETWEEN_NEWS = 10;

/** What a run has come to so far: the long form takes an hour or more. */
function newsOf({ told, incidents, entries, windows }: FleetFindings): string {
  const who = incidents.map(({ model, version, summary }) => `${model.key} ${version}: ${summary}`);
  return [`told ${told}, ${entries} entries of ${windows} windows`, ...who].join('\n  ');
}

/** The median of what beats took, and of what was in use after them, on days of a span. */
export function between(
  { beats }: FleetRun,
  from: number,
  to: number,
): { readonly ms: number; readonly heap: number } {
  const own = beats.filter(({ day, beat }) => day >= from && day < to && beat.windows > 0);
  const middle = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return { ms: middle(own.map(({ beat }) => beat.took)), heap: middle(own.map(({ beat }) => beat.heap)) };
}

/** The calm for itself, where it runs for itself, and what has the faults. */
async function outcomesOf(
  plan: FleetPlan,
  part: 'calm' | 'faults' | null,
  say: Say,
): Promise<readonly [FleetOutcome | null, FleetOutcome]> {
  if (part === null) return runBoth(plan, say);
  if (part === 'faults') return [null, await runFleet(plan, say)];
  const calm = await runFleet({ ...plan, broken: {} }, say);
  return [calm, calm];
}

/** The half of the long form that is asked for; null for all of it. */
function partOf(quick: boolean, only: readonly string[]): 'calm' | 'faults' | null {
  const [name, ...more] = only;
  if (name === undefined) return null;
  if (quick || more.length > 0 || (name !== 'calm' && name !== 'faults'))
    throw new Error('the long form has the parts "calm" and "faults", and the quick one has none');
  return name;
}

/**
 * Calm and faults in a whole fleet of models, through the whole service; `--quick` is what `npm test` runs, and `--only calm` the half of the long
 * form in which nothing is planted, `--only faults` the other. Throws where `only` names anything else.
 */
export async function run({ json, quick, seed, only }: BenchOptions): Promise<BenchReport> {
  const part = partOf(quick, only);
  execFileSync(process.execPath, ['-e', BUILD], { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
  const plan = planOf(quick, seed ?? SEED);
  const say = (text: string) => void (json || process.stderr.write(`${text}\n`));
  const [calm, faulty] = await outcomesOf(plan, quick ? 'faults' : part, say);
  const quiet = calm ? calm.findings : faulty.calm;
  const days = calm ? plan.days : faulty.calmDays;
  const of = calm ?? faulty;
  const found = [...faulty.delays].filter(([, delay]) => delay !== null);
  const [early, late] = [between(of.run, days / 3, (2 * days) / 3), between(of.run, (2 * days) / 3, days)];
  const numbers = {
    told: quiet.told,
    budget: Math.ceil(days / 30),
    besideOrStaging: quiet.incidents.filter(({ version }) => version !== '1').length,
    blind: quiet.incidents.filter(({ check }) => check === 'monitoring').length,
    entriesPerWindow: quiet.entries / quiet.windows,
    untrue: of.run.untrue.length + (calm && part === null ? faulty.run.untrue.length : 0),
    faults: faulty.delays.size,
    found: found.length,
    heapGrowth: late.heap / early.heap,
    beatGrowth: late.ms / early.ms,
  };
  return {
    bench: 'fleet',
    tables: [
      {
        title: `${plan.models.length} models, ${days} days of calm, ${of.run.sent} events, seed ${plan.seed}`,
        columns: ['what', 'found', 'allowed'],
        rows: [
          ['cases that people were told of', String(numbers.told), String(numbers.budget)],
          ['incidents of versions on trial and of staging', String(numbers.besideOrStaging), '0'],
          ['incidents of blindness', String(numbers.blind), '0'],
          ['ledger entries a window', numbers.entriesPerWindow.toFixed(3), '1.1'],
          ['untrue words about monitoring', String(numbers.untrue), '0'],
          ['memory in the last third by that of the middle one', numbers.heapGrowth.toFixed(2), '1.1'],
          ['time of a beat, the same', numbers.beatGrowth.toFixed(2), '1.2'],
        ],
      },
      {
        title: 'Planted faults, and in how many windows they were found',
        columns: ['model', 'fault', 'feature', 'windows', 'allowed'],
        rows: [...faulty.delays].map(([key, delay]) => {
          const fault = plan.models.find((model) => model.key === key)?.kind.fault;
          return [
            key,
            fault?.name ?? '',
            fault?.feature ?? '',
            delay === null ? '–' : String(delay),
            String(fault?.within ?? ''),
          ];
        }),
      },
    ],
    numbers,
    notes: [
      ...quiet.incidents.map(
        ({ model, summary, facts }) => `told in calm: ${model.key}: ${summary} (${facts.onset})`,
      ),
      ...of.run.untrue.slice(0, 20),
    ],
  };
}

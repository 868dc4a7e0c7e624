/** A start on the data of an old fleet, in a process of its own, so that its memory and its pauses are its own. Arguments: an `Order` as JSON; prints a `Restarted` as JSON. */
import { houseWork } from '../../../src/app.module.js';
import { followOthers } from '../../../src/open-replicas.js';
import { ADMIN_KEY, launch, type Launched } from '../../support/launch.js';
import { keyOf } from './fleet.js';
import { median, timed, type Took } from './stopwatch.js';

/** What is started, and when by its own clock. */
export interface Order {
  readonly directory: string;
  readonly now: number;
  readonly minutely: number;
}

export interface Restarted {
  readonly start: Took;
  readonly rssMb: { readonly started: number; readonly fitted: number; readonly read: number };
  readonly fit: Took;
  /** What each of the things that the service does by itself takes while there is nothing to do. */
  readonly idle: Readonly<Record<Chore, Took>>;
  /** What a visit takes, by what is read. */
  readonly reads: Readonly<Record<string, Took>>;
}

const CHORES = ['judge', 'pin', 'deliver', 'follow', 'keepHouse'] as const;
type Chore = (typeof CHORES)[number];
const IDLE_BEATS = 9;
const VISITS = 5;
/** So long nothing came: less is no idle fleet, but one that waits for whoever may have been cut off. */
const QUIET_MS = 600_000;
const DAY = 86_400_000;
const DAYS_READ = 30;

const rssMb = () => Math.round(process.memoryUsage().rss / 2 ** 20);

async function measured({ directory, now, minutely }: Order): Promise<Restarted> {
  const opened: { app?: Launched } = {};
  const start = await timed(async () => {
    opened.app = await launch({ now: new Date(now), directory });
  });
  const { app } = opened;
  if (!app) throw new Error('the service did not start');
  try {
    const started = rssMb();
    const { stages } = app.service;
    const fit = await timed(async () => {
      for (const registered of stages.registry.models()) await stages.references.of(registered);
    });
    const fitted = rssMb();
    await app.service.spine.judge(); // what is asked once after a start
    app.clock.advance(QUIET_MS);
    await app.service.spine.judge();
    const idle = await idleOf(app);
    const reads = await readsOf(app, minutely);
    return { start, fit, idle, reads, rssMb: { started, fitted, read: rssMb() } };
  } finally {
    await app.stop();
  }
}

async function idleOf({ service }: Launched): Promise<Restarted['idle']> {
  const { spine, stages } = service;
  const run: Readonly<Record<Chore, () => Promise<unknown>>> = {
    judge: async () => spine.judge(),
    pin: async () => spine.pin(),
    deliver: async () => stages.outbox.drain(stages.clock.now()),
    follow: async () => followOthers(service),
    keepHouse: async () => houseWork(service),
  };
  const chores: [Chore, Took][] = [];
  for (const chore of CHORES) {
    await run[chore]();
    const took: Took[] = [];
    for (let i = 0; i < IDLE_BEATS; i += 1) took.push(await timed(run[chore]));
    chores.push([chore, { ...median(took), stallMs: medianOf(took.map(({ stallMs }) => stallMs)) }]);
  }
  return Object.fromEntries(chores) as Record<Chore, Took>;
}

async function readsOf(app: Launched, minutely: number): Promise<Restarted['reads']> {
  const { clock } = app;
  const [hourly, byMinute] = [keyOf(minutely), keyOf(0)];
  const page = (path: string) => async () => {
    const answer = await fetch(`${app.url}${path}`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
    await answer.text();
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
  };
  const since = new Date(clock.now().getTime() - DAYS_READ * DAY).toISOString();
  const windows = `query { model(key: "${hourly}") { windows(first: 200, since: "${since}") { nodes { from results { check feature state value } } } } }`;
  const visits: Readonly<Record<string, () => Promise<unknown>>> = {
    'fleet page': page('/'),
    'model page, hourly': page(`/models/${hourly}`),
    'model page, a year': page(`/models/${hourly}?days=365`),
    'model page, one-minute windows': page(`/models/${byMinute}`),
    'incidents page': page('/incidents'),
    'audit page': page('/audit'),
    '200 windows with results': async () => app.query(windows),
    '100 models': async () =>
      app.query('query { models(first: 100) { nodes { key monitoring { state } } } }'),
  };
  const reads: [string, Took][] = [];
  for (const [name, visit] of Object.entries(visits)) {
    await visit();
    const took: Took[] = [];
    for (let i = 0; i < VISITS; i += 1) took.push(await timed(visit));
    reads.push([name, median(took)]);
  }
  return Object.fromEntries(reads);
}

const medianOf = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;

process.stdout.write(`${JSON.stringify(await measured(JSON.parse(process.argv[2] ?? '') as Order))}\n`);

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SYSTEM } from '../domain/ledger-entry.js';
import { keepHouse } from '../pipeline/housekeeping.js';
import { retrainContext } from '../pipeline/evaluate-window.js';
import { changeStage } from '../pipeline/supersede-replaced.js';
import { requestRetraining } from '../retraining/by-hand.js';
import { shownState } from '../retraining/shown-state.js';
import type { Service } from '../service.js';
import { LIVE_TO } from './demo-flights.js';
import { DEMO_NEXT_VERSION, nextModelFile } from './demo-job.js';
import { modelFromText } from './demo-model.js';
import { DEMO_MODEL, DEMO_VERSION } from './demo-reference.js';
import type { Answering } from './demo-stream.js';

/** How the demo's training ended (contract section 6, `training`). */
export interface DemoTraining {
  readonly state: string;
  readonly rows: number;
  readonly version: string | null;
  readonly advice: string | null;
  readonly reason: string | null;
  readonly promoted: boolean;
  /** Incidents of the version it replaces that people were told of and that are still open. */
  readonly stillOpen: number;
}

const DAY = 86_400_000;
/** When people have had enough of it: a training is asked for. */
export const TRAINED_AT = LIVE_TO - 28 * DAY;
/** Until then the new version answers in the shadow of the old one; after that it answers, or it does not. */
export const ANSWERS_FROM = LIVE_TO - 13 * DAY;
const REASON = 'distances come in kilometres now, and will go on doing so';
const JOB_WITHIN_MS = 120_000;

/** The job's process and the file that tells the service of it; made before the service reads its files. */
export async function startJob(directory: string): Promise<ChildProcess> {
  const secretPath = join(directory, 'job-secret');
  if (!existsSync(secretPath))
    writeFileSync(secretPath, `whsec_${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  const script = fileURLToPath(new URL('./main.js', import.meta.url));
  const job = spawn(process.execPath, [script, 'demo-job', '--data', directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [port] = (await once(createInterface({ input: job.stdout }), 'line')) as [string];
  const target = `{ kind: webhook, url: "http://127.0.0.1:${port}/", secret: "${readFileSync(secretPath, 'utf8').trim()}" }`;
  const settings = '{ target: job, mode: auto, period: 120d, promote: auto }';
  writeFileSync(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { job: ${target} }, models: { ${DEMO_MODEL}: ${settings} } }\n`,
    { mode: 0o600 },
  );
  return job;
}

/** Asks once for a training that ends what people were told of, and waits until the job is done; whether it was asked for now. */
export async function askForTraining(service: Service): Promise<boolean> {
  const { stages, checkpoints } = service;
  if (stages.retrainings.history(DEMO_MODEL).length > 0) return false;
  await request(service);
  await stages.outbox.drain(stages.clock.now());
  await ended(service);
  await keepHouse(stages, checkpoints); // the version that was made is on record, in shadow
  return true;
}

async function request({ ledger, registry, stages, incidents }: Service): Promise<void> {
  const { model } = registry.load(DEMO_MODEL);
  const open = incidents.openOf(DEMO_MODEL);
  const told = open.filter(({ severity }) => severity !== 'info').map(({ id }) => id);
  const wanted = { reason: REASON, version: DEMO_VERSION, actor: SYSTEM, incidents: told };
  await ledger.transact((now) =>
    requestRetraining(stages.retrainings, wanted, retrainContext(stages, model, open), now),
  );
}

async function ended({ stages }: Service): Promise<void> {
  const until = performance.now() + JOB_WITHIN_MS;
  const isUnderWay = () => stages.retrainings.inFlight(DEMO_MODEL) !== undefined;
  while (isUnderWay() && performance.now() < until) await wait(100);
}

/** The version that the job made; null where it made none. */
export function nextModel(directory: string): Answering | null {
  const file = nextModelFile(directory);
  if (!existsSync(file)) return null;
  return { version: DEMO_NEXT_VERSION, model: modelFromText(readFileSync(file, 'utf8')) };
}

/** Whether the new version answers from now on: it was compared with the old one in its shadow, which then retires. */
export async function decideOnNext(service: Service): Promise<boolean> {
  await keepHouse(service.stages, service.checkpoints);
  if (!isPromoted(service)) return false;
  await retireOld(service);
  return true;
}

function isPromoted({ registry }: Service): boolean {
  return registry
    .load(DEMO_MODEL)
    .versions.some(({ version, stage }) => version === DEMO_NEXT_VERSION && stage === 'champion');
}

async function retireOld({ stages }: Service): Promise<void> {
  const reason = `${DEMO_NEXT_VERSION}, trained on kilometres, answers`;
  await changeStage(stages, {
    model: DEMO_MODEL,
    version: DEMO_VERSION,
    stage: 'retired',
    reason,
    actor: SYSTEM,
  });
  await stages.outbox.drain(stages.clock.now());
}

/** What became of it. */
export function told(service: Service): DemoTraining {
  const { retrainings } = service.stages;
  const [story] = retrainings.history(DEMO_MODEL);
  const run = story && retrainings.find(story.id);
  const evaluation = run?.evaluation ?? null;
  const open = service.incidents
    .openOf(DEMO_MODEL)
    .filter(({ severity, signal }) => severity !== 'info' && signal.version === DEMO_VERSION);
  return {
    state: story ? shownState(story, run) : 'NONE',
    rows: (story && retrainings.manifestOf(story.id)?.manifest.rows.usable) ?? 0,
    version: run?.newVersion ?? null,
    advice: evaluation?.advice ?? null,
    reason: evaluation?.reason ?? run?.note ?? story?.stops.at(-1)?.reason ?? null,
    promoted: isPromoted(service),
    stillOpen: open.length,
  };
}

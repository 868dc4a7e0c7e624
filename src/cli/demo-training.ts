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
import { departures, LIVE_TO } from './demo-flights.js';
import { DEMO_NEXT_VERSION, nextModelFile } from './demo-job.js';
import { modelFromText } from './demo-model.js';
import { DEMO_MODEL, DEMO_VERSION } from './demo-reference.js';
import { sendEvents, type Target } from './demo-stream.js';

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
/** The new version answers beside the old one for so long, in shadow. */
const SHADOW_MS = 14 * DAY;
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
  const settings = '{ target: job, mode: auto, period: 60d, promote: auto }';
  writeFileSync(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { job: ${target} }, models: { ${DEMO_MODEL}: ${settings} } }\n`,
    { mode: 0o600 },
  );
  return job;
}

/** Asks for a training, lets the job do it, shows the new version the last fortnight in shadow, and retires the old one where the new is better. */
export async function tellTraining(
  service: Service,
  directory: string,
  target: Target,
): Promise<DemoTraining> {
  const { stages, checkpoints } = service;
  if (stages.retrainings.history(DEMO_MODEL).length === 0) {
    await request(service);
    await stages.outbox.drain(stages.clock.now());
    await ended(service);
    await keepHouse(stages, checkpoints); // the version that was made is on record, in shadow
    await shadow(service, directory, target);
    await service.spine.tick();
    await keepHouse(stages, checkpoints); // compared, and promoted where it is surely better
    if (isPromoted(service)) await retireOld(service);
  }
  return told(service);
}

async function request({ ledger, registry, stages, incidents }: Service): Promise<void> {
  const { model } = registry.load(DEMO_MODEL);
  await ledger.transact((now) =>
    requestRetraining(
      stages.retrainings,
      { reason: REASON, version: DEMO_VERSION, actor: SYSTEM },
      retrainContext(stages, model, incidents.openOf(DEMO_MODEL)),
      now,
    ),
  );
}

async function ended({ stages }: Service): Promise<void> {
  const until = performance.now() + JOB_WITHIN_MS;
  const isUnderWay = () => stages.retrainings.inFlight(DEMO_MODEL) !== undefined;
  while (isUnderWay() && performance.now() < until) await wait(100);
}

async function shadow({ database }: Service, directory: string, target: Target): Promise<void> {
  const file = nextModelFile(directory);
  if (!existsSync(file)) return;
  const model = modelFromText(readFileSync(file, 'utf8'));
  const from = LIVE_TO - SHADOW_MS;
  const leaving = await departures(database, from, LIVE_TO);
  await sendEvents(target, model, { leaving, known: [] }, DEMO_NEXT_VERSION);
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

function told(service: Service): DemoTraining {
  const { retrainings } = service.stages;
  const [story] = retrainings.history(DEMO_MODEL);
  const run = story && retrainings.find(story.id);
  const evaluation = run?.evaluation ?? null;
  // The new version is held to January as well, where distances are miles: what it opens is its own, and no problem that went on.
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

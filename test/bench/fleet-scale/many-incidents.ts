import { SYSTEM } from '../../../src/domain/ledger-entry.js';
import { Model } from '../../../src/domain/model.js';
import { decideIncidents } from '../../../src/incidents/decide-incidents.js';
import { says } from '../../support/incident-log.js';
import { ADMIN_KEY, launch, type Launched } from '../../support/launch.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const HOUR = 3_600_000;
const VERSION = '1';
/** Of each page, after one that nobody waits for. */
const VISITS = 9;
const PAGES = ['/', '/?show=wrong', '/incidents', '/incidents?state=OPEN&page=50'] as const;

/** How long a page took, and what it weighs. */
export interface PageTook {
  readonly page: string;
  /** Ascending, milliseconds. */
  readonly ms: readonly number[];
  readonly bytes: number;
}

/** The pages of a service in which so many incidents are open, each model with its own case of as many findings. No rows, windows or references: they cost what other parts measure. */
export async function manyIncidents(models: number, each: number): Promise<readonly PageTook[]> {
  const app = await launch({ now: NOW });
  try {
    await open(app, models, each);
    const took: PageTook[] = [];
    for (const page of PAGES) took.push(await visit(app, page));
    return took;
  } finally {
    await app.close();
  }
}

async function open({ service }: Launched, models: number, each: number): Promise<void> {
  const { ledger, registry, incidents } = service;
  const keys = Array.from({ length: models }, (_, i) => `model-${i}`);
  await ledger.transact((now) => keys.flatMap((key) => [...registry.register(Model.parse({ key, task: 'binary', positive: 'bad', window: '1h' }), SYSTEM, now)])); // prettier-ignore
  for (const model of keys) {
    const window = { model, version: VERSION, from: new Date(NOW.getTime() - HOUR), to: NOW, revision: 0 };
    const verdicts = Array.from({ length: each }, (_, i) => {
      const said = says({
        feature: `f${i}`,
        severity: i === 0 ? 'critical' : 'warning',
        effect: 1 + i / each,
      });
      return { ...said, signal: { ...said.signal, model, version: VERSION } };
    });
    await ledger.transact((now) => decideIncidents(incidents, { verdicts, window }, now).entries);
  }
  if (incidents.open().length !== models * each) throw new Error('not all incidents were opened');
}

async function visit({ url }: Launched, page: string): Promise<PageTook> {
  const headers = { cookie: `tidewatch_key=${ADMIN_KEY}` };
  const ms: number[] = [];
  let bytes = 0;
  for (let i = 0; i <= VISITS; i += 1) {
    const began = performance.now();
    const answer = await fetch(`${url}${page}`, { headers });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${page} answered ${answer.status}`);
    bytes = Buffer.byteLength(text);
    if (i > 0) ms.push(performance.now() - began);
  }
  return { page, ms: ms.toSorted((a, b) => a - b), bytes };
}

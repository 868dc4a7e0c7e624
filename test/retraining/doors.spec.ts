import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const NOW = new Date('2026-11-21T10:00:00Z');
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** What the key of the environment is called. */
const ADMIN_NAME = 'admin';
const STORY =
  'retraining { id state askedBy decidedBy note dueAt wishes { by summary } refusals { guard reason } run { runUrl } }';

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly askedBy: string;
  readonly decidedBy: string | null;
  readonly note: string | null;
  readonly dueAt: string | null;
  readonly refusals: readonly { readonly guard: string; readonly reason: string }[];
}
interface Payload {
  readonly retraining: Shown | null;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

let app: Launched;
let jobs: WebhookCollector;
let second: string;

beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-doors-'));
  const target = `{ kind: webhook, url: "${jobs.url}", secret: "${SECRET}" }`;
  const models = '{ loan: { target: jobs, mode: auto, minLabels: 3, notSoonerThan: 1h } }';
  await writeFile(
    join(directory, 'retraining.yaml'),
    `retraining: { targets: { jobs: ${target} }, models: ${models} }\n`,
  );
  await mkdir(join(directory, 'models'));
  await writeFile(
    join(directory, 'models', 'loan.yaml'),
    'key: loan\ntask: binary\npositive: bad\nowner: ola@example.org\nrisk: { impact: high, frequency: high }\n',
  );
  app = await launch({
    now: NOW,
    directory,
    environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' },
  });
  const sent = await app.send('/v1/predictions', [1, 2, 3].map(prediction));
  expect(sent).toMatchObject({ accepted: 3 });
  app.clock.advance(120_000);
  await app.tick();
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "validator", scopes: [OPERATE] }) { token userErrors { message } } }',
  );
  second = keyCreate.token;
});
afterAll(async () => Promise.all([app?.close(), jobs?.stop()]));

function prediction(i: number): object {
  const ts = new Date(NOW.getTime() - 60_000).toISOString();
  return {
    prediction_id: `p${i}`,
    model: 'loan',
    model_version: '7',
    ts,
    features: { amount: i },
    prediction: { label: 'good', score: 0.2 },
  };
}

/** Known for long and told now: what counts is that it arrives. */
function label(i: number): object {
  const ts = new Date(NOW.getTime() - 30_000).toISOString();
  return { prediction_id: `p${i}`, model: 'loan', ts, label: 'good' };
}

async function ask(key: string, field: string, type: string, input: object): Promise<Payload> {
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${STORY} userErrors { code message } } }`;
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const answer = (await response.json()) as { data?: Readonly<Record<string, Payload>>; errors?: object };
  const payload = answer.data?.[field];
  if (!payload) throw new Error(JSON.stringify(answer));
  return payload;
}

async function newest(): Promise<Shown> {
  const { retrainings } = await app.query<{ retrainings: { nodes: readonly Shown[] } }>(
    '{ retrainings(first: 1) { nodes { id state askedBy decidedBy decisions { at by decision note } note dueAt refusals { guard reason } } } }',
  );
  return retrainings.nodes[0]!;
}

it('leads a wanted training from waiting for labels over a second person to the job and back', async () => {
  const asked = await ask(second, 'retrainingRequest', 'RetrainingRequestInput', {
    model: 'loan',
    reason: 'new product',
  });
  expect(asked).toMatchObject({
    userErrors: [],
    retraining: { state: 'DEFERRED', refusals: [{ guard: 'labels' }] },
  });

  const joined = { model: 'loan', reason: 'and a new region' };
  expect(await ask(second, 'retrainingRequest', 'RetrainingRequestInput', joined)).toMatchObject({
    retraining: {
      id: asked.retraining?.id,
      state: 'DEFERRED',
      wishes: [{ summary: 'new product' }, { summary: 'and a new region' }],
    },
  });

  await app.send('/v1/labels', [1, 2, 3].map(label));
  app.clock.advance(60_000);
  await keepHouse(app.service.stages, app.service.checkpoints);
  const proposed = await newest();
  expect(proposed).toMatchObject({ id: asked.retraining?.id, state: 'PROPOSED' });

  const word = { id: proposed.id, note: 'seen' };
  const own = await ask(second, 'retrainingApprove', 'RetrainingApproveInput', word);
  expect(own.userErrors).toMatchObject([{ code: 'own_request' }]);
  const { keyCreate } = await app.query<{ keyCreate: { token: string } }>(
    'mutation { keyCreate(input: { name: "ola", role: VALIDATOR, owner: "Ola@example.org" }) { token } }',
  );
  const owner = await ask(keyCreate.token, 'retrainingApprove', 'RetrainingApproveInput', word);
  expect(owner.userErrors).toMatchObject([{ code: 'own_model' }]);
  await app.query(
    'mutation ($input: RetrainingApproveInput!) { retrainingApprove(input: $input) { userErrors { message } } }',
    { input: word },
  );
  expect(await newest()).toMatchObject({
    state: 'APPROVED',
    note: 'seen',
    askedBy: 'validator',
    decidedBy: ADMIN_NAME,
    decisions: [{ by: ADMIN_NAME, decision: 'APPROVED', note: 'seen', at: app.clock.now().toISOString() }],
  });

  await app.service.stages.outbox.drain(app.clock.now());
  expect(await newest()).toMatchObject({ state: 'REQUESTED' });
  expect(jobs.received).toHaveLength(1);
});

it.each<[string, () => Promise<Payload>, string]>([
  [
    'an unknown run',
    () => ask(second, 'retrainingApprove', 'RetrainingApproveInput', { id: 'nobody' }),
    'retraining_not_found',
  ],
  [
    'a no without a reason',
    async () =>
      ask(second, 'retrainingReject', 'RetrainingRejectInput', { id: (await newest()).id, note: '' }),
    'retraining_not_proposed',
  ],
  [
    'a request without a reason',
    () => ask(second, 'retrainingRequest', 'RetrainingRequestInput', { model: 'loan', reason: ' ' }),
    'reason_missing',
  ],
  [
    'an unknown model',
    () => ask(second, 'retrainingRequest', 'RetrainingRequestInput', { model: 'lone', reason: 'x' }),
    'model_not_found',
  ],
])('answers %s with what is wrong', async (_what, act, code) => {
  expect(await act()).toMatchObject({ retraining: null, userErrors: [{ code }] });
});

it('says that there is nothing to reset, and that a model in a filter does not exist', async () => {
  const { retrainingBreakerReset } = await app.query<{
    retrainingBreakerReset: { userErrors: readonly object[] };
  }>(
    'mutation { retrainingBreakerReset(input: { model: "loan", note: "mended" }) { userErrors { code field } } }',
  );
  expect(retrainingBreakerReset.userErrors).toEqual([{ code: 'breaker_closed', field: ['input', 'model'] }]);
  await expect(app.query('{ retrainings(filter: { model: "lone" }) { totalCount } }')).rejects.toThrow(
    /lone/,
  );
});

it('takes nothing that is no report, in the same form as any other', async () => {
  const { id } = await newest();
  const { token } = (jobs.events()[0] as { data: { callback: { token: string } } }).data.callback;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (const body of ['{"status": ', '[]', 'null', '']) {
    const response = await fetch(`${app.url}/v1/callbacks/retrain/${id}`, { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([
      422,
      { code: 'bad_body', message: expect.stringMatching(/write fields/u) as string },
    ]);
  }
});

it('sends nothing of what was called off before, and says who did that', async () => {
  const { id } = await newest();
  const run = () => app.service.stages.retrainings.find(id);
  await ask(ADMIN_KEY, 'retrainingCancel', 'RetrainingCancelInput', { id, note: 'wrong month' });
  expect(run()?.state).toBe('cancelled');
  await app.send(
    '/v1/labels',
    [1, 2, 3].map((i) => ({ ...label(i), ts: app.clock.now().toISOString() })),
  );
  app.clock.advance(3_600_000);
  await keepHouse(app.service.stages, app.service.checkpoints);
  const wish = { model: 'loan', reason: 'another try' };
  const again = await ask(second, 'retrainingRequest', 'RetrainingRequestInput', wish);
  expect(again.retraining).toMatchObject({ state: 'PROPOSED' });
  const next = again.retraining?.id ?? '';
  await ask(ADMIN_KEY, 'retrainingApprove', 'RetrainingApproveInput', { id: next, note: 'go' });
  await ask(second, 'retrainingCancel', 'RetrainingCancelInput', { id: next, note: 'not now' });
  expect(app.service.stages.deliveries.find(next)).toMatchObject({ state: 'dead', code: 'called_off' });
  await app.service.stages.outbox.drain(app.clock.now());
  expect(jobs.received).toHaveLength(1);
  const { retrainings } = await app.query<{ retrainings: { nodes: readonly object[] } }>(
    '{ retrainings(first: 1) { nodes { state lastWord decisions { by decision note } run { sentAt launchedAt } } } }',
  );
  expect(retrainings.nodes[0]).toEqual({
    state: 'CANCELLED',
    lastWord: 'not now',
    decisions: [
      { by: ADMIN_NAME, decision: 'APPROVED', note: 'go' },
      { by: 'validator', decision: 'CANCELLED', note: 'not now' },
    ],
    run: { sentAt: null, launchedAt: null },
  });
});

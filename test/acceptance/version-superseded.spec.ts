import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 72;
const PER_HOUR = 60;
/** `price` is replaced, `rent` falls silent, the canary of `loan` falls silent beside the version that it was to replace. */
const MODELS = ['price', 'rent', 'loan'] as const;
type Name = (typeof MODELS)[number];

const random = lcg(23);
const normal = normals(random);

interface Stream {
  readonly model: Name;
  readonly version: string;
  readonly drifted?: boolean;
}

function answers(hour: number, { model, version, drifted = false }: Stream): object[] {
  return Array.from({ length: PER_HOUR }, (_, i) => ({
    prediction_id: `p-${hour}-${version}-${i}`,
    model,
    model_version: version,
    ts: new Date(START + hour * HOUR + Math.floor((i * HOUR) / (PER_HOUR + 1))).toISOString(),
    features: { area: 80 + (drifted ? 60 : 0) + 20 * normal() },
    prediction: { value: 10 + 3 * normal() },
  }));
}

interface Found {
  readonly id: string;
  readonly model: { readonly key: Name };
  readonly version: string;
  readonly check: string;
  readonly state: string;
  readonly closeReason: string | null;
  readonly caseId: string;
}

describe('the incidents of a version that is replaced', () => {
  let app: Launched;
  let hour = 0;
  beforeAll(async () => {
    app = await launch({ now: new Date(START) });
    for (const model of MODELS) {
      const yaml = `key: ${model}\ntask: regression\nwindow: 1h\nseason: day\nbaseline: { learn: 3d }\nlabels: { expectedWithin: 1h }\n`;
      await registerModel(app, yaml);
    }
    await app.query(
      'mutation { modelVersionRegister(input: { model: "loan", version: "2", stage: CANARY }) { userErrors { message } } }',
    );
  });
  afterAll(async () => app?.close());

  const pass = async (hours: number, streams: readonly Stream[], step = 1) => {
    for (const end = hour + hours; hour < end; hour += step) {
      app.clock.set(new Date(START + (hour + step) * HOUR + 200_000));
      const span = Array.from({ length: step }, (_, i) => hour + i);
      const events = span.flatMap((at) => streams.flatMap((stream) => answers(at, stream)));
      if (events.length > 0)
        expect(await app.send('/v1/predictions', events)).toMatchObject({ accepted: events.length });
      await app.tick();
      await app.service.stages.outbox.drain(app.clock.now());
    }
  };
  const restart = async () => {
    await app.stop();
    app = await launch({ now: app.clock.now(), directory: app.directory });
  };
  const found = async (model: Name, version: string): Promise<readonly Found[]> => {
    const { incidents } = await app.query<{ incidents: { nodes: Found[] } }>(
      `query ($model: String!, $version: String!) { incidents(first: 100, filter: { severities: [WARNING, CRITICAL], model: $model, version: $version }) {
         nodes { id model { key } version check state closeReason caseId } } }`,
      { model, version },
    );
    return incidents.nodes;
  };
  const drifts = async (model: Name, version: string) =>
    (await found(model, version)).filter(({ check }) => check === 'feature_drift');
  /** What people were told of a case, in order. */
  const told = ({ caseId }: Found) =>
    app.service.stages.deliveries
      .list()
      .filter((delivery) => delivery.message.type === 'case' && delivery.message.caseId === caseId)
      .toReversed()
      .map(({ purpose, message, state }) => ({
        purpose,
        state,
        summary: message.type === 'case' ? message.summary : '',
      }));
  const superseded = async () =>
    (await app.service.ledger.read({ actions: ['incident.superseded'], limit: 100 })).map(
      ({ subject }) => subject.id,
    );

  it('stay open while the version answers, also beside its successor', async () => {
    const calm = MODELS.map((model) => ({ model, version: '1' }));
    await pass(REFERENCE_HOURS + 4, calm, (REFERENCE_HOURS + 4) / 4);
    await pass(3, [
      { model: 'price', version: '1', drifted: true },
      { model: 'price', version: '2' },
      { model: 'rent', version: '1', drifted: true },
      { model: 'loan', version: '1' },
      { model: 'loan', version: '2', drifted: true },
    ]);
    for (const [model, version] of [['price', '1'], ['rent', '1'], ['loan', '2']] as const)
      expect(await drifts(model, version)).toMatchObject([{ state: 'OPEN', closeReason: null }]); // prettier-ignore
  }, 300_000);

  it('end with it, told once and not as recovered, whenever the process stops', async () => {
    await restart();
    await pass(3, [
      { model: 'price', version: '2' },
      { model: 'loan', version: '1' },
    ]);
    const [incident] = await drifts('price', '1');
    expect(incident).toMatchObject({ state: 'CLOSED', closeReason: 'SUPERSEDED' });
    const once = await superseded();
    expect(once.toSorted()).toEqual((await found('price', '1')).map(({ id }) => id).toSorted());
    await restart();
    await pass(3, [
      { model: 'price', version: '2' },
      { model: 'loan', version: '1' },
    ]);
    expect(await superseded()).toEqual(once);
    expect(told(incident!)).toEqual([
      { purpose: 'opened', state: 'delivered', summary: expect.any(String) },
      {
        purpose: 'closed',
        state: 'delivered',
        summary: expect.stringContaining('Superseded (version 2 has taken over): '),
      },
    ]);
    const page = await fetch(`${app.url}/incidents/${incident!.id}`, {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(await page.text()).toContain('(superseded)');
  }, 300_000);

  it('of a version that merely fell silent do not end, nor where an older one goes on', async () => {
    expect(await drifts('rent', '1')).toMatchObject([{ state: 'OPEN' }]);
    expect(await drifts('loan', '2')).toMatchObject([{ state: 'OPEN' }]);
    expect((await found('rent', '1')).map(({ check }) => check)).toContain('freshness');
  });

  it('come back with its rows', async () => {
    const [before] = await drifts('price', '1');
    await pass(2, [
      { model: 'price', version: '1', drifted: true },
      { model: 'price', version: '2' },
    ]);
    expect(await drifts('price', '1')).toMatchObject([{ id: before!.id, state: 'OPEN', closeReason: null }]);
  });

  it('end at once when the version is retired, in the name of who retired it', async () => {
    const { modelVersionStageChange: answer } = await app.query<{
      modelVersionStageChange: { userErrors: unknown[] };
    }>(
      `mutation { modelVersionStageChange(input: { model: "rent", version: "1", stage: RETIRED, reason: "no longer sold" }) {
         userErrors { message } } }`,
    );
    expect(answer.userErrors).toEqual([]);
    const ended = await found('rent', '1');
    expect(new Set(ended.map(({ closeReason }) => closeReason))).toEqual(new Set(['SUPERSEDED']));
    expect(told(ended[0]!).at(-1)).toMatchObject({
      summary: expect.stringContaining('retired: no longer sold'),
    });
    await pass(2, []);
    expect(await found('rent', '1')).toEqual(ended);
  });
});

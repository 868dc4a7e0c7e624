import { beforeEach, describe, expect, it } from 'vitest';
import { Model } from '../../src/domain/model.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { Outbox } from '../../src/pipeline/outbox.js';
import { RetrainNotifier } from '../../src/pipeline/retrain.notifier.js';
import { RunWatch } from '../../src/pipeline/run-watch.js';
import { cancelRetraining } from '../../src/retraining/by-hand.js';
import { expireRetrainings } from '../../src/retraining/callback.js';
import { callbackToken, callbackTokenHash } from '../../src/retraining/callback-token.js';
import { decideRetraining } from '../../src/retraining/decide.js';
import { RetrainingGuards } from '../../src/retraining/guards.js';
import { Retrainings } from '../../src/retraining/retrainings.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { change, incident } from '../support/incidents.js';
import { MemoryLedger } from '../support/memory-ledger.js';
import { OrchestratorServer } from '../support/orchestrator-server.js';
import { recordedManifest } from '../support/retraining-ground.js';

const token = 'secret';
const model = Model.parse({ key: 'credit-default', task: 'regression' });
const tokenOf = (id: string): string => callbackToken('service secret', id);

interface Case {
  readonly target: object;
  /** The orchestrator's own words. */
  readonly running: string;
  readonly failed: string;
  /** Knows a repetition by itself, or is looked into first. */
  readonly once: boolean;
  /** Where the id of the run stands in what was sent. */
  readonly sent: (body: Readonly<Record<string, unknown>>) => unknown;
}

const CASES: Readonly<Record<string, Case>> = {
  airflow: { target: { dag: 'retrain', token }, running: 'running', failed: 'failed', once: true, sent: ({ conf }) => conf },
  'airflow 2': { target: { dag: 'retrain', version: 2, user: 'u', password: 'p' }, running: 'running', failed: 'failed', once: true, sent: ({ conf }) => conf },
  argo: {
    target: { namespace: 'ml', template: 'retrain', token, parameters: { id: '{{ retraining_id }}', manifest: '{{ manifest }}' } },
    running: 'Running', failed: 'Error', once: true,
    sent: ({ submitOptions }) => (submitOptions as { parameters: readonly string[] }).parameters.map((one) => one.split('=')),
  },
  kubeflow: {
    target: { pipeline: 'p1', token },
    running: 'RUNNING', failed: 'FAILED', once: true,
    sent: (body) => (body['runtime_config'] as { parameters: unknown }).parameters,
  },
  github: {
    target: { repository: 'acme/models', workflow: 'train.yml', token },
    running: 'in_progress', failed: 'failure', once: false,
    sent: (body) => JSON.parse((body['inputs'] as { payload: string }).payload) as unknown,
  },
  databricks: { target: { job: 11, token }, running: 'RUNNING', failed: 'FAILED', once: true, sent: (body) => body['job_parameters'] },
  sagemaker: {
    target: { region: 'eu-west-1', pipeline: 'p', accessKeyId: 'AK', secretAccessKey: 'SK' },
    running: 'Executing', failed: 'Failed', once: true,
    sent: (body) => (body['PipelineParameters'] as readonly { Name: string; Value: string }[]).map(({ Name, Value }) => [Name, Value]),
  },
  vertex: {
    target: { project: 'p', region: 'europe-west4', templateUri: 'gs://t.yaml', outputDirectory: 'gs://out', token },
    running: 'PIPELINE_STATE_RUNNING', failed: 'PIPELINE_STATE_FAILED', once: true,
    sent: (body) => (body['runtimeConfig'] as { parameterValues: unknown }).parameterValues,
  },
  azure: {
    target: {
      subscription: 's', resourceGroup: 'g', workspace: 'w', token,
      job: { jobType: 'Command', command: 'python train.py {{ manifest.url }}', environmentVariables: { retraining_id: '{{ retraining_id }}' } },
    },
    running: 'Running', failed: 'Failed', once: true,
    sent: (body) => (body['properties'] as { environmentVariables: unknown }).environmentVariables,
  },
}; // prettier-ignore

let time: Date;
let state: Retrainings;
beforeEach(() => {
  time = new Date('2026-11-21T12:00:00.000Z');
  state = new Retrainings();
});

describe.each(Object.entries(CASES))('%s', (name, { target, running, failed, once, sent }) => {
  async function launched(failing: number) {
    const kind = name.split(' ')[0] ?? '';
    const server = await OrchestratorServer.start(kind);
    server.failing = failing;
    const clock = { now: (): Date => time };
    const deliveries = new Deliveries();
    const ledger = new MemoryLedger([state, deliveries], clock);
    const http = new HttpSender({ allow: ['127.0.0.0/8'] });
    const guards = RetrainingGuards.parse({
      targets: { jobs: { kind, url: server.url, ...target } },
      models: { '*': { target: 'jobs', mode: 'auto' } },
    });
    const papers = {
      token: tokenOf,
      manifest: async () => recordedManifest(),
      isWanted: (id: string) => state.find(id)?.state === 'requested',
    };
    const parts = {
      ledger,
      deliveries,
      channels: {},
      log: Log.silent(),
      metrics: new Metrics(),
      random: () => 0.5,
    };
    const outbox = new Outbox({
      ...parts,
      notifiers: [new RetrainNotifier(http, () => guards, papers, clock)],
      isOpen: () => true,
    });
    const watch = new RunWatch({ ledger, retrainings: state, guards, http, clock, log: Log.silent() });
    const context = {
      model,
      champion: '1',
      guards,
      open: [],
      known: () => [],
      newLabels: null,
      newestRowAt: null,
      baseUrl: 'https://t.example',
    };
    const tokenHash = (id: string) => callbackTokenHash(tokenOf(id));
    const wanted = [change('opened', incident('age', { retrain: true }))];
    await ledger.transact((now) => decideRetraining(state, wanted, { ...context, tokenHash }, now));
    const id = state.list()[0]?.id ?? '';
    for (let i = 0; i <= failing; i++) {
      await outbox.drain(time);
      time = new Date(time.getTime() + 3_600_000);
    }
    const stop = async () => Promise.all([server.stop(), http.close()]);
    return { server, ledger, watch, id, stop };
  }
  const found = (id: string) => state.find(id);

  it('starts one run with what the job must know, follows it, and tells of its failure', async () => {
    const { server, watch, id, stop } = await launched(0);
    const [call] = server.runs.started;
    const said = sent(call?.body ?? {});
    expect(Array.isArray(said) ? JSON.stringify(said) : said).toEqual(
      Array.isArray(said) ? expect.stringContaining(id) : expect.objectContaining({ retraining_id: id }),
    );
    expect(found(id)).toMatchObject({
      state: 'accepted',
      runUrl: expect.stringMatching(/^https?:/u) as string,
    });
    server.runs.state = running;
    await watch.look();
    expect(found(id)?.state).toBe('running');
    server.runs.state = failed;
    await watch.look();
    expect(found(id)?.state).toBe('running');
    time = new Date(time.getTime() + 60_000);
    await watch.look();
    expect(found(id)).toMatchObject({ state: 'failed', note: `the orchestrator says: ${failed}` });
    await stop();
  });

  it('is not started twice by an answer that was lost', async () => {
    const { server, id, stop } = await launched(1);
    expect(server.runs.started).toHaveLength(once ? 1 : 2);
    expect(found(id)?.state).toBe('accepted');
    await stop();
  });

  it('is told to stop when a person calls the run off', async () => {
    const { server, ledger, watch, id, stop } = await launched(0);
    const word = { id, note: 'wrong data', actor: { type: 'key', id: 'ada' } } as const;
    await ledger.transact((now) => cancelRetraining(state, word, now));
    const run = found(id);
    expect(run && (await watch.stop(run))).toBe(true);
    expect([server.runs.cancelled, run?.state]).toEqual([1, 'cancelled']);
    await stop();
  });

  it('is told to stop once when a run does not end in time', async () => {
    const { server, ledger, watch, id, stop } = await launched(0);
    await ledger.transact((now) => expireRetrainings(state, new Date(now.getTime() + 24 * 3_600_000)));
    expect(found(id)?.state).toBe('timed_out');
    for (let i = 0; i < 2; i += 1) {
      await watch.look();
      time = new Date(time.getTime() + 60_000);
    }
    expect(server.runs.cancelled).toBe(1);
    await stop();
  });
});

it('refuses at load what a template cannot fill, and a target without a token', () => {
  const target = { kind: 'argo', url: 'https://argo.example', namespace: 'ml', template: 't' };
  const parse = (more: object) => () => RetrainingGuards.parse({ targets: { jobs: { ...target, ...more } } });
  expect(parse({ token, parameters: { a: { b: ['{{ manifest.uri }}'] } } })).toThrow(
    /manifest\.uri.*stands for nothing; there are retraining_id/u,
  );
  expect(parse({})).toThrow(/give one of: token, tokenFile/u);
});

import { expect, it } from 'vitest';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { RetrainingGuards } from '../retraining/guards.js';
import { shownRequest } from './preview-request.js';

const KEY = 'key-that-nobody-may-see';
const TARGETS = {
  jobs: { kind: 'webhook', url: 'https://jobs.example/start', secret: `whsec_${Buffer.from(KEY.padEnd(32, '!')).toString('base64')}` },
  air: { kind: 'airflow', url: 'https://air.example', dag: 'retrain', token: KEY },
  'air-2': { kind: 'airflow', version: 2, url: 'https://air.example', dag: 'retrain', user: 'u', password: KEY },
  argo: { kind: 'argo', url: 'https://argo.example', namespace: 'ml', template: 'retrain', token: KEY },
  kubeflow: { kind: 'kubeflow', url: 'https://kf.example', pipeline: 'p1', token: KEY },
  github: { kind: 'github', repository: 'acme/models', token: KEY },
  sagemaker: { kind: 'sagemaker', region: 'eu-west-1', pipeline: 'p', accessKeyId: KEY, secretAccessKey: KEY, sessionToken: KEY },
  vertex: { kind: 'vertex', project: 'p', region: 'europe-west4', templateUri: 'gs://t.yaml', outputDirectory: 'gs://out', token: KEY },
  azure: { kind: 'azure', subscription: 's', resourceGroup: 'g', workspace: 'w', token: KEY, job: { jobType: 'Command', command: 'python train.py {{ retraining_id }} {{ manifest.url }} {{ callback.url }}' } },
  databricks: { kind: 'databricks', url: 'https://dbx.example', job: 11, token: KEY },
}; // prettier-ignore
const { targets } = RetrainingGuards.parse({ targets: TARGETS, models: { '*': { target: 'jobs' } } });

const AT = new Date('2026-11-21T12:00:00.000Z');
const ID = 'f'.repeat(32);
const CALLBACK = `https://t.example/v1/callbacks/retrain/${ID}`;
const MANIFEST = `https://t.example/v1/retrainings/${ID}/manifest`;
const message: RetrainMessage = {
  type: 'retrain',
  id: ID,
  model: 'credit-default',
  version: '7',
  cause: { kind: 'manual', caseId: null, incidentIds: [], summary: 'a preview' },
  requestedAt: AT.toISOString(),
  notBefore: AT.toISOString(),
  exclude: [],
  callbackUrl: CALLBACK,
};

it.each(Object.keys(TARGETS))('%s is previewed with all that its job is told, and none of its secrets', (name) => {
  const target = targets[name];
  if (!target) throw new Error(`no target ${name}`);
  const manifest = { url: MANIFEST, sha256: '<digest>', rows: 10, files: 1 };
  const shown = shownRequest(target, message, { token: '<token>', manifest }, AT);
  expect(shown.method).toMatch(/^(?:POST|PUT)$/u);
  const text = JSON.stringify(shown);
  for (const told of [ID, CALLBACK, MANIFEST]) expect(text).toContain(told);
  for (const secret of [KEY, Buffer.from(KEY).toString('base64').slice(0, 24)]) expect(text).not.toContain(secret);
}); // prettier-ignore

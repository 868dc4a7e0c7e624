import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { parseChannels } from '../notify/parse-channels.js';
import { parseRetraining } from '../retraining/parse-retraining.js';
import { residencyRemarks } from './barred-places.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const channels = parseChannels(
  `channels:
  default: [{ kind: console }, { kind: email, to: ops@example.org }, { kind: webhook, url: "https://a.example/x", secret: ${SECRET}, liesIn: [DE, EU] }]
  team: [{ kind: email, to: ops@example.org }]`,
  () => undefined,
);
const target = (kind: string) => parseRetraining(`retraining: { targets: { jobs: ${kind} }, models: { "*": { target: jobs } } }`, () => undefined); // prettier-ignore
const SAGEMAKER =
  '{ kind: sagemaker, region: eu-central-1, pipeline: p, accessKeyId: a, secretAccessKey: b }';
const model = (residency?: unknown) => Model.parse({ key: 'credit', task: 'regression', residency });

it('G-19: names the service, destinations and targets that contradict where data has to stay', () => {
  const guards = target(`{ kind: webhook, url: "https://b.example/x", secret: "${SECRET}", liesIn: US }`);
  expect(residencyRemarks([model('EU')], { channels, guards, here: ['US'] })).toEqual([
    expect.stringMatching(/^data of credit has to stay in EU, and this service lies in US: its rows are refused/u),
    expect.stringMatching(/default, team \(email ops@example.org\) does not say where it lies: nothing about it goes there/u),
    expect.stringMatching(/jobs \(webhook https:\/\/b.example\/x\) lies in US/u),
  ]);
}); // prettier-ignore

it('counts the region of a cloud as a name, and is silent where nothing is said or all agrees', () => {
  const guards = target(SAGEMAKER);
  const places = { channels: { default: [{ kind: 'console' as const }] }, guards, here: ['EU'] };
  expect(residencyRemarks([model(['eu', 'EU-CENTRAL-1'])], places)).toEqual([]);
  expect(residencyRemarks([model('EU')], places)).toEqual([expect.stringContaining('lies in EU-CENTRAL-1')]);
  expect(residencyRemarks([model()], { channels, guards, here: null })).toEqual([]);
});

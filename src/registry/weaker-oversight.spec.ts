import { expect, it } from 'vitest';
import { Model, type ModelFile } from '../domain/model.js';
import { weakerOversight } from './weaker-oversight.js';

const FULL: ModelFile = {
  key: 'loans',
  task: 'binary',
  positive: 'bad',
  classes: ['good', 'bad'],
  favourable: 'good',
  protected: ['sex', 'age'],
  environments: ['production', 'canary'],
  segments: ['channel'],
  features: { income: { type: 'numeric' } },
  jurisdictions: ['DE', 'FR'],
  residency: ['EU'],
  thirdParty: true,
  expectations: [{ feature: 'income', min: 0 }],
  risk: { impact: 'high', frequency: 'high', assessor: 'vera', reviewBy: '2026-12-01' },
  monitoringPlan: { metrics: ['auc', 'psi'], every: '7d', responsible: 'vera' },
  service: { latencyP95Ms: 200, errorRate: 0.01 },
};
const weakened = (change: Partial<ModelFile>) =>
  weakerOversight(Model.parse(FULL), Model.parse({ ...FULL, ...change })).map(({ text }) => text);

it.each<[Partial<ModelFile>, readonly string[]]>([
  [{ protected: ['age'] }, ['protected of loans: without sex']],
  [{ favourable: 'bad' }, ['favourable of loans: good to bad']],
  [{ positive: 'good' }, ['positive of loans: bad to good']],
  [{ environments: ['nowhere'] }, ['environments of loans: without production, canary']],
  [{ segments: [] }, ['segments of loans: without channel']],
  [{ features: {} }, ['features of loans: without income']],
  [{ features: { income: { type: 'categorical' } } }, ['features.type of loans: income numeric to categorical']],
  [{ jurisdictions: ['FR'] }, ['jurisdictions of loans: without DE']],
  [{ residency: ['EU', 'US'] }, ['residency of loans: EU to EU, US']],
  [{ residency: undefined }, ['residency of loans: EU to unsaid']],
  [{ thirdParty: false }, ['thirdParty of loans: true to false']],
  [{ expectations: [] }, ['expectations of loans: without {"feature":"income","min":0,"atMost":0}']],
  [
    { risk: { ...FULL.risk, frequency: 'medium', assessor: 'ada', reviewBy: '2030-01-01' } },
    [
      'risk.frequency of loans: high to medium',
      'risk.assessor of loans: vera to ada',
      'risk.reviewBy of loans: 2026-12-01 to 2030-01-01',
    ],
  ],
  [{ monitoringPlan: undefined }, ['monitoringPlan.metrics of loans: none any more']],
  [
    { monitoringPlan: { metrics: ['psi'], every: '30d', responsible: 'ada' } },
    [
      'monitoringPlan.metrics of loans: without auc',
      'monitoringPlan.every of loans: 7d to 30d',
      'monitoringPlan.responsible of loans: vera to ada',
    ],
  ],
  [{ multivariate: { classifier: false } }, ['multivariate.classifier of loans: unsaid to false']],
  [{ season: 'none' }, ['season of loans: week to none']],
  [{ window: '1d' }, ['window of loans: 1h to 1d']],
  [{ lateness: '1d' }, ['lateness of loans: 90d to 1d']],
  [{ labels: { expectedWithin: '90d' } }, ['labels.expectedWithin of loans: 30d to 90d']],
  [{ service: { latencyP95Ms: 900 } }, ['service.latencyP95Ms of loans: 200 to 900', 'service.errorRate of loans: 0.01 to unsaid']],
  [{ limits: { features: 1 } }, ['limits.features of loans: 600 to 1']],
])('G-06: %o takes away from what watches a model', (change, texts) => {
  expect(weakened(change)).toEqual(texts);
}); // prettier-ignore

it('G-06: what adds to it, or has nothing to do with it, takes nothing away', () => {
  const more: Partial<ModelFile> = {
    name: 'Loans',
    purpose: 'credit',
    protected: ['sex', 'age', 'origin'],
    environments: ['production', 'canary', 'edge'],
    jurisdictions: ['DE', 'FR', 'AT'],
    features: { income: { type: 'numeric', unit: 'EUR' }, age: { type: 'numeric' } },
    risk: { ...FULL.risk, reviewBy: '2026-11-01' },
    monitoringPlan: { metrics: ['auc', 'psi', 'brier'], every: '1d', responsible: 'vera' },
    service: { latencyP95Ms: 100, errorRate: 0.001 },
    window: '30m',
  };
  expect(weakened(more)).toEqual([]);
});

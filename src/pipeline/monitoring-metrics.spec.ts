import { expect, it } from 'vitest';
import type { Monitoring } from '../domain/monitoring.js';
import { Metrics } from '../telemetry/metrics.js';
import { countByModel } from './monitoring-metrics.js';
import { UNSAID } from './monitoring.repository.js';

const learning: Monitoring = {
  ...UNSAID,
  state: 'LEARNING',
  reason: '12 of 336 windows of the reference are there',
  windowsLearnt: 12,
  windowsNeeded: 336,
};
const partly: Monitoring = {
  ...learning,
  state: 'PARTLY',
  windowsLearnt: 336,
  windowsNeeded: 48,
  armed: 30,
  tooFewWindows: 3,
  expectedFalseAlerts: 0.25,
};

const lines = async (metrics: Metrics): Promise<readonly string[]> =>
  (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

it('every model says how far it is monitored, and no more what it was before', async () => {
  const metrics = new Metrics();
  const of = (model: string, monitoring: Monitoring, version = '1') => ({ model, version, monitoring });
  countByModel(metrics, [of('rent', learning, ''), of('gone', learning)]);
  expect(await lines(metrics)).toContain(
    'tidewatch_model_monitoring{model="rent",version="",state="LEARNING"} 1',
  );
  countByModel(metrics, [of('rent', partly)]);
  expect(await lines(metrics)).toEqual([
    'tidewatch_model_monitoring{model="rent",version="1",state="PARTLY"} 1',
    'tidewatch_model_windows_learnt{model="rent",version="1"} 336',
    'tidewatch_model_windows_needed{model="rent",version="1"} 48',
    'tidewatch_model_series{model="rent",version="1",standing="armed"} 30',
    'tidewatch_model_series{model="rent",version="1",standing="learning"} 0',
    'tidewatch_model_series{model="rent",version="1",standing="too_few_windows"} 3',
    'tidewatch_model_series{model="rent",version="1",standing="uncalibratable"} 0',
    'tidewatch_model_expected_false_alerts{model="rent",version="1"} 0.25',
  ]);
});

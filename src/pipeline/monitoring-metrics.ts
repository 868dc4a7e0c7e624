import type { Gauge } from 'prom-client';
import type { Monitoring } from '../domain/monitoring.js';
import type { Metrics } from '../telemetry/metrics.js';

/** How far a model is monitored, and the version that answers for it: '' while none does. */
export interface MonitoredModel {
  readonly model: string;
  readonly version: string;
  readonly monitoring: Monitoring;
}

type Series = readonly [labels: Readonly<Record<string, string>>, value: number];

/** Sets the gauges of every model's monitoring. What is not among these any more, such as a state that was left, goes: another process may say it now. */
export function countByModel(metrics: Metrics, models: readonly MonitoredModel[]): void {
  const [model, version] = ['model', 'version'];
  const state = metrics.gauge('model_monitoring', '1 for the state a model is in: how far it is monitored', [model, version, 'state']); // prettier-ignore
  const learnt = metrics.gauge('model_windows_learnt', 'Windows with rows of its reference, as far as it is there', [model, version]); // prettier-ignore
  const needed = metrics.gauge('model_windows_needed', 'Windows that its reference needs', [model, version]);
  const series = metrics.gauge('model_series', 'Series of a model by how they stand: armed, learning, too_few_windows, uncalibratable', [model, version, 'standing']); // prettier-ignore
  const expected = metrics.gauge('model_expected_false_alerts', "False pages expected in 30 days if the fleet's whole budget were this model's; absent where nothing is armed", [model, version]); // prettier-ignore
  replace(state, models, ({ monitoring }) => [[{ state: monitoring.state }, 1]]);
  replace(learnt, models, ({ monitoring }) => [[{}, monitoring.windowsLearnt]]);
  replace(needed, models, ({ monitoring }) => [[{}, monitoring.windowsNeeded]]);
  replace(series, models, ({ monitoring }) => standings(monitoring));
  replace(expected, models, ({ monitoring: { expectedFalseAlerts } }) =>
    expectedFalseAlerts === null ? [] : [[{}, expectedFalseAlerts]],
  );
}

function standings({ armed, learning, tooFewWindows, uncalibratable }: Monitoring): readonly Series[] {
  const counts = { armed, learning, too_few_windows: tooFewWindows, uncalibratable };
  return Object.entries(counts).map(([standing, count]) => [{ standing }, count]);
}

/** In one step, so that no scrape sees a part. */
function replace(
  gauge: Gauge,
  models: readonly MonitoredModel[],
  seriesOf: (one: MonitoredModel) => readonly Series[],
): void {
  gauge.reset();
  for (const one of models)
    for (const [labels, value] of seriesOf(one))
      gauge.set({ model: one.model, version: one.version, ...labels }, value);
}

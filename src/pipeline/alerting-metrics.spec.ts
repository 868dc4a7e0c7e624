import { describe, expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import * as ground from '../../test/support/retraining-ground.js';
import { Openings } from '../incidents/openings.js';
import { Deliveries } from '../notify/deliveries.js';
import { Metrics } from '../telemetry/metrics.js';
import { Model } from '../domain/model.js';
import { Registry } from '../registry/registry.js';
import { countAlerting, countPromotions } from './alerting-metrics.js';

describe('metrics of alerting', () => {
  it('say what is open now and what was ever opened, however often they are counted', async () => {
    const log = new IncidentLog();
    const [openings, metrics, counted] = [new Openings(), new Metrics(), new Map<string, number>()];
    ground.begin();
    ground.decide();
    const retrainings = ground.state;
    const parts = { incidents: log.incidents, openings, deliveries: new Deliveries(), retrainings, metrics };
    const follow = () => log.entries.slice(seen).forEach((entry) => openings.apply(entry));
    let seen = 0;
    log.judge(1, [says({ feature: 'age' }), says({ feature: 'income', severity: 'critical' })]);
    follow();
    countAlerting(parts, counted);
    countAlerting(parts, counted);
    seen = log.entries.length;
    log.judge(2, [says({ feature: 'age', outcome: 'clear' })]);
    log.judge(3, [says({ feature: 'age', outcome: 'clear' })]);
    follow();
    countAlerting(parts, counted);
    const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith('tidewatch_'));
    const trainings = lines.filter((line) => line.startsWith('tidewatch_retrainings'));
    expect(trainings.filter((line) => !line.endsWith(' 0'))).toEqual([
      'tidewatch_retrainings{state="REQUESTED"} 1',
    ]);
    expect(lines.filter((line) => !trainings.includes(line))).toEqual([
      'tidewatch_incidents_open{severity="info"} 0',
      'tidewatch_incidents_open{severity="warning"} 0',
      'tidewatch_incidents_open{severity="critical"} 1',
      'tidewatch_incidents_opened_total{severity="critical",check="feature_drift"} 1',
      'tidewatch_incidents_opened_total{severity="warning",check="feature_drift"} 1',
      'tidewatch_deliveries_pending 0',
    ]);
  });

  it('say how long versions took into production, and that it is not known where none did', async () => {
    const metrics = new Metrics();
    ground.begin();
    const parts = { registry: new Registry(), retrainings: ground.state, metrics };
    const hour = async () => {
      countPromotions(parts, new Date(ground.now.getTime() + 3 * ground.HOUR));
      return /seconds_to_production\{quantile="0.5"\} (.*)/u.exec(await metrics.text())?.[1];
    };
    expect(await hour()).toBe('Nan');
    const subject = { type: 'model', id: 'm' };
    const entry = { actor: ground.ADA, subject, hash: '' };
    const model = Model.parse({ key: 'm', task: 'regression' });
    const apply = (action: string, data: object, at: number, seq: number) =>
      parts.registry.apply({ ...entry, action, data: { ...data }, at: new Date(at), seq });
    const begun = ground.now.getTime();
    for (const { action, data } of parts.registry.register(model, ground.ADA, ground.now))
      apply(action, data, begun, 1);
    apply('model_version.registered', { model: 'm', version: '1', stage: 'shadow' }, begun, 2);
    const promoted = { model: 'm', version: '1', before: 'shadow', after: 'champion' };
    apply('model_version.stage_changed', promoted, begun + ground.HOUR, 3);
    // A version without a row answers nobody, whatever it was announced as.
    expect(await hour()).toBe('Nan');
    apply(
      'model_version.seen',
      { model: 'm', version: '1', stage: 'champion', declared: true },
      begun + ground.HOUR,
      4,
    );
    expect(await hour()).toBe('3600');
  });
});

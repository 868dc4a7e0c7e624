import { describe, expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import * as ground from '../../test/support/retraining-ground.js';
import { Openings } from '../incidents/openings.js';
import { Deliveries } from '../notify/deliveries.js';
import { Metrics } from '../telemetry/metrics.js';
import { countAlerting } from './alerting-metrics.js';

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
});

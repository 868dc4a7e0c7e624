import { COST_METRICS } from '../checks/cost-metrics.js';
import { words } from '../domain/wording.js';

/** A metric as pages call it; what is money says its currency, where there is one. */
export function metricTitle(metric: string, currency: string | undefined): string {
  return currency !== undefined && COST_METRICS.includes(metric)
    ? `${words(metric)}, ${currency}`
    : words(metric);
}

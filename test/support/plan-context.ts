import { UNKNOWN_SUBJECT } from '../../src/notify/case-subject.js';
import type { PlanContext } from '../../src/notify/plan.js';

/** What planning messages needs, where a spec does not care: no other incidents, no routes, a model of nobody. */
export function planContext(
  parts: Pick<PlanContext, 'channels' | 'deliveries'> & Partial<PlanContext>,
): PlanContext {
  return {
    channelsFor: ({ channels }) => channels,
    members: () => [],
    subject: () => UNKNOWN_SUBJECT,
    baseUrl: 'http://tidewatch.example',
    ...parts,
  };
}

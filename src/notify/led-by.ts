import type { Delivery } from './delivery.js';

/** The finding by which the newest of some messages about a case was led, without those that another one took the place of; undefined where there is none. */
export function ledBy(messages: readonly Delivery[]): string | undefined {
  const heard = messages.filter(({ state }) => state !== 'superseded');
  const newest = heard.reduce(
    (last: Delivery | undefined, one) => (last && last.requestedAt > one.requestedAt ? last : one),
    undefined,
  );
  return newest?.message.type === 'case' ? newest.message.findings[0]?.incidentId : undefined;
}

import { describe, expect, it } from 'vitest';
import { backoff } from './backoff.js';
import { deliveryId } from './delivery-id.js';

const DAY = 86_400_000;

describe('backoff', () => {
  it.each([
    ['webhook', 1, null, 0.5, 2_000],
    ['webhook', 1, null, 0, 1_600],
    ['webhook', 14, null, 0.5, DAY],
    ['webhook', 15, null, 0.5, null],
    ['retrain', 1, null, 0.5, 5_000],
    ['retrain', 2, null, 0.5, 300_000],
    ['retrain', 10, null, 0.5, null],
    ['slack', 1, null, 0.5, 2_000],
    ['slack', 6, null, 0.5, 1_800_000],
    ['email', 7, null, 0.5, null],
    ['slack', 1, 90_000, 0.5, 90_000],
    ['webhook', 7, 1_000, 0.5, 300_000],
    ['webhook', 1, 30 * DAY, 0.5, DAY],
  ] as const)(
    'of a %s after %i attempts, asked to wait %s, is',
    (kind, attempts, retryAfterMs, random, wanted) => {
      expect(backoff(kind, attempts, { retryAfterMs, random })).toBe(wanted);
    },
  );

  it('tells an alert to a receiver that was down for a minute within that minute and a half', () => {
    const waits = [1, 2, 3, 4, 5].map((attempt) => backoff('webhook', attempt, { random: 0.5 }) ?? 0);
    expect(waits.reduce((a, b) => a + b) / 1000).toBeLessThan(120);
  });

  it('goes on without end, slowly, where the reason of a refusal lasts', () => {
    const lasting = { random: 0.5, lasting: true };
    expect(backoff('slack', 1, lasting)).toBe(2_000);
    expect([7, 100].map((attempts) => backoff('slack', attempts, lasting))).toEqual([3_600_000, 3_600_000]);
    expect(backoff('webhook', 15, lasting)).toBe(DAY / 4);
  });

  it('covers about three days for machines and under an hour for people', () => {
    const total = (kind: 'webhook' | 'slack'): number =>
      Array.from({ length: 20 }, (_, index) => backoff(kind, index + 1, { random: 0.5 }) ?? 0).reduce(
        (a, b) => a + b,
      );
    expect(total('webhook') / DAY).toBeCloseTo(3.15, 1);
    expect(total('slack')).toBeLessThan(3_600_000);
  });
});

describe('deliveryId', () => {
  it('is a version 5 UUID of everything that tells deliveries apart', () => {
    const id = deliveryId('case-1', 1, 'slack:1', 'opened');
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const others = [
      deliveryId('case-2', 1, 'slack:1', 'opened'),
      deliveryId('case-1', 2, 'slack:1', 'opened'),
      deliveryId('case-1', 1, 'slack:2', 'opened'),
      deliveryId('case-1', 1, 'slack:1', 'closed'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
    expect(deliveryId('case-1', 1, 'slack:1', 'opened')).toBe(id);
  });
});

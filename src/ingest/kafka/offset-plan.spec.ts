import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_PLAN, planFlush, storeFlush, type OffsetPlan } from './offset-plan.js';

describe('offset plan', () => {
  it('commits what is stored from the front and waits at a hole', () => {
    let plan: OffsetPlan = planFlush(EMPTY_PLAN, 1, [{ key: 'a', next: 10n }]);
    plan = planFlush(plan, 2, [
      { key: 'a', next: 20n },
      { key: 'b', next: 5n },
    ]);
    const early = storeFlush(plan, 2);
    expect(early.commit).toEqual([]);
    const complete = storeFlush(early.plan, 1);
    expect(complete.commit).toEqual([
      { key: 'a', next: 20n },
      { key: 'b', next: 5n },
    ]);
    expect(complete.plan).toEqual([]);
  });

  it('in any order of storing never commits past something unstored, and commits all in the end', () => {
    const order = fc.integer({ min: 1, max: 12 }).chain((n) =>
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n, maxLength: n },
      ),
    );
    fc.assert(
      fc.property(order, (ids) => {
        const inOrder = [...ids].sort((a, b) => a - b);
        let plan = inOrder.reduce(
          (so, id) => planFlush(so, id, [{ key: 'a', next: BigInt(id + 1) }]),
          EMPTY_PLAN,
        );
        const stored = new Set<number>();
        let committed = 0n;
        for (const id of ids) {
          stored.add(id);
          const step = storeFlush(plan, id);
          plan = step.plan;
          for (const { next } of step.commit) {
            expect(next).toBeGreaterThan(committed);
            committed = next;
          }
          expect(inOrder.filter((each) => BigInt(each) < committed).every((each) => stored.has(each))).toBe(
            true,
          );
        }
        expect(committed).toBe(BigInt(ids.length));
        expect(plan).toEqual([]);
      }),
    );
  });
});

import { expect, it } from 'vitest';
import { modelState, standingState } from './state.js';

const shown = (state: ReturnType<typeof standingState>) => [...String(state?.text).matchAll(/class="state (\w+)">([^<]*)</g)].map(([, , text]) => text); // prettier-ignore
const of = (...severities: readonly ('info' | 'warning' | 'critical')[]) => severities.map((severity) => ({ severity })); // prettier-ignore

it('a model is OK only where nothing of it is open, not even what nobody is told', () => {
  const judging = { state: 'JUDGING', reason: null } as const;
  expect(shown(modelState([], judging, null))).toEqual(['OK']);
  expect(shown(modelState(of('info', 'info'), judging, null))).toEqual(['2 info']);
  expect(shown(modelState(of('info', 'critical'), judging, null))).toEqual(['1 critical', '1 info']);
  // What nobody is told does not hide that it cannot be judged.
  expect(shown(modelState(of('info'), { state: 'CANNOT_JUDGE', reason: 'no reference' }, null))).toEqual([
    '1 info',
    'cannot judge',
  ]);
});

it('a model whose stream has stopped is not OK, whatever was found before', () => {
  const judging = { state: 'JUDGING', reason: null } as const;
  const SINCE = Date.UTC(2026, 10, 12, 8, 30);
  expect(shown(modelState([], judging, SINCE))).toEqual(['no rows since 2026-11-12 08:30']);
  expect(shown(modelState(of('critical'), judging, SINCE))).toEqual([
    '1 critical',
    'no rows since 2026-11-12 08:30',
  ]);
  expect(shown(modelState([], { state: 'LEARNING', reason: null }, SINCE))).toEqual([
    'no rows since 2026-11-12 08:30',
    'learning',
  ]);
});

it('what is open stands whatever its newest window says, or where that says nothing', () => {
  expect(shown(standingState('OK', of('info', 'warning')))).toEqual(['warning, open']);
  expect(shown(standingState('OK', of('info')))).toEqual(['info, open']);
  expect(shown(standingState('INSUFFICIENT', of('critical')))).toEqual(['critical, open']);
  expect(shown(standingState(null, of('critical')))).toEqual(['critical, open']);
  expect(shown(standingState('ALERT', of('warning')))).toEqual(['alert']);
  expect(shown(standingState('OK', []))).toEqual(['OK']);
  expect(standingState(null, [])).toBeNull();
});

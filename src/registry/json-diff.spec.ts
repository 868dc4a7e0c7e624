import { expect, it } from 'vitest';
import { leafDiff } from './json-diff.js';

const rule = (id: string, when: string) => ({ id, levels: [{ when, channels: ['ops'] }, { when: 'x' }] });

it('shows the number that was changed and nothing else, rules by their id', () => {
  const before = { spec: { rules: [rule('quality', 'value >= 0.2'), rule('drift', 'value >= 1')] } };
  const after = { spec: { rules: [rule('drift', 'value >= 1'), rule('quality', 'value >= 0.3')] } };
  expect(leafDiff(before, after)).toEqual([
    { path: '/spec/rules/quality/levels/0/when', before: 'value >= 0.2', after: 'value >= 0.3' },
  ]);
});

it('shows what came and what went as a whole', () => {
  const [a, b] = [rule('a', 'x'), rule('b', 'y')];
  expect(leafDiff([a], [a, b])).toEqual([{ path: '/b', before: null, after: b }]);
  expect(leafDiff({ channels: ['ops'] }, { channels: ['ops', 'risk'] })).toEqual([
    { path: '/channels', before: ['ops'], after: ['ops', 'risk'] },
  ]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainPolicy } from './explain-policy.js';
import { Policy } from './policy-schema.js';

const rule = (more: object) => ({
  id: 'r',
  when: 'state == "ALERT"',
  levels: [{ severity: 'warning' }],
  ...more,
});
const words = (rules: readonly object[], spec: object = {}, metadata: object = {}) =>
  explainPolicy(
    Policy.parse({
      apiVersion: 'tidewatch/v1',
      kind: 'Policy',
      metadata: { id: 'strict', owner: 'risk', version: 3, ...metadata },
      spec: { rules, ...spec },
    }),
  );

describe('a policy in words', () => {
  it('says of the whole what it may bring about, whom it is about and how long nobody may be judged', () => {
    const said = words(
      [rule({})],
      { enforcement: 'warn', appliesTo: 'model.riskTier == "HIGH"', unjudged: false },
      { description: 'Of high\n  risk.', legalBasis: ['EU-AI-Act-26'] },
    );
    expect(said.slice(0, 5)).toEqual([
      'strict@3 of risk, warn: what it finds is a warning at most, and never asks for a training',
      '  Of high risk.',
      '  legal basis: EU-AI-Act-26',
      '  is about models of which model.riskTier == "HIGH"',
      '  a model that cannot be judged: left to other policies',
    ]);
  });

  it('names the most severe level first, however they are written, and keeps the reading of its conditions', () => {
    const levels = [
      { severity: 'warning', for: { windows: 2 } },
      { severity: 'critical', when: 'value > 1.0 || effect > 2.0', channels: ['pager'], retrain: true, for: { windows: 2, of: 5, gaps: 'reset' } },
    ]; // prettier-ignore
    expect(words([rule({ checks: ['fairness'], minRows: 150, levels, channels: ['ops'] })]).slice(4, 8)).toEqual([
      'rule r: fairness',
      '  windows of fewer than 150 rows change nothing',
      '  critical: where state == "ALERT" && (value > 1.0 || effect > 2.0), in 2 of the newest 5 windows, counted anew after one without an answer; tells pager; asks for a training',
      '  else warning: where state == "ALERT", in 2 windows in a row, those without an answer left out; tells ops',
    ]); // prettier-ignore
  });

  it('says when it is over, what happens without an answer, and what is to be done', () => {
    const clear = { when: 'value < 0.5', for: { windows: 1 } };
    const [, , over, blind, runbook] = words([rule({ clear, runbook: 'https://wiki/r' })]).slice(4);
    expect([over, blind, runbook]).toEqual([
      '  over: after one window in which value < 0.5',
      '  without an answer: warning after 6 windows (INDETERMINATE)',
      '  what to do: https://wiki/r',
    ]);
    const held = words([rule({})], { onIndeterminate: 'hold' });
    expect(held.at(-1)).toBe('  without an answer: what is open stays open, and nobody is told');
  });

  it('says what a detector reads', () => {
    const { when: _, ...alarms } = rule({ detector: { kind: 'adwin' } });
    expect(words([alarms]).slice(4, 6)).toEqual([
      'rule r: errors by label, read one by one by adwin',
      '  warning: where an alarm is raised; nobody is told',
    ]);
  });

  it.each(['default', 'high-risk'])('has a word for every rule of the %s policy that ships', (name) => {
    const text = readFileSync(new URL(`../../policies/${name}.yaml`, import.meta.url), 'utf8');
    const policy = Policy.parse(parse(text));
    const rules = explainPolicy(policy).filter((line) => line.startsWith('rule '));
    expect(rules.map((line) => line.slice(5, line.indexOf(':')))).toEqual(
      policy.spec.rules.map(({ id }) => id),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { meaningText, type Labels } from '../domain/matcher.js';
import { isWithin } from '../domain/weekly-time.js';
import { MaintenanceError, parseMaintenance } from './parse-maintenance.js';
import { createSilence, expireSilence } from './silence-commands.js';
import { Silences, silenceState } from './silences.js';

const NOW = new Date('2026-11-25T10:00:00Z');
const later = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const ADA = { actor: { type: 'key', id: '00ff' }, name: 'ada' } as const;
const LABELS: Labels = { model: 'm', version: '1', owner: 'o', tier: 'LOW', check: 'feature_drift', feature: 'age', segment: '', severity: 'warning', policy: 'p', environment: 'production' }; // prettier-ignore
const wish = {
  matchers: [{ name: 'feature', value: 'age' }],
  startsAt: null,
  endsAt: later(60),
  comment: 'backfill',
};

describe('a silence', () => {
  it('keeps quiet about what matches from its start to its end, or until somebody ends it', () => {
    const silences = new Silences();
    const apply = (entry: ReturnType<typeof expireSilence>) => silences.apply({ ...entry, seq: 1, hash: '' });
    const { id, entry } = createSilence({ ...wish, startsAt: later(10) }, ADA, NOW);
    apply(entry);
    const quiet = (minutes: number) => silences.silencedBy(LABELS, later(minutes)) !== null;
    expect([0, 9, 10, 59, 60].map(quiet)).toEqual([false, false, true, true, false]);
    expect(silences.silencedBy({ ...LABELS, feature: 'income' }, later(20))).toBeNull();
    apply(expireSilence(silences, id, ADA, later(30)));
    expect([29, 30].map(quiet)).toEqual([true, false]);
    const found = silences.find(id);
    expect(found && silenceState(found, later(31))).toBe('EXPIRED');
    expect(() => expireSilence(silences, id, ADA, later(31))).toThrow('ended at');
  });

  it('may be of findings that are named, exactly as they are called, and of nothing else', () => {
    const silences = new Silences();
    const only = [
      { check: 'feature_drift', feature: 'a*', segment: '' },
      { check: 'output_drift', feature: '', segment: '' },
    ];
    const matchers = [{ name: 'model', value: 'm' }];
    silences.apply({ ...createSilence({ ...wish, matchers, only }, ADA, NOW).entry, seq: 1, hash: '' });
    const isQuiet = (changed: Partial<Labels>) => silences.silencedBy({ ...LABELS, ...changed }, later(1)) !== null; // prettier-ignore
    expect(isQuiet({ feature: 'a*' })).toBe(true);
    expect(isQuiet({ check: 'output_drift', feature: '' })).toBe(true);
    expect(isQuiet({ feature: 'age' })).toBe(false);
    expect(isQuiet({ check: 'null_rate', feature: 'a*' })).toBe(false);
    const [made] = silences.list();
    expect(made && meaningText(made)).toBe('model=m, only feature_drift of a*, output_drift');
  });

  it.each([
    ['comment', { ...wish, comment: ' ' }],
    ['matchers', { ...wish, matchers: [] }],
    ['matchers', { ...wish, matchers: [{ name: 'colour', value: 'red' }] }],
    ['endsAt', { ...wish, endsAt: NOW }],
    ['endsAt', { ...wish, endsAt: later(400 * 1440) }],
  ])('needs %s', (field, wanted) => {
    expect(() => createSilence(wanted, ADA, NOW)).toThrow(`${field}:`);
  });
});

describe('a maintenance window', () => {
  const [night] = parseMaintenance(
    'channels: {}\nmaintenance: [{ name: load, matchers: ["model=m*"], days: [sat], from: "22:00", to: "04:00", timezone: Europe/Berlin }]',
  );

  it.each([
    ['2026-11-28T20:59:00Z', false],
    ['2026-11-28T21:00:00Z', true],
    ['2026-11-29T02:59:00Z', true],
    ['2026-11-29T03:00:00Z', false],
    ['2026-11-29T21:30:00Z', false],
    // Summer time: an hour earlier by UTC.
    ['2026-07-04T20:30:00Z', true],
  ])('follows the wall clock of its zone: %s', (at, wanted) => {
    expect(night && isWithin(night, new Date(at))).toBe(wanted);
  });

  it('holds back what matches, by its name', () => {
    const silences = new Silences(() => (night ? [night] : []));
    const at = new Date('2026-11-28T23:00:00Z');
    expect(silences.silencedBy(LABELS, at)).toBe('maintenance:load');
    expect(silences.silencedBy({ ...LABELS, model: 'x' }, at)).toBeNull();
  });

  it('says everything that is wrong', () => {
    const text =
      'maintenance: [{ name: load, matchers: ["model~m"], from: "25:00", to: "04:00", timezone: Mars }]';
    expect(() => parseMaintenance(text)).toThrow(MaintenanceError);
    expect(() => parseMaintenance(text)).toThrow(/no matcher[\s\S]*time of day[\s\S]*IANA/u);
  });
});

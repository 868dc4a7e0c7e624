import { describe, expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';

const HOUR = 3_600_000;

it('rows of a segment follow from the drift of the feature that they name, and are found by whoever asks', () => {
  const log = new IncidentLog();
  const rows = says({ check: 'segment_drift', feature: null, explainedBy: ['country'] });
  const own = { ...rows, signal: { ...rows.signal, segment: 'country=CH' } };
  expect(log.judge(1, [own, says({ feature: 'country' })])).toEqual(['opened! feature_drift']);
  const [cause] = log.incidents.list({});
  expect(log.incidents.remembered({ check: 'segment_drift' })).toMatchObject([{ explainedBy: cause?.id }]);
  expect(log.incidents.list({ check: 'segment_drift' })).toEqual([]);
});

describe('a fault of the data explains the drift of the same feature', () => {
  const nulls = says({ check: 'null_rate', feature: 'age' });
  const drift = says({ feature: 'age' });

  it('in the same window, whatever the order; only the cause is told', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [drift, nulls, says({ feature: 'income' })])).toEqual([
      'opened! null_rate',
      'opened feature_drift',
      'opened! feature_drift',
    ]);
    const [cause] = log.incidents.list({ check: 'null_rate' });
    expect(log.incidents.list({ check: 'feature_drift', feature: 'age' })).toMatchObject([
      { explainedBy: cause?.id, caseId: cause?.caseId },
    ]);
  });

  it('and that of features from the same source that the drift names', () => {
    const log = new IncidentLog();
    const [same, other] = [says({ feature: 'income', explainedBy: ['age'] }), says({ feature: 'distance' })];
    expect(log.judge(1, [same, other, nulls])).toEqual([
      'opened! null_rate',
      'opened! feature_drift',
      'opened feature_drift',
    ]);
  });

  it('and rows that repeat because they cannot be told apart without the feature, until they outlive it', () => {
    const log = new IncidentLog();
    const copies = says({ check: 'duplicates', feature: null, severity: 'critical', explainedBy: ['age'] });
    expect(log.judge(1, [copies, nulls])).toEqual(['opened! null_rate', 'opened duplicates']);
    const fine = { ...nulls, outcome: 'clear' as const };
    log.judge(2, [copies, fine]);
    for (const hour of [3, 4, 5, 6, 7])
      expect(log.judge(hour, [copies, fine])).not.toContain('amended! duplicates');
    expect(log.judge(8, [{ ...copies, explainedBy: [] }, fine])).toEqual(['amended! duplicates']);
    const twice = new IncidentLog();
    expect(twice.judge(1, [{ ...copies, explainedBy: [] }, nulls])).toEqual(['opened! null_rate', 'opened! duplicates']); // prettier-ignore
  });

  it('when the fault is found after the drift', () => {
    const log = new IncidentLog();
    log.judge(1, [drift]);
    expect(log.judge(2, [drift, nulls])).toEqual(['opened! null_rate', 'amended feature_drift']);
  });

  it('until the drift outlives it by five windows, and then it is told by itself, and so is its end', () => {
    const log = new IncidentLog();
    const fine = { ...nulls, outcome: 'clear' as const };
    log.judge(1, [nulls, drift]);
    log.judge(2, [fine, drift]);
    log.judge(3, [fine, drift]);
    for (const hour of [4, 5, 6, 7]) expect(log.judge(hour, [fine, drift])).toEqual([]);
    expect(log.judge(8, [fine, drift])).toEqual(['amended! feature_drift']);
    log.judge(9, [{ ...drift, outcome: 'clear' }]);
    expect(log.judge(10, [{ ...drift, outcome: 'clear' }])).toEqual(['closed! feature_drift']);
  });
});

describe('what follows from a fault that is over', () => {
  const nulls = says({ check: 'null_rate', feature: 'age', effect: 50 });
  const fine = { ...nulls, outcome: 'clear' as const };
  const part = (more: object = {}) => ({
    ...says({ check: 'segment_drift', feature: null, effect: 50, explainedBy: ['null_rate'], ...more }),
    signal: {
      model: 'm',
      version: '1',
      check: 'segment_drift' as const,
      segment: 'country=CH',
      feature: null,
    },
  });

  /** Nulls of eight hours and a part of the traffic that follows from them. */
  function afterNulls(): IncidentLog {
    const log = new IncidentLog();
    for (let hour = 1; hour <= 8; hour += 1) log.judge(hour, [nulls, part()]);
    for (const hour of [9, 10]) log.judge(hour, [fine]);
    return log;
  }

  it('has not outlived it where windows had too few rows to say more', () => {
    const log = afterNulls();
    for (let hour = 11; hour <= 30; hour += 1)
      expect(log.judge(hour, [part({ stands: true, explainedBy: [] })])).toEqual([]);
  });

  it('nor where rows of the time of the fault are put together with later ones', () => {
    const log = afterNulls();
    const mixed = part({ restsFrom: new Date(6 * HOUR), effect: 30, explainedBy: [] });
    expect(log.judge(16, [mixed])).toEqual([]);
    expect(log.judge(24, [part({ restsFrom: new Date(16 * HOUR), explainedBy: [] })])).toEqual([
      'amended! segment_drift',
    ]);
  });
});

describe('a feature that changed by itself explains what many show together', () => {
  const drift = says({ feature: 'age' });
  const alone = says({ check: 'multivariate', feature: null });
  const follows = says({ check: 'multivariate', feature: null, explainedBy: ['age'] });
  const causes = (log: IncidentLog) =>
    log.incidents
      .open()
      .filter(({ signal, explainedBy }) => signal.check === 'multivariate' && explainedBy !== null);

  it('in the same window: only the feature is told, and the rest is listed with it', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [follows, drift])).toEqual(['opened! feature_drift', 'opened multivariate']);
    const [cause] = log.incidents.list({ check: 'feature_drift' });
    expect(causes(log)).toMatchObject([{ explainedBy: cause?.id, caseId: cause?.caseId }]);
    const ends = [drift, follows].map((one) => ({ ...one, outcome: 'clear' as const }));
    log.judge(2, ends);
    expect(log.judge(3, ends)).toEqual(['closed! feature_drift', 'closed multivariate']);
  });

  it('when the feature is found later, from then on', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [alone])).toEqual(['opened! multivariate']);
    expect(log.judge(2, [follows, drift])).toEqual(['opened! feature_drift', 'amended multivariate']);
    expect(log.judge(3, [follows, drift])).toEqual([]);
    expect(causes(log)).toHaveLength(1);
  });

  it('not where it is another feature, or nobody is told of the change', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [follows, says({ feature: 'income' })])).toEqual([
      'opened! feature_drift',
      'opened! multivariate',
    ]);
    const quiet = new IncidentLog();
    expect(quiet.judge(1, [follows, says({ feature: 'age', severity: 'info' })])).toContain(
      'opened! multivariate',
    );
  });

  it('until something shows that no feature shows by itself; a window without rows is no such thing', () => {
    const log = new IncidentLog();
    log.judge(1, [follows, drift]);
    expect(log.judge(2, [{ ...alone, value: null }, drift])).toEqual([]);
    expect(log.judge(3, [alone, drift])).toEqual(['amended! multivariate']);
    expect(log.judge(4, [follows, drift])).toEqual([]);
    expect(log.judge(5, [alone, drift])).toEqual([]);
  });

  it('or until it outlives the change, unless another feature accounts for it', () => {
    const log = new IncidentLog();
    const fine = { ...drift, outcome: 'clear' as const };
    const both = says({ check: 'multivariate', feature: null, explainedBy: ['age', 'income'] });
    log.judge(1, [both, drift]);
    log.judge(2, [both, fine, says({ feature: 'income' })]);
    log.judge(3, [both, fine]);
    for (const hour of [4, 5, 6, 7]) expect(log.judge(hour, [both])).toEqual([]);
    expect(log.judge(8, [both])).toEqual(['amended multivariate']);
    const [other] = log.incidents.list({ feature: 'income' });
    expect(causes(log)).toMatchObject([{ explainedBy: other?.id }]);
  });
});

describe('errors of a group that are those of everybody', () => {
  const everybody = says({ check: 'performance', feature: null });
  const group = says({ check: 'group_errors', feature: 'sex=f' });
  const follows = says({ check: 'group_errors', feature: 'sex=f', explainedBy: ['performance'] });

  it('are listed with the performance of the model, in whatever order', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [follows, everybody])).toEqual(['opened! performance', 'opened group_errors']);
    const [cause] = log.incidents.list({ check: 'performance' });
    expect(log.incidents.list({ check: 'group_errors' })).toMatchObject([
      { explainedBy: cause?.id, caseId: cause?.caseId },
    ]);
  });

  it('are told where the group differs from the others, at once or later', () => {
    expect(new IncidentLog().judge(1, [group, everybody])).toEqual([
      'opened! performance',
      'opened! group_errors',
    ]);
    const log = new IncidentLog();
    log.judge(1, [follows, everybody]);
    const larger = says({ check: 'group_errors', feature: 'sex=f', effect: 3 });
    expect(log.judge(2, [larger, everybody])).toEqual(['amended group_errors']);
    expect(log.judge(3, [larger, everybody])).toEqual(['amended! group_errors']);
  });

  it('stay with those of everybody where one window of a few rows says otherwise', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [everybody])).toEqual(['opened! performance']);
    expect(log.judge(2, [group, everybody])).toEqual(['opened! group_errors']);
    // The second window shows that it was chance; later ones that say it again are chance as well.
    expect(log.judge(3, [follows, everybody])).toEqual(['amended group_errors']);
    for (const hour of [4, 5, 6]) expect(log.judge(hour, [group, everybody])).toEqual([]);
    const [cause] = log.incidents.list({ check: 'performance' });
    expect(log.incidents.list({ check: 'group_errors' })).toMatchObject([{ explainedBy: cause?.id }]);
  });
});

describe('a change of everybody', () => {
  const nulls = says({ check: 'null_rate', feature: 'age', effect: 16 });
  const segment = (
    effect: number,
    explainedBy: readonly string[],
    { name = 'channel=web', ...more }: { readonly name?: string; readonly severity?: 'info' } = {},
  ) => ({
    ...says({ check: 'segment_drift', feature: null, effect, explainedBy, ...more }),
    signal: { model: 'm', version: '1', check: 'segment_drift' as const, segment: name, feature: null },
  });
  const everywhere = ['channel=web', 'channel=app', 'channel=shop'];

  it('lists one finding, and none of any segment: neither before it is told of all rows nor once it is', () => {
    const log = new IncidentLog();
    const all = (more: object) => everywhere.map((name) => segment(15, ['null_rate'], { name, ...more }));
    expect(log.judge(1, all({ severity: 'info' }))).toEqual([]);
    log.judge(2, [nulls, ...all({})]);
    const { incidents } = log;
    const [only, ...others] = incidents.list();
    expect([only?.signal.check, others]).toEqual(['null_rate', []]);
    expect([incidents.open(), incidents.openOf('m')]).toEqual([[only], [only]]);
    expect(incidents.case(only?.caseId ?? '')?.members).toEqual([only]);
    // Whoever asks why nobody was told of one finds it, with what it was told with.
    const asked = incidents.remembered({ model: 'm', check: 'segment_drift', segment: 'channel=app' });
    expect(asked).toMatchObject([{ explainedBy: only?.id }]);
    // It is remembered, and noise in the few rows of one window makes none of its own.
    log.judge(3, [nulls, segment(16, [])]);
    expect(incidents.list()).toHaveLength(1);
    expect(incidents.active('m', '1')).toHaveLength(1 + everywhere.length);
    // What is more in a segment than in all is a finding of that segment.
    for (let hour = 4; hour <= 8; hour += 1) log.judge(hour, [nulls, segment(90, [])]);
    expect(incidents.list().map((one) => one.signal.segment)).toContain('channel=web');
  });

  it('is no change of any segment either, so that no message counts one and forgets it in the next', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [nulls, segment(15, ['null_rate'])])).toEqual(['opened! null_rate']);
    const over = [nulls, segment(15, [])].map((one) => ({ ...one, outcome: 'clear' as const }));
    expect([...log.judge(2, over), ...log.judge(3, over)]).toEqual([
      'recovering null_rate',
      'closed! null_rate',
    ]);
    expect(log.incidents.remembered({ check: 'segment_drift' })).toMatchObject([{ state: 'CLOSED' }]);
  });

  it('leaves to a segment what was told of it before', () => {
    const log = new IncidentLog();
    for (let hour = 1; hour <= 6; hour += 1) log.judge(hour, [segment(15, [])]);
    for (let hour = 7; hour <= 9; hour += 1) log.judge(hour, [nulls, segment(15, ['null_rate'])]);
    expect(new Set(log.incidents.list().map(({ signal }) => signal.check))).toEqual(
      new Set(['null_rate', 'segment_drift']),
    );
  });

  it('is held against a segment in one unit, though the one is a mean score and the other standard deviations: few rows of one window release nothing', () => {
    const of = (statistic: string, effects: Record<string, number>) => ({ statistic, effect: effects[statistic] ?? 0, effects });
    const scores = { ...says({ check: 'output_drift', feature: 'prediction.score' }), ...of('location', { location: 0.9, mean: 0.8 }) };
    const part = (mean: number, explainedBy: readonly string[]) => ({ ...segment(0, explainedBy), ...of('mean_score', { mean_score: mean * 0.2, mean }) });
    const log = new IncidentLog();
    for (let hour = 1; hour <= 6; hour += 1) log.judge(hour, [scores, part(0.8, ['output_drift'])]);
    expect(log.judge(7, [scores, { ...part(1.6, []), n: 35 }])).toEqual([]);
    expect(log.incidents.list()).toHaveLength(1);
    // What is truly more in the segment is its own.
    const told = [8, 9, 10, 11, 12, 13].flatMap((hour) => log.judge(hour, [scores, part(2.4, [])]));
    expect(told).toContain('amended! segment_drift');
  }); // prettier-ignore

  it('is never told as one of each segment, however long their detectors hold on after its end', () => {
    const log = new IncidentLog();
    const told: string[] = [];
    for (let hour = 1; hour <= 12; hour += 1)
      told.push(...log.judge(hour, [nulls, segment(15, ['null_rate'])]));
    const over = { ...nulls, outcome: 'clear' as const };
    // Of few rows every other window is too small to say anything.
    const stands = { ...segment(15, []), value: null, effect: null, effects: {}, stands: true };
    for (let hour = 13; hour <= 40; hour += 1)
      told.push(...log.judge(hour, [over, hour % 2 === 0 ? segment(0.2, []) : stands]));
    expect(told.filter((one) => one.includes('!'))).toEqual(['opened! null_rate', 'closed! null_rate']);
    // What the segment shows again by itself is told by itself.
    expect(log.judge(41, [segment(15, [])])).toEqual(['amended! segment_drift']);
  });
});

describe('values never seen', () => {
  const named = says({ check: 'new_category', feature: 'region', effect: 46 });
  const drift = (effect: number) => {
    const said = says({ feature: 'region', effect });
    return { ...said, statistic: 'shape', effects: { shape: effect } };
  };

  it('explain the drift of the mix that they account for, as after a rename: one is told', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [drift(1.4), named])).toEqual(['opened! new_category', 'opened feature_drift']);
  });

  it('explain nothing of a mix that has changed much more than they do', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [drift(1.4), { ...named, effect: 3 }])).toEqual([
      'opened! new_category',
      'opened! feature_drift',
    ]);
  });
});

describe('a stream that stops explains the rows that are missing', () => {
  const volume = says({ check: 'volume', feature: null, effect: -100, value: 0 });
  const silence = says({ check: 'freshness', feature: null, severity: 'critical', effect: 0 });

  it('also where those were missed first, and by itself they are told as before', () => {
    const log = new IncidentLog();
    expect(log.judge(1, [volume])).toEqual(['opened! volume']);
    expect(log.judge(2, [volume, silence])).toEqual(['opened! freshness', 'amended volume']);
    const [cause] = log.incidents.list({ check: 'freshness' });
    expect(log.incidents.list({ check: 'volume' })).toMatchObject([{ explainedBy: cause?.id }]);
  });
});

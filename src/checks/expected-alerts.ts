import { groupBy } from '../domain/group-by.js';
import { alertsOf, PROBES, replay } from './audit-series.js';
import { allotBudget, FLEET_BUDGET } from './budget.js';
import type { ReferenceObservation } from './fit-law.js';
import type { SeriesModel } from './series.js';
import type { Steps } from './steps.js';

const DAY = 86_400_000;
const MONTH = 30;
const [LARGE, , SMALL] = PROBES;
/** Of what is typical of a kind, the part that is not its most restless eighth. */
const TRIMMED = 0.125;
/** How much a kind says of a series, beside what its own reference says. */
const OF_KIND = 0.5;
/** Alerts grow with the budget at least by this power of it; p-values that hold give 1. */
const LEAST_POWER = 0.1;
/** Part of a large budget that p-values that hold are seen to use. */
const USED = 0.3;

/** Of what was never seen in so many windows, half a one may have been about to come. */
const ABOUT_TO_COME = 0.5;

/** Half of the budget is left for what a reference has not shown. */
const SPENT = 0.5;

interface Probed {
  readonly i: number;
  readonly windows: number;
  /** Alerts in the reference at a large, a small and its own budget. */
  readonly large: number;
  readonly small: number;
  readonly own: number;
  /** Its budget in one window and direction, and directions. */
  readonly inflow: number;
  readonly signs: number;
}

/** False pages of a series in 30 days. */
interface Rate {
  /** As its reference and those of its kind show them. */
  readonly shown: number;
  /** What they are too short to show: no alert in so many windows is no proof of none. */
  readonly unseen: number;
}

/**
 * The series with the false pages each is expected to raise in 30 days if the fleet's whole budget, one, were this model's. Where all of
 * them together are expected to raise more than the budget allows, the worst are left to notices, one after the other, until the rest
 * keep to it.
 *
 * A month of reference shows too few alerts at the budget of one series, so its detector runs over it with far larger ones as well. Where
 * p-values hold, alerts grow in proportion to the budget; where windows have spells that no p-value knows of, they hardly do, and how they
 * grow among all series of a kind says how often a series will alert at its own budget. Where none is seen, a reference says no more than how
 * long it is: as many are expected as it is too short to show, and no more than the budget allows. That is told, and disarms nothing.
 */
export function* withinBudget(
  series: readonly SeriesModel[],
  usual: ReadonlyMap<string, readonly ReferenceObservation[]>,
  windowMs: number,
): Steps<readonly SeriesModel[]> {
  const inflows = allotBudget(series, [], { budget: FLEET_BUDGET, windowMs });
  const probed: Probed[] = [];
  for (const [i, one] of series.entries()) {
    if (one.status === 'armed')
      probed.push(probe(i, one, { usual: usual.get(one.key) ?? [], inflow: inflows[i]?.page ?? 0 }));
    yield;
  }
  const kinds = groupBy(probed, ({ i }) => kindOf(series[i]));
  const rates = new Map([...kinds.values()].flatMap((kind) => ratesOf(kind, (MONTH * DAY) / windowMs)));
  const failed = beyondBudget(new Map([...rates].map(([i, { shown }]) => [i, shown])));
  const disarmed = withTheirLevel(withTheirKind(failed, series), series);
  return series.map((one, i) => {
    const rate = rates.get(i);
    if (rate === undefined) return one;
    const expectedFalseAlerts = Math.max(rate.shown, rate.unseen);
    return { ...one, expectedFalseAlerts, status: disarmed.has(i) ? 'uncalibratable' : one.status };
  });
}

function probe(
  i: number,
  { law, signs, leastChange }: SeriesModel,
  { usual, inflow }: { readonly usual: readonly ReferenceObservation[]; readonly inflow: number },
): Probed {
  const ps = law ? replay(law, usual, leastChange) : { up: [], down: [] };
  const alerts = (budget: number) =>
    signs.reduce((sum, sign) => sum + alertsOf(sign > 0 ? ps.up : ps.down, budget), 0);
  return {
    i,
    windows: Math.max(1, usual.length),
    large: alerts(LARGE),
    small: alerts(SMALL),
    own: alerts(inflow),
    inflow,
    signs: signs.length,
  };
}

/** Expected alerts of every series of one kind in a month of so many windows. */
function ratesOf(kind: readonly Probed[], month: number): (readonly [i: number, rate: Rate])[] {
  const calmer = kind
    .toSorted((a, b) => a.large + a.small - b.large - b.small)
    .slice(0, Math.max(1, Math.ceil((1 - TRIMMED) * kind.length)));
  const total = (read: (one: Probed) => number) => calmer.reduce((sum, one) => sum + read(one), 0);
  const windows = total((one) => one.windows);
  // What p-values that hold would show, so that a handful of alerts is no proof of anything.
  const usual = Math.max(1, USED * windows * LARGE);
  const growth =
    (usual + total(({ large }) => large)) / ((usual * SMALL) / LARGE + total(({ small }) => small));
  const power = Math.max(LEAST_POWER, Math.min(1, Math.log(growth) / Math.log(LARGE / SMALL)));
  const typical = total(({ small }) => small) / windows;
  return kind.map(({ i, windows: own, small, own: seen, inflow, signs }) => {
    const at = (1 - OF_KIND) * (small / own) + OF_KIND * typical;
    const atItsBudget = Math.min(1, inflow / SMALL) ** power;
    const unseen = Math.min(signs * inflow, (ABOUT_TO_COME / windows) * atItsBudget);
    return [i, { shown: month * Math.max(at * atItsBudget, seen / own), unseen: month * unseen }];
  });
}

/** Where more than a third of a kind fails, the rest of it was lucky. */
const MOST_FAILED = 1 / 3;

function withTheirKind(failed: ReadonlySet<number>, series: readonly SeriesModel[]): ReadonlySet<number> {
  const judged = series.flatMap((one, i) =>
    one.status === 'armed' || one.status === 'uncalibratable'
      ? [{ i, bad: one.status !== 'armed' || failed.has(i) }]
      : [],
  );
  const kinds = [...groupBy(judged, ({ i }) => kindOf(series[i])).values()];
  return new Set(
    kinds.flatMap((kind) => {
      const bad = kind.filter((one) => one.bad);
      return (bad.length > Math.max(1, MOST_FAILED * kind.length) ? kind : bad).map(({ i }) => i);
    }),
  );
}

/** Scale, tail and shape are measured around the level of their feature: where no law holds for that, none holds for them. */
function withTheirLevel(failed: ReadonlySet<number>, series: readonly SeriesModel[]): ReadonlySet<number> {
  const level = (one: SeriesModel) => `${one.check}|${one.feature}`;
  const lost = new Set(
    series
      .filter(
        ({ statistic, status }, i) =>
          statistic === 'location' && (failed.has(i) || status === 'uncalibratable'),
      )
      .map(level),
  );
  return new Set(series.flatMap((one, i) => (failed.has(i) || lost.has(level(one)) ? [i] : [])));
}

/** The worst series, as many as must be left out for the rest to keep to the budget. */
function beyondBudget(rates: ReadonlyMap<number, number>): ReadonlySet<number> {
  const allowed = (SPENT * MONTH) / FLEET_BUDGET.pageDays;
  let sum = [...rates.values()].reduce((total, rate) => total + rate, 0);
  const out = new Set<number>();
  for (const [i, rate] of [...rates].toSorted(([, a], [, b]) => b - a)) {
    if (sum <= allowed) break;
    out.add(i);
    sum -= rate;
  }
  return out;
}

/** Series of the same statistic over all features, or of the same check where each has a statistic of its own. */
function kindOf(series: SeriesModel | undefined): string {
  const { check, statistic, rule } = series ?? { check: '', statistic: '' };
  return rule || statistic.startsWith('share:') ? `${check}|each` : `${check}|${statistic}`;
}

/** False pages in 30 days that series are expected to raise together, no more than the budget allows; null where none is armed. */
export function sumOfAlerts(series: readonly SeriesModel[]): number | null {
  const armed = series.filter(({ status }) => status === 'armed');
  if (armed.length === 0) return null;
  const sum = armed.reduce((total, { expectedFalseAlerts }) => total + (expectedFalseAlerts ?? 0), 0);
  return Math.min(sum, MONTH / FLEET_BUDGET.pageDays);
}

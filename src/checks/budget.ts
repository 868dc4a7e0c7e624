import type { Inflow } from './advance-series.js';
import type { SeriesIdentity, SeriesModel } from './series.js';
import type { SeriesFamily } from '../domain/watched-series.js';
import { AT, MODE } from './series-state.js';

/** How many false alerts the fleet accepts, and this model's part of it. */
export interface AlarmBudget {
  /** At most one false page in this many days, for the whole fleet. */
  readonly pageDays: number;
  /** The same for notices. */
  readonly noticeDays: number;
  /** This model version's share of the fleet's budget, 0 to 1. */
  readonly share: number;
}

/** The default of a fleet, all of it: what a baseline is audited against, whatever part its model then has. */
export const FLEET_BUDGET: AlarmBudget = { pageDays: 30, noticeDays: 3, share: 1 };

const FAMILY_WEIGHTS: Readonly<Record<SeriesFamily, number>> = {
  performance: 0.3,
  prediction: 0.2,
  quality: 0.2,
  feature: 0.25,
  fairness: 0.05,
};
const DAY = 86_400_000;
/** May raise notices. */
const JUDGED: ReadonlySet<SeriesModel['status']> = new Set(['armed', 'uncalibratable', 'unseasoned']);
/** A change that lasts is closed by mistake at most once in this many days. */
const RECOVERY_DAYS = 30;

/** What decides a series' part of the budget. */
export type Budgeted = SeriesIdentity & Pick<SeriesModel, 'status' | 'pagesFrom'>;

/**
 * The budget of every series in the coming window, in the order given, per direction.
 *
 * Weights are re-normalised over the series that may alert, which depends on the past alone (fitted status and open state),
 * never on the window itself: that is what keeps the guarantee. All inflows of a day sum to at most share/N.
 */
export function allotBudget(
  series: readonly Budgeted[],
  states: readonly (readonly number[] | undefined)[],
  { budget, windowMs }: { readonly budget: AlarmBudget; readonly windowMs: number },
): Inflow[] {
  const windowsPerDay = DAY / windowMs;
  const page = shares(series, (model, i) => mayPage(model) && mode(states[i]) !== MODE.alert);
  const notice = shares(series, (model, i) => JUDGED.has(model.status) && mode(states[i]) === MODE.ok);
  return series.map((model, i) => {
    const scale = budget.share / (model.signs.length * windowsPerDay);
    return {
      page: ((page[i] ?? 0) * scale) / budget.pageDays,
      notice: ((notice[i] ?? 0) * scale) / budget.noticeDays,
      recovery: 1 / (RECOVERY_DAYS * windowsPerDay),
    };
  });
}

function mayPage({ status, pagesFrom }: Budgeted): boolean {
  return status === 'armed' || (status === 'unseasoned' && pagesFrom !== undefined);
}

function mode(state: readonly number[] | undefined): number {
  return state?.[AT.mode] ?? MODE.ok;
}

/** Weights that sum to 1 over the active series: family, then equal parts for its features, then the parts of a feature. */
function shares(series: readonly Budgeted[], active: (model: Budgeted, i: number) => boolean): number[] {
  const families = new Map<SeriesFamily, Map<string, number>>();
  series.forEach((model, i) => {
    if (!active(model, i)) return;
    const units = families.get(model.family) ?? new Map<string, number>();
    units.set(unitOf(model), (units.get(unitOf(model)) ?? 0) + model.weight);
    families.set(model.family, units);
  });
  const present = [...families.keys()].reduce((sum, family) => sum + FAMILY_WEIGHTS[family], 0);
  return series.map((model, i) => {
    const units = families.get(model.family);
    if (!units || !active(model, i)) return 0;
    return (
      (FAMILY_WEIGHTS[model.family] / present / units.size) * (model.weight / (units.get(unitOf(model)) ?? 1))
    );
  });
}

/** A feature is one unit of its family; so are rules of a kind together; any other series of the whole model is one of its own. */
function unitOf(model: Budgeted): string {
  return model.unit ?? model.feature ?? model.key;
}

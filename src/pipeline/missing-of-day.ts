import type { Constraint } from '../domain/constraint.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Profiles } from '../profiles/profiles.js';
import { windowsIn } from '../windows/recorded-windows.js';
import { deletedOf } from './deleted-since.js';

const DAY_MS = 86_400_000;
/** Entries about one day: a window of a minute that is judged again now and then. */
const MOST = 20_000;

/** Whose rows are counted, and how. */
export interface MissingOrder {
  readonly model: Model;
  readonly baseline: Baseline | null;
  readonly rules: readonly Constraint[];
  /** Any instant of the day (UTC). */
  readonly at: Date;
}

interface Ground {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly profiles: Profiles;
}

/** That all windows of a day together lack more rows than were erased of it, though each alone may not, in words; null where they do not. */
export async function overdrawn(ground: Ground, order: MissingOrder): Promise<string | null> {
  const missing = await missingOfDay(ground, order);
  const day = dayOf(order.at);
  if ((await deletedOf(ground.ledger, { model: order.model.key, ...day }, missing, null)) !== null)
    return null;
  return `rows: ${missing} of ${day.from.toISOString().slice(0, 10)} (UTC) are gone over all windows, more than were of people who were erased`;
}

/** The day (UTC) of an instant, half-open. */
function dayOf(at: Date): { readonly from: Date; readonly to: Date } {
  const from = Math.floor(at.getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(from), to: new Date(from + DAY_MS) };
}

/** Rows that the windows of one day were judged with and that are not there now, over all windows and versions of a model. */
async function missingOfDay(
  { ledger, profiles }: Ground,
  { model, baseline, rules, at }: MissingOrder,
): Promise<number> {
  const { from, to } = dayOf(at);
  let missing = 0;
  for (const [version, windows] of await judgedOn(ledger, model.key, from)) {
    const span = { version, from, to, widthMs: model.window };
    const now = await profiles.minutesFromRows({ model, baseline, rules }, span, 'answers');
    for (const [start, predictions] of windows)
      missing += Math.max(0, predictions - (now.get(start / 1000)?.predictions ?? 0));
  }
  return missing;
}

/** Rows that windows of a day were judged with at last, by version and start (epoch ms). */
async function judgedOn(
  ledger: Pick<Ledger, 'read'>,
  model: string,
  day: Date,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const text = `"from":"${day.toISOString().slice(0, 11)}`;
  const entries = await ledger.read({ actions: ['window.evaluated'], model, text, limit: MOST });
  const found = new Map<string, Map<number, number>>();
  for (const { data, isRefused } of entries) {
    if (isRefused || data['model'] !== model || typeof data['version'] !== 'string') continue;
    const windows = found.get(data['version']) ?? new Map<number, number>();
    found.set(data['version'], windows);
    for (const { from, track, predictions } of windowsIn(data))
      if (track !== 'labels' && typeof from === 'string' && dayOf(new Date(from)).from.getTime() === day.getTime())
        windows.set(Date.parse(from), Number(predictions));
  }
  return found;
} // prettier-ignore

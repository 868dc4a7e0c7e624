import { versionPlace } from '../domain/version-place.js';
import { groupBy } from '../domain/group-by.js';
import type { DirtyMinutes, UnheardRows } from '../profiles/dirty-minutes.js';
import type { NoticedRows } from '../windows/window-book.js';

/** The model version that minutes are of, as one name. */
export function placeOf({ model, version }: Pick<DirtyMinutes, 'model' | 'version'>): string {
  return versionPlace(model, version);
}

/** What is still owed and what is new, as one piece of work a model version. */
export function pooled(
  owed: readonly DirtyMinutes[],
  news: readonly DirtyMinutes[],
): readonly DirtyMinutes[] {
  if (owed.length === 0) return news;
  return [...groupBy([...owed, ...news], placeOf).values()].map((parts) => parts.reduce(together));
}

/**
 * Every model where it stood, the version that answered first before those that came later: the first that a model sends answers for it, however
 * much of several versions arrived at once, and in which order.
 */
export function earliestVersionFirst(due: readonly DirtyMinutes[]): readonly DirtyMinutes[] {
  const began = ({ withNewRows, minutes }: DirtyMinutes) => withNewRows[0] ?? minutes[0] ?? Infinity;
  return [...groupBy(due, ({ model }) => model).values()].flatMap((versions) =>
    versions.toSorted((a, b) => began(a) - began(b)),
  );
}

function together(a: DirtyMinutes, b: DirtyMinutes): DirtyMinutes {
  return {
    model: a.model,
    version: a.version,
    minutes: distinct(a.minutes, b.minutes),
    withNewRows: distinct(a.withNewRows, b.withNewRows),
    ...bothSummed(a, b),
    sources: bothSources(a.sources, b.sources),
    ...bothUnheard(a, b),
  };
}

type Sources = DirtyMinutes['sources'];

function bothSources(a: Sources, b: Sources): Sources {
  const sources = { ...a };
  for (const [source, rows] of Object.entries(b)) sources[source] = [...(sources[source] ?? []), ...rows];
  return sources;
}

/** What no earlier process was given of either. */
function bothUnheard(a: DirtyMinutes, b: DirtyMinutes): Pick<DirtyMinutes, 'unheard'> {
  if (!a.unheard && !b.unheard) return {};
  const [one, other] = [unheardOf(a), unheardOf(b)];
  return {
    unheard: {
      minutes: distinct(one.minutes, other.minutes),
      sources: bothSources(one.sources, other.sources),
    },
  };
}

function unheardOf({ withNewRows, sources, unheard }: DirtyMinutes): UnheardRows {
  return unheard ?? { minutes: withNewRows, sources };
}

/** The rows of minutes as the window book takes them in. */
export function foundRows({ withNewRows, sources, unheard }: DirtyMinutes): NoticedRows {
  return { minutes: withNewRows, sources, ...(unheard ? { unheard } : {}) };
}

/** What one of them wants summed is summed. */
function bothSummed(a: DirtyMinutes, b: DirtyMinutes): Pick<DirtyMinutes, 'summed'> {
  if (!a.summed && !b.summed) return {};
  const open = new Set([...unsummed(a).minutes, ...unsummed(b).minutes]);
  return { summed: distinct(a.summed ?? [], b.summed ?? []).filter((minute) => !open.has(minute)) };
}

/** What of the minutes is to be summed. */
export function unsummed({
  minutes,
  withNewRows,
  summed = [],
}: DirtyMinutes): Pick<DirtyMinutes, 'minutes' | 'withNewRows'> {
  if (summed.length === 0) return { minutes, withNewRows };
  const known = new Set(summed);
  const isOpen = (minute: number) => !known.has(minute);
  return { minutes: minutes.filter(isOpen), withNewRows: withNewRows.filter(isOpen) };
}

function distinct(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

import { groupBy } from '../domain/group-by.js';
import type { DirtyMinutes } from '../profiles/dirty-minutes.js';

/** What is still owed and what is new, as one piece of work a model version. */
export function pooled(
  owed: readonly DirtyMinutes[],
  news: readonly DirtyMinutes[],
): readonly DirtyMinutes[] {
  if (owed.length === 0) return news;
  const place = ({ model, version }: DirtyMinutes) => `${model}\0${version}`;
  return [...groupBy([...owed, ...news], place).values()].map((parts) => parts.reduce(together));
}

function together(a: DirtyMinutes, b: DirtyMinutes): DirtyMinutes {
  const sources = { ...a.sources };
  for (const [source, rows] of Object.entries(b.sources))
    sources[source] = [...(sources[source] ?? []), ...rows];
  return {
    ...a,
    minutes: distinct(a.minutes, b.minutes),
    withNewRows: distinct(a.withNewRows, b.withNewRows),
    sources,
  };
}

function distinct(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** A reference is allowed one incident in so many days; more of them are what the model is like. */
const DAYS_AN_INCIDENT = 30;
/** A day beside the worst of an incident is part of it where it has this part of its series. */
const AS_BAD = 0.5;

/**
 * The days of a reference on which what stands out is an incident: those on which most series stand out, and the days beside them that are
 * half as bad, one episode in thirty days. `oddDays` are given once for every series. A fault of the data shows in many series at once, or
 * once in one; series that have spells of their own stand out on days of their own, and those days are as usual as any.
 */
export function incidentsInCommon(oddDays: readonly Iterable<number>[], span: number): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const days of oddDays) for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  const incident = new Set<number>();
  for (let left = Math.max(1, Math.round(span / DAYS_AN_INCIDENT)); left > 0; left -= 1) {
    const [worst] = [...counts].toSorted(([, a], [, b]) => b - a);
    if (!worst) break;
    const [day, series] = worst;
    for (const step of [1, -1])
      for (let at = day; (counts.get(at) ?? 0) >= AS_BAD * series; at += step) incident.add(at);
    for (const own of incident) counts.delete(own);
  }
  return incident;
}

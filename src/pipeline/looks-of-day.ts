import { groupBy } from '../domain/group-by.js';
import { textOf } from '../domain/json-object.js';
import type { Model } from '../domain/model.js';
import type { Ledger } from '../ledger/ledger.js';
import { recordsIn, type RecordedAt } from './as-recorded.js';
import type { JudgedOrder } from './look-at-judged.js';

const MOST = 1_000;

interface OfVersion {
  readonly version: string;
  readonly at: Date;
  readonly one: RecordedAt;
}

/** The newest judgements of the windows of a model that begin on a day (UTC), in looks at no more than so many windows. */
export async function looksOfDay(
  ledger: Pick<Ledger, 'read'>,
  model: Model,
  day: string,
  atOnce: number,
): Promise<readonly JudgedOrder[]> {
  const query = { actions: ['window.evaluated'], model: model.key, text: `"from":"${day}T` };
  const entries = await ledger.read({ ...query, newestFirst: true, limit: MOST });
  const newest = new Map<string, OfVersion>();
  for (const entry of entries.filter(({ data }) => data['model'] === model.key))
    for (const one of recordsIn(entry)) {
      const key = JSON.stringify([entry.data['version'] ?? '', one.record.track, one.start]);
      const isOfDay = new Date(one.start).toISOString().startsWith(day);
      if (isOfDay && !newest.has(key)) newest.set(key, { version: textOf(entry.data['version']), at: entry.at, one }); // prettier-ignore
    }
  const groups = groupBy([...newest.values()], ({ version, one }) => `${one.record.track} ${version}`);
  return [...groups.values()].flatMap((own) => inLooks(model, own, atOnce));
}

function inLooks(model: Model, own: readonly OfVersion[], atOnce: number): readonly JudgedOrder[] {
  return Array.from({ length: Math.ceil(own.length / atOnce) }, (_, i) => {
    const some = own.slice(i * atOnce, (i + 1) * atOnce);
    const [first] = some;
    const { version = '', at = new Date(0) } = first ?? {};
    const track = first?.one.record.track ?? 'inputs';
    return { model, version, track, at, records: some.map(({ one }) => one) };
  });
}

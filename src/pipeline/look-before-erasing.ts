import type { Model } from '../domain/model.js';
import { TRACKS } from '../windows/due-windows.js';
import { recordsAt } from './as-recorded.js';
import type { JudgedOrder } from './look-at-judged.js';
import { recordLooks } from './record-look.js';
import type { Stages } from './stages.js';

/** Windows are looked at so many at a time. */
const STARTS_AT_ONCE = 100;

const WINDOWS = `SELECT toString(p.version) AS version, arraySort(groupUniqArray(toUInt32(intDiv(toUnixTimestamp(p.ts), {width:UInt32}) * {width:UInt32}))) AS starts
  FROM predictions AS p WHERE subject = {subject:String} AND model = {model:String} GROUP BY p.version`;

/**
 * Looks at the judged windows that hold rows of a person, before these go: what somebody wrote there before is recorded while it can be told from what the erasure
 * takes.
 */
export async function lookBeforeErasing(stages: Stages, model: Model, subject: string): Promise<void> {
  const params = { subject, model: model.key, width: model.window / 1000 };
  const found = await stages.database.query<{ version: string; starts: readonly number[] }>(WINDOWS, { params, timeoutMs: 600_000 }); // prettier-ignore
  for (const { version, starts } of found)
    for (let i = 0; i < starts.length; i += STARTS_AT_ONCE) {
      const some = starts.slice(i, i + STARTS_AT_ONCE).map((second) => second * 1000);
      await lookAtWindows(stages, { model, version, starts: some });
    }
}

async function lookAtWindows(
  stages: Stages,
  {
    model,
    version,
    starts,
  }: { readonly model: Model; readonly version: string; readonly starts: readonly number[] },
): Promise<void> {
  const orders: JudgedOrder[] = [];
  for (const track of TRACKS) {
    const records = [...(await recordsAt(stages.ledger, { model: model.key, version, track, starts })).values()]; // prettier-ignore
    if (records.length > 0) orders.push({ model, version, track, records, at: stages.clock.now() });
  }
  await recordLooks(stages, orders);
}

import { httpPartitions } from '../ingest/http/http-positions.js';
import type { DirtyMinutes } from '../profiles/dirty-minutes.js';
import { eachReference, type RegisteredModel } from '../registry/registry.js';
import { IDLE_MS } from '../windows/window.js';
import { labelsSinceJudged } from '../windows/labels-since-judged.js';
import type { VersionTotals, WantedFrom } from '../windows/window-totals.js';
import { judgedBefore } from './judged-before.js';
import { placeOf } from './owed-minutes.js';
import type { Stages } from './stages.js';
import { tellDisagreements } from './tell-disagreements.js';

/**
 * The models that are this process's. Those that come to it are taken up where the one before left them, from the store and the ledger alone; those
 * that go are forgotten.
 */
export class OwnModels {
  private takenUpFor = -1;

  constructor(private readonly stages: Stages) {}

  /** The models of this process, in the order they were registered. */
  list(): readonly RegisteredModel[] {
    const { registry, replicas } = this.stages;
    return registry.models().filter(({ model }) => replicas.holds(model.key));
  }

  /** Takes up and lets go of what changed hands since it was called last; the minutes that may not be summarised come back. */
  async settle(): Promise<readonly DirtyMinutes[]> {
    const { replicas, book, references, registry } = this.stages;
    if (!replicas.isShared) return [];
    const { epoch } = replicas;
    if (epoch === this.takenUpFor) return [];
    // What went and came back was another's meanwhile: it is not held.
    const others = registry
      .models()
      .map(({ model }) => model.key)
      .filter((key) => !replicas.holds(key));
    for (const key of others) {
      book.drop(key);
      references.drop(key);
    }
    book.endSources(replicas.departed().flatMap(sourcesOf));
    const minutes = await this.takeUp(others.filter((key) => replicas.owns(key)));
    this.takenUpFor = epoch;
    replicas.tookUp(epoch);
    return minutes;
  }

  /** Reads what was judged of some models, and what arrived that may not have been summarised. */
  private async takeUp(keys: readonly string[]): Promise<readonly DirtyMinutes[]> {
    if (keys.length === 0) return [];
    const { replicas, scan, log, clock } = this.stages;
    const now = clock.now().getTime();
    // Whoever sends was heard by the others all the time, and need not be waited for.
    const waiting = await restoreBook(this.stages, keys, new Date(replicas.isUnbroken ? now - IDLE_MS : now));
    log.info('models taken up', { models: keys.length });
    const from = replicas.formerlyScannedTo();
    return from === null ? waiting : [...waiting, ...(await scan.touchedSince(from, keys))];
  }
}

/** Names under which the events of one process are known that came over HTTP. */
function sourcesOf(identity: string): readonly string[] {
  return Object.values(httpPartitions(identity)).map((partition) => `http/${partition}`);
}

/**
 * Takes over what was judged before: of some models, or of all when `keys` is null. `at` is when the senders were last heard. Minutes of windows come back whose labels say something else than
 * was judged: nothing is to be summed of them.
 */
export async function restoreBook(
  stages: Stages,
  keys: readonly string[] | null,
  at: Date,
): Promise<readonly DirtyMinutes[]> {
  const { book, windows, windowTotals, registry, recorded, references } = stages;
  for (const { model, versions: own } of registry.models())
    if (keys === null || keys.includes(model.key))
      for (const { version } of own) recorded.takenUp(model.key, version);
  const { versions, windows: changeable, disagreements } = await judgedBefore(stages, keys);
  const [open, delays, starts] = await Promise.all([
    windowTotals.unjudged(openFrom(registry.models(), versions, keys)),
    windows.delays(),
    windows.starts(),
  ]);
  for (const { model, baseline } of registry.models().flatMap(eachReference))
    if (baseline && (keys === null || keys.includes(model.key)))
      references.isSummarisedOn(model.key, baseline.version, baseline.id);
  const isWanted = ({ model }: { readonly model: string }) => keys === null || keys.includes(model);
  const known = { delays: delays.filter(isWanted), starts: starts.filter(isWanted) };
  book.restore(versions, changeable, { at, ...known });
  for (const { model, version, minutes } of open) {
    const registered = registry.find(model);
    if (registered) book.resumeOpen(registered.model, version, minutes, at);
  }
  await tellDisagreements(stages, disagreements);
  const waiting = await labelsSinceJudged(stages, versions, await stages.scan.committedBefore());
  return waiting.map((one) => ({ ...one, withNewRows: [], summed: one.minutes, sources: {} }));
}

/** From when on minutes with rows are in no judged window: of every version that was seen, judged or not. */
function openFrom(
  models: readonly RegisteredModel[],
  judged: readonly VersionTotals[],
  keys: readonly string[] | null,
): readonly WantedFrom[] {
  const wanted = new Set(keys ?? models.map(({ model }) => model.key));
  const closed = new Map(judged.map((one) => [placeOf(one), one.closedTo]));
  return models
    .filter(({ model }) => wanted.has(model.key))
    .flatMap(({ model: { key }, versions }) =>
      versions.map(({ version }) => {
        const place = { model: key, version };
        return { ...place, from: closed.get(placeOf(place)) ?? 0 };
      }),
    );
}

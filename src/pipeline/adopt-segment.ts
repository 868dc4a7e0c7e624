import { CodedError } from '../domain/coded-error.js';
import type { Actor } from '../domain/ledger-entry.js';
import { keysOf } from '../domain/segment-keys.js';
import { readSegmentKeys } from '../profiles/slice-sums.js';
import type { RegisteredModel } from '../registry/registry.js';
import { pinModelBaseline } from './pin-due-baselines.js';
import type { Stages } from './stages.js';

/** Keys of segments that a model file may name. */
const MOST_DECLARED_KEYS = 10;

/** A key whose values cannot be watched as segments. */
class NoSegmentKey extends CodedError {
  override readonly name = 'NoSegmentKey';
  readonly code = 'no_segment_key';
  override readonly field = 'key';
}

/**
 * Adds a key to the segments of a model and pins the reference in force again, from the same source, so that the key's values are watched from the next window on.
 * Throws NoSegmentKey, and what pinning throws: then the key is kept and the former reference stays in force.
 */
export async function adoptSegment(
  stages: Stages,
  { model, baseline }: RegisteredModel,
  key: string,
  actor: Actor,
): Promise<void> {
  if (model.segments.includes(key)) throw new NoSegmentKey(`key: "${key}" is among the segments already`);
  if (model.segments.length >= MOST_DECLARED_KEYS)
    throw new NoSegmentKey(`key: a model has at most ${MOST_DECLARED_KEYS} keys of segments, and this one has them: take one out of the model file first`);
  const { ledger, registry, references, database } = stages;
  const reference = await references.baselineOf(registry.load(model.key));
  const categorical = Object.entries(reference?.features ?? {}).flatMap(([name, { kind }]) => (kind === 'categorical' ? [name] : []));
  const known = [...new Set([...categorical, ...(await readSegmentKeys(database, model))])];
  const stray = keysOf(key).find((name) => !known.includes(name));
  if (stray !== undefined)
    throw new NoSegmentKey(`key: "${stray}" is no categorical feature and no key of \`segment\`; there are ${known.filter((name) => !model.segments.includes(name)).join(', ') || 'none'}`);
  const wanted = { ...model, segments: [...model.segments, key] };
  await ledger.transact((now) => registry.register(wanted, actor, now));
  if (baseline?.source) await pinModelBaseline(stages, wanted, { source: baseline.source, actor });
} // prettier-ignore

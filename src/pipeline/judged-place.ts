import { rulesInForce } from '../domain/rules-in-force.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import type { RegisteredModel } from '../registry/registry.js';
import { UNKNOWN_MEMORY } from './gone-judgements.js';
import { referenceId, type Reference } from './reference.js';
import type { Stages } from './stages.js';
import { inputsDigest } from './window-inputs.js';

/** A window that is about to be judged. */
export interface Moment {
  readonly reference: Reference;
  readonly start: number;
  readonly profile: WindowProfile;
  /** Why the version may well be silent in this window; null where it has rows, or may not. */
  readonly excuse: string | null;
  /** Whether it is from before the version's stream began. */
  readonly isHistory: boolean;
}

/** A run of windows, and what it is judged with. */
interface PlacedRun {
  readonly registered: Pick<RegisteredModel, 'model'>;
  readonly version: string;
  readonly run: { readonly track: Track };
  readonly share: number;
}

/** How a window stands to what was judged and recorded before. */
export interface JudgedPlace {
  readonly inputs: string;
  readonly share: number;
  /** Its stored judgement, where that was of the same inputs. */
  readonly unchanged: StoredWindow | null;
  /** The revision at which it is recorded already, on the same inputs, and was never stored. */
  readonly recorded: number | null;
}

interface AskedPlace {
  readonly moment: Moment;
  /** Digest of the memory before it. */
  readonly memory: string;
  /** Its judgement as it is stored. */
  readonly known: StoredWindow | undefined;
}

/** A window keeps the share of the budget that it was first judged with: what it found must not depend on when it is judged again. */
export function judgedPlace(
  { recorded }: Pick<Stages, 'recorded'>,
  { registered: { model }, version, run, share: current }: PlacedRun,
  { moment: { reference, start, profile, excuse, isHistory }, memory, known }: AskedPlace,
): JudgedPlace {
  const { track } = run;
  const entry = recorded.find(model.key, version, { from: start, track });
  const share = entry?.share ?? known?.share ?? current;
  const baseline = referenceId(track, reference);
  const rules = rulesInForce(model, reference.baseline);
  const inputs = inputsDigest({ track, profile, rules, baseline, share, excuse, isHistory, memory });
  const isSame = known?.inputs === inputs || (known && stays(known, track, { baseline, profile, memory }));
  const unchanged = known && isSame && known.memory !== '' ? known : null;
  const again = entry?.inputs === inputs ? entry.revision : null;
  return { inputs, share, unchanged, recorded: again };
}

/**
 * A window that was held against a former reference, or none, stays as it was judged unless its rows or labels changed; so does one where what the window before it left is
 * not there any more.
 */
function stays(
  known: StoredWindow,
  track: Track,
  now: { readonly baseline: string; readonly profile: WindowProfile; readonly memory: string },
): boolean {
  const { predictions, performance } = now.profile;
  const isComparable = known.baseline === now.baseline && now.memory !== UNKNOWN_MEMORY;
  if (isComparable || known.predictions !== predictions) return false;
  return track === 'inputs' || known.labelled === performance.labelled;
}

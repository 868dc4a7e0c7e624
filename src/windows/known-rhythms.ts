import type { LabelRhythm } from './label-rhythm.js';

const HOUR = 3_600_000;
/** How labels come changes slowly. */
const ASK_AGAIN_MS = 24 * HOUR;
/** While it is not known, windows that could teach it are added. */
const ASK_SOON_MS = HOUR;

interface Learnt {
  readonly known: LabelRhythm | null;
  /** How far labels were known to be complete when it was asked, epoch ms. */
  readonly askedTo: number;
}

/** How the labels of versions come, as windows taught that have all of theirs. Instants are epoch ms of event time. */
export class KnownRhythms {
  private readonly models = new Map<string, Map<string, Learnt>>();
  /** Models whose labels are late, with when that was seen first, by the clock. */
  private readonly lateSince = new Map<string, number>();

  /** What is known of a version, or of another of its model; null where nothing is, undefined before anybody asked. */
  of(model: string, version: string): LabelRhythm | null | undefined {
    const versions = this.models.get(model);
    const own = versions?.get(version);
    if (!versions || !own) return undefined;
    if (own.known) return own.known;
    for (const { known } of versions.values()) if (known) return known;
    return null;
  }

  /** Whether it is time to ask again, where labels are complete up to `mark`. */
  isDue(model: string, version: string, mark: number, widthMs: number): boolean {
    const own = this.models.get(model)?.get(version);
    if (!own) return true;
    return mark - own.askedTo >= Math.max(widthMs, own.known ? ASK_AGAIN_MS : ASK_SOON_MS);
  }

  /** Notes what is known of a version now; the same again is no news. */
  learn(model: string, version: string, learnt: Learnt): void {
    const versions = this.models.get(model) ?? new Map<string, Learnt>();
    this.models.set(model, versions.set(version, learnt));
  }

  /** Notes whether the labels of a model are late now; for how long they have been, by the clock, as far as this process saw it. */
  lateFor(model: string, isLate: boolean, now: number): number {
    const since = isLate ? (this.lateSince.get(model) ?? now) : now;
    if (isLate) this.lateSince.set(model, since);
    else this.lateSince.delete(model);
    return now - since;
  }

  /** Another process has the model now. */
  drop(model: string): void {
    this.models.delete(model);
    this.lateSince.delete(model);
  }
}

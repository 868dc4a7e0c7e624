import { versionPlace } from '../domain/version-place.js';
import type { Entry } from './book-entry.js';
import type { VersionDelay } from './stream-progress.js';

interface Heard extends Pick<VersionDelay, 'model' | 'version'> {
  readonly entry: Pick<Entry, 'sources'>;
}

/** How late the rows of versions come, and of which that may have changed: only those that were heard since it was asked. */
export class KnownDelays {
  private readonly known = new Map<string, number>();
  private readonly heard = new Map<string, Heard>();

  restore(delays: readonly VersionDelay[]): void {
    for (const { model, version, delay } of delays) this.known.set(versionPlace(model, version), delay);
  }

  /** In ms; 0 where nothing is known. */
  of({ model, version }: Pick<VersionDelay, 'model' | 'version'>): number {
    return this.known.get(versionPlace(model, version)) ?? 0;
  }

  /** Rows of a version came. */
  heardOf(model: string, version: string, entry: Heard['entry']): void {
    this.heard.set(versionPlace(model, version), { model, version, entry });
  }

  /** Another process has the model now. */
  drop(model: string): void {
    for (const [place, heard] of this.heard) if (heard.model === model) this.heard.delete(place);
  }

  /** Those of versions that have changed since it was asked last. */
  changed(): readonly VersionDelay[] {
    const changed: VersionDelay[] = [];
    for (const [place, { model, version, entry }] of this.heard) {
      const delay = Math.round(longestOf(entry));
      if (delay === (this.known.get(place) ?? 0)) continue;
      this.known.set(place, delay);
      changed.push({ model, version, delay });
    }
    this.heard.clear();
    return changed;
  }
}

function longestOf({ sources }: Heard['entry']): number {
  let longest = 0;
  for (const { delay } of sources.values()) longest = Math.max(longest, delay);
  return longest;
}

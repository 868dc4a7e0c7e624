import type { RawEvent } from '../../domain/event.js';
import { isBlank } from '../../domain/spelling.js';
import type { Gate, Refused } from './gate.js';
import { parsedField, versionText } from './version-text.js';

/** What is known of a model's versions. */
export interface KnownVersions {
  /** Null when there is no such model: its events are refused for that. */
  (model: string): readonly string[] | null;
}

interface Admitted {
  readonly since: number;
  readonly versions: Set<string>;
}

const DAY_MS = 86_400_000;
/** Version texts that are remembered; beyond, their events are looked at again. */
const MOST_SEEN = 10_000;

/**
 * Lets a model have so many new versions in a day. Every version is windows, series and a baseline of its own: a sender that makes
 * one of each batch, or of each request, would keep the service from judging anything else.
 */
export class VersionGate implements Gate {
  private readonly admitted = new Map<string, Admitted>();
  /** Version texts that some model has: the model of their events is not looked for, which is what nearly every event is spared. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly known: KnownVersions,
    private readonly perDay: number,
  ) {}

  /** Which of these native events may not come in; `now` in epoch milliseconds. */
  refused(events: readonly RawEvent[], now: number): readonly Refused[] {
    const refused: Refused[] = [];
    events.forEach(({ kind, value }, index) => {
      if (kind === 'label') return;
      const glimpsed = versionText(value);
      if (isBlank(glimpsed) || this.seen.has(glimpsed)) return;
      const [model, version] = [parsedField(value, 'model'), parsedField(value, 'model_version')];
      if (isBlank(version) || this.admits(model, version, now)) return;
      const message = `model "${model.slice(0, 128)}" has had as many new versions today as it may: keep model_version to what is deployed, or raise TIDEWATCH_NEW_VERSIONS_PER_DAY`;
      refused.push({ index, model, code: 'too_many_versions', message, keepsBytes: true });
    });
    return refused;
  }

  private admits(model: string, version: string, now: number): boolean {
    const known = this.known(model);
    if (known === null) return true;
    if (!known.includes(version) && !this.isAdmitted(model, version, now)) return false;
    if (this.seen.size >= MOST_SEEN) this.seen.clear();
    this.seen.add(version);
    return true;
  }

  private isAdmitted(model: string, version: string, now: number): boolean {
    const found = this.admitted.get(model);
    const current = found && now >= found.since && now < found.since + DAY_MS ? found : null;
    const today = current ?? { since: now, versions: new Set<string>() };
    if (current === null) this.admitted.set(model, today);
    if (today.versions.has(version)) return true;
    if (today.versions.size >= this.perDay) return false;
    today.versions.add(version);
    return true;
  }
}

import type { ModelVersion } from './version-entries.js';

type Known = Pick<ModelVersion, 'version' | 'firstSeenAt' | 'declared' | 'led' | 'championed'>;

/** Rows of a version, by event time, half-open, that copy what others answered; null is without a bound. */
export interface Copies {
  readonly version: string;
  readonly from: Date | null;
  readonly to: Date | null;
}

/**
 * Rows of versions beside those that answer: on trial before they answered, retired or challenger without ever having answered, or put aside by a
 * person since. They are asked what others were asked as well, so that their rows are copies. What answered before another took its place keeps its
 * rows of that time. Where nothing has answered, or only what was announced and has sent no row, the model is what is on trial, and nothing stands
 * beside it.
 */
export function besideThoseThatAnswer(versions: readonly Known[]): readonly Copies[] {
  if (!versions.some(hasAnswered)) return [];
  return versions.flatMap((one) =>
    one.led === null
      ? [{ version: one.version, from: null, to: null }]
      : [...beforeItLed(one, versions), ...sinceItLed(one, versions)],
  );
}

/** It sent rows before it was put aside, if it was. */
function hasAnswered({ led, firstSeenAt }: Known): boolean {
  return led !== null && firstSeenAt !== null && (led.until === null || firstSeenAt < led.until);
}

/** On trial beside a champion of before: a canary is asked a share of the requests, and what the others are asked is not for it to answer. */
function beforeItLed(own: Known, versions: readonly Known[]): readonly Copies[] {
  const { version, led, championed } = own;
  const to = led?.since ?? null;
  if (to === null) return [];
  const began = (one: Known) => one.led?.since?.getTime() ?? -Infinity;
  const wasBefore = (one: Known) =>
    one.championed !== null && one.championed.first < (championed?.first ?? Infinity);
  const others = versions.filter((one) => one !== own && hasAnswered(one) && wasBefore(one));
  return others.some((one) => began(one) < to.getTime()) ? [{ version, from: null, to }] : [];
}

/** Put aside by a person: from then on, but not before one that answers now has rows. */
function sinceItLed({ version, led, declared }: Known, versions: readonly Known[]): readonly Copies[] {
  const until = led?.until ?? null;
  if (until === null || !declared) return [];
  const successors = versions.filter((one) => one.led?.until === null && hasAnswered(one));
  const first = Math.min(...successors.map(({ firstSeenAt }) => firstSeenAt?.getTime() ?? Infinity));
  if (!Number.isFinite(first)) return [];
  return [{ version, from: new Date(Math.max(until.getTime(), first)), to: null }];
}

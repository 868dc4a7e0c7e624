import { knownStage } from '../domain/known-stage.js';
import { ON_TRIAL, type Model } from '../domain/model.js';
import type { RegisteredModel } from '../registry/registry.js';
import { windowStart } from '../windows/window.js';

/** A window of one version: `to` is its end, event time. */
interface VersionWindow {
  readonly version: string;
  readonly to: Date;
}

/** Whether a version is on trial, as one nobody has heard of is: it is judged for whoever looks at it. */
export function isOnTrial(versions: RegisteredModel['versions'], version: string): boolean {
  return ON_TRIAL.has(knownStage(versions, version));
}

/** Whether a window lies in the time of a version that was retired since: rows and labels that come late for it open nothing again. */
export function isOver(
  versions: RegisteredModel['versions'],
  { window }: Pick<Model, 'window'>,
  { version, to }: VersionWindow,
): boolean {
  const known = versions.find((one) => one.version === version);
  const until = known?.stage === 'retired' ? known.led?.until : null;
  // What the window under way at its end still says is about its last minutes.
  return until ? to.getTime() <= windowStart(until.getTime(), window) + window : false;
}

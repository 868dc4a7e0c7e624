import { armingWindows, type SeriesModel } from '../checks/series.js';
import { countText, someOf } from '../domain/wording.js';
import { standingIn } from './series-standings.js';

/** Some series are not judged in most models; a message speaks of them from this share on. */
const WORTH_A_WORD = 0.1;
const NAMED = 3;
const SHORT_OF_SEASON =
  'their reference is shorter than the season they can have (`season` in the model file)';

/** Of how many series some are spoken of, in windows of which length (ms). */
interface Among {
  readonly total: number;
  readonly window: number;
}

/** What of a model's series nobody is told of, as a message about the others says it; null where that is little. */
export function unwatchedText(series: readonly SeriesModel[], window: number): string | null {
  const silent = series.filter(({ status }) => status !== 'armed' && status !== 'inapplicable').length;
  return silent < WORTH_A_WORD * series.length || silent === 0
    ? null
    : unwatchedParts(series, { total: series.length, window }).join('; ');
}

/** Which series nobody is told of, why, and what to do about it: a part of a sentence for each reason. Pure. */
export function unwatchedParts(series: readonly SeriesModel[], among: Among): readonly string[] {
  const having = (status: SeriesModel['status']) => series.filter((one) => one.status === status);
  const [unseasoned, uncalibratable] = [having('unseasoned'), having('uncalibratable')];
  const waiting = series.filter((one) => standingIn(one) === 'waits');
  const short = having('learning').filter((one) => !waiting.includes(one));
  const reasons = new Set(waiting.flatMap(({ waits }) => waits ?? []));
  return [
    ...(short.length > 0 ? [shortText(short, among)] : []),
    ...[...reasons].map((why) => `${waiting.filter(({ waits }) => waits === why).length} of ${among.total} series wait: ${why}`),
    ...(unseasoned.length > 0 ? [`${unseasoned.length} only raise notices${butForSevere(series)}: ${SHORT_OF_SEASON}`] : []),
    ...(uncalibratable.length > 0 ? [`${uncalibratable.length} cannot be calibrated and never page (${namesOf(uncalibratable)})`] : []),
  ]; // prettier-ignore
}

/** That some series page all the same, where some do. */
export function butForSevere(series: readonly SeriesModel[]): string {
  const pages = series.some(({ status, pagesFrom }) => status === 'unseasoned' && pagesFrom !== undefined);
  return pages ? ', unless a model is twice as wrong as it was' : '';
}

/** Such as: 3 of 39 series cannot be judged (null rate of age): the reference has 12 to 47 windows with enough for them, and 48 are needed: pin a longer one. */
function shortText(short: readonly SeriesModel[], { total, window }: Among): string {
  return `${short.length} of ${total} series cannot be judged (${namesOf(short)}): ${tooFewText(short, window)}`;
}

/** How far a frozen reference is from judging series, and what to do; `window`: its length, ms. */
export function tooFewText(short: readonly SeriesModel[], window: number): string {
  const seen = short.map(({ windows }) => windows);
  const [least, most] = [Math.min(...seen), Math.max(...seen)];
  const range = least === most ? countText(most) : `${countText(least)} to ${countText(most)}`;
  return `the reference has ${range} windows with enough for ${short.length === 1 ? 'it' : 'them'}, and ${armingWindows(window)} are needed: pin a longer one`;
}

function namesOf(series: readonly SeriesModel[]): string {
  const names = series.map(({ check, feature }) =>
    feature === null ? check.replaceAll('_', ' ') : `${check.replaceAll('_', ' ')} of ${feature}`,
  );
  return someOf([...new Set(names)], NAMED);
}

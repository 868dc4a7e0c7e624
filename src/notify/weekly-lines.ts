import type { Flap, WeeklyMessage } from '../domain/weekly-message.js';
import { countText, percentText, spanText, words } from '../domain/wording.js';

const day = (at: string) => at.slice(0, 10);
const many = (count: number, one: string, more: string) => `${countText(count)} ${count === 1 ? one : more}`;

/** `the week to 2026-11-23: 3 findings came and went`. */
export function weeklyTitle({ to, flapping, opened }: WeeklyMessage): string {
  const what = flapping > 0 ? `${many(flapping, 'finding', 'findings')} came and went` : many(opened, 'case', 'cases'); // prettier-ignore
  return `the week to ${day(to)}: ${what}`;
}

/** How many cases and messages there were, and how fast people were. Facts that nobody knows are left out. */
export function weeklyFacts(message: WeeklyMessage): readonly string[] {
  const { from, to, channels, opened, open, messages, detectSeconds, acknowledgeSeconds, resolveSeconds } = message; // prettier-ignore
  const times = [
    ['detected', detectSeconds],
    ['acknowledged', acknowledgeSeconds],
    ['over', resolveSeconds],
  ] as const;
  const means = times.flatMap(([what, seconds]) => (seconds === null ? [] : [`${what} after ${spanText(1000 * seconds)}`])); // prettier-ignore
  return [
    ...(message.instead === null ? [] : [message.instead]),
    `${day(from)} to ${day(to)}, ${channels.length === 1 ? 'by the channel' : 'by the channels'} ${channels.join(', ')}: ${many(opened, 'case', 'cases')}, ${countText(open)} still open, ${many(messages, 'message', 'messages')}`,
    ...(means.length > 0 ? [`On average ${means.join(', ')}`] : []),
  ];
}

/** `age has moved: 6 times, at most +0.45 sd`. */
export function flapLine({ title, model, version, times, largest, policy, rule }: Flap): string {
  const size = largest === null ? '' : `, at most ${largest}`;
  return `${model} ${version}: ${title}, ${times === 1 ? 'once' : `${countText(times)} times`}${size} (policy ${policy}, rule ${rule})`;
}

/** What would have kept it quiet, and what that would have cost; null where nothing can be proposed. */
export function proposalLine({ effect, windows, loses }: Flap): string | null {
  const ways = [
    effect === null ? null : `when: abs(effect) >= ${String(effect)}`,
    windows === null ? null : `for: { windows: ${windows} }`,
  ].filter((way) => way !== null);
  if (ways.length === 0) return null;
  const cost = effect !== null && loses > 0 ? `; the first would also have kept quiet ${many(loses, 'finding', 'findings')} that people called real` : ''; // prettier-ignore
  return `It would have been quiet with ${ways.join(', or with ')}${cost}`;
}

/** How often a check was right, by what people said of its cases. */
export function precisionLine({ check, policy, told, real }: WeeklyMessage['precision'][number]): string {
  return `${words(check)} (policy ${policy}) was right in ${countText(real)} of ${countText(told)}, ${percentText(real / told)}`; // prettier-ignore
}

/** What the list leaves out; null where nothing. */
export function weeklyRest({ flapping, flaps }: WeeklyMessage): string | null {
  return flapping > flaps.length ? `and ${countText(flapping - flaps.length)} more that came and went` : null;
}

/** All of it, a line each, where there is no room for more. */
export function weeklyLines(message: WeeklyMessage): readonly string[] {
  const flaps = message.flaps.flatMap((flap) => {
    const proposal = proposalLine(flap);
    return [flapLine(flap), ...(proposal === null ? [] : [proposal])];
  });
  const rest = weeklyRest(message);
  return [...weeklyFacts(message), ...flaps, ...(rest === null ? [] : [rest]), ...message.precision.map(precisionLine)]; // prettier-ignore
}

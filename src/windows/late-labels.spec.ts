import { describe, expect, it } from 'vitest';
import { BookedVersion, type KeptWindow } from './booked-version.js';
import { lateLabels } from './late-labels.js';

const HOUR = 3_600_000;
const RHYTHM = { share: 0.9, least: 0.85, ripeMs: 3 * HOUR, lateMs: 4 * HOUR };
const WEEK = 7 * 24;
/** Windows of an hour with 20 rows each; `labelled` of one, and whether its labels were judged. */
function bookOf(hours: number, labelled: (hour: number) => number, judgedTo: number): BookedVersion {
  const booked = new BookedVersion(HOUR);
  booked.keep({ from: -WEEK * HOUR, revision: 0, predictions: 20, labelled: 18, judgedLabels: 18, truths: null, judgedTruths: null });
  for (let hour = 0; hour < hours; hour += 1) {
    const count = labelled(hour);
    const window: KeptWindow = { from: hour * HOUR, revision: 0, predictions: 20, labelled: count, judgedLabels: hour < judgedTo ? count : null, truths: null, judgedTruths: null };
    booked.keep(window);
  }
  return booked;
} // prettier-ignore
const late = (booked: BookedVersion, hours: number, rhythm: typeof RHYTHM | null = RHYTHM) =>
  lateLabels({ booked, watermark: hours * HOUR, rhythm });

describe('labels', () => {
  it('that stop are late once half as much time again has passed for six windows', () => {
    // They stopped at hour 40; of hour 40 they would have been there at 45.
    const stopped = (hours: number) => bookOf(hours, (hour) => (hour < 40 ? 18 : 0), 40);
    expect(late(stopped(51), 51)).toBeNull();
    expect(late(stopped(52), 52)).toMatchObject({
      from: 40 * HOUR,
      to: 46 * HOUR,
      windows: 6,
      predictions: 120,
      labelled: 0,
      ageMs: 6 * HOUR,
    });
  });

  it('of one source of several that stops are late as well, those that merely take their time are not', () => {
    const part = (count: number) =>
      late(
        bookOf(60, (hour) => (hour < 40 ? 18 : count), 40),
        60,
      );
    expect(part(12)).toMatchObject({ windows: 14, labelled: 168 });
    // As a window or two in fifty have by themselves, all of them together do not.
    expect(part(17)).toBeNull();
    // What is judged since came as it should.
    expect(
      late(
        bookOf(60, (hour) => (hour < 40 || hour > 52 ? 18 : 0), 54),
        60,
      ),
    ).toBeNull();
  });

  it('are not judged before a week of them was seen: those of a weekend may come on Monday', () => {
    const firstDays = new BookedVersion(HOUR);
    for (let hour = 0; hour < 80; hour += 1) {
      const labelled = hour < 40 ? 18 : 0;
      firstDays.keep({ from: hour * HOUR, revision: 0, predictions: 20, labelled, judgedLabels: hour < 40 ? labelled : null, truths: null, judgedTruths: null });
    }
    expect(late(firstDays, 80)).toBeUndefined();
  }); // prettier-ignore

  it('that come days later for a few answers, as those of weekends, are not late before that', () => {
    const few = bookOf(80, (hour) => (hour < 40 ? 18 : 0), 40);
    expect(late(few, 80, { ...RHYTHM, lateMs: 60 * HOUR })).toBeNull();
  });

  it('are not judged while nobody knows how long they take, nor where nearly none was to be expected', () => {
    const none = bookOf(80, () => 0, 0);
    expect(late(none, 80, null)).toBeUndefined();
    const stopped = bookOf(80, (hour) => (hour < 40 ? 18 : 0), 40);
    expect(late(stopped, 80, { ...RHYTHM, share: 0.01, least: 0 })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { BookedVersion } from './booked-version.js';
import { dueWindows, lateMinutes, type BookedWindow, type DueTerms } from './due-windows.js';

const H = 3_600_000;
const judged = (hour: number, more: Partial<BookedWindow> = {}): BookedWindow => ({
  from: hour * H,
  revision: 0,
  predictions: 100,
  labelled: 0,
  judgedLabels: null,
  relabelled: false,
  ...more,
});
interface State extends DueTerms {
  readonly windows: readonly BookedWindow[];
  readonly withRows: readonly number[];
  readonly lateFrom: number | null;
}
/** One in ten labels never comes, the others within four hours. */
const NINE_IN_TEN = { share: 0.9, least: 0.82, ripeMs: 4 * H, lateMs: 5 * H };
const book = (more: Partial<State>): State => ({
  windows: [],
  withRows: [],
  lateFrom: null,
  expectedWithinMs: 48 * H,
  lookAgain: true,
  lookForMore: true,
  silenceMs: null,
  ...more,
});
/** What is due of a version that was booked so. */
const due = (state: State, mark: number) => {
  const version = new BookedVersion(H);
  for (const { relabelled, ...window } of state.windows)
    version.keep({ ...window, truths: 1, judgedTruths: relabelled ? 0 : 1 });
  for (const start of state.withRows) version.saw(start);
  version.lateFrom = state.lateFrom;
  return dueWindows(version, state, { rows: mark, labels: mark });
};
const hours = (state: State, mark: number) =>
  due(state, mark).map(
    (run) => `${run.track}${run.rerun ? ' again' : ''}: ${run.starts.map((start) => start / H).join(' ')}`,
  );

describe('dueWindows', () => {
  const table: [string, State, number, string[]][] = [
    ['nothing before the first row', book({}), 10 * H, []],
    ['a window closes when the watermark reaches its end', book({ withRows: [0] }), H, ['inputs: 0']],
    ['not one millisecond before', book({ withRows: [0] }), H - 1, []],
    ['several at once, in order, empty ones too', book({ withRows: [0, 3 * H] }), 4 * H, ['inputs: 0 1 2 3']],
    ['it goes on after the last judged', book({ windows: [judged(0)], withRows: [0, H] }), 2 * H, ['inputs: 1']],
    ['late rows judge their window and all after it again', book({ windows: [judged(0), judged(1), judged(2)], lateFrom: 1.5 * H }), 3 * H, ['inputs again: 1 2']],
    ['rows before the first judged window are judged, and all after them again', book({ windows: [judged(8), judged(9)], withRows: [2 * H, 3 * H, 8 * H, 9 * H], lateFrom: 2.5 * H }), 10 * H, ['inputs again: 2 3 4 5 6 7 8 9']],
    ['labels that are mature before judged ones are judged with them', book({ windows: [judged(0), judged(1, { labelled: 95, judgedLabels: 95 })], expectedWithinMs: H }), 2 * H, ['labels again: 0 1']],
    ['labels of a window are judged when nine in ten are there', book({ windows: [judged(0, { labelled: 90 }), judged(1, { labelled: 89 })] }), 2 * H, ['labels: 0']],
    ['or when they are not expected any more', book({ windows: [judged(0), judged(1)], expectedWithinMs: H / 2 }), 1.5 * H, ['labels: 0']],
    ['in order: a mature one waits for an immature one before it', book({ windows: [judged(0), judged(1, { labelled: 100 })] }), 2 * H, []],
    ['or until labels have overtaken it three times', book({ rhythm: null, windows: [judged(0), judged(1, { labelled: 95 }), judged(2, { labelled: 92 }), judged(3, { labelled: 100 })] }), 4 * H, ['labels: 1 2 3']],
    ['not with two of them', book({ rhythm: null, windows: [judged(0), judged(1, { labelled: 95 }), judged(2, { labelled: 92 })] }), 3 * H, []],
    ['nor before anybody looked how labels come', book({ windows: [judged(0), judged(1, { labelled: 95 }), judged(2, { labelled: 95 }), judged(3, { labelled: 92 }), judged(4, { labelled: 100 })] }), 5 * H, []],
    ['once overtaken it holds up nothing', book({ rhythm: null, windows: [judged(0), judged(1, { labelled: 95, judgedLabels: 95 }), judged(2, { labelled: 92 })] }), 3 * H, ['labels: 2']],
    ['and is judged when its labels are there, with all after it', book({ rhythm: null, windows: [judged(0, { labelled: 90 }), judged(1, { labelled: 95, judgedLabels: 95 })] }), 2 * H, ['labels again: 0 1']],
    ['where one in ten never comes, nine in ten of the others are waited for', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 87 }), judged(1, { labelled: 86 })] }), 2 * H, ['labels: 0']],
    ['or the age at which all have come, with as many as others had', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 82 }), judged(1, { labelled: 82 })] }), 5 * H, ['inputs: 2 3 4', 'labels: 0']],
    ['a feed that stopped is waited for at any age', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 60 })] }), 6 * H, ['inputs: 1 2 3 4 5']],
    ['the last labels of one that was judged by its age come once a day', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 86, judgedLabels: 82, relabelled: true })], lookForMore: false }), H, []],
    ['many more than that age leaves are judged at once', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 90, judgedLabels: 82, relabelled: true })], lookAgain: false, lookForMore: false }), H, ['labels again: 0']],
    ['and more than others ever have, of one that had enough', book({ rhythm: NINE_IN_TEN, windows: [judged(0, { labelled: 96, judgedLabels: 88, relabelled: true })], lookAgain: false, lookForMore: false }), H, ['labels again: 0']],
    ['many more labels are worth another look', book({ windows: [judged(0, { labelled: 60, judgedLabels: 50 })], lookAgain: false, lookForMore: false }), H, ['labels again: 0']],
    ['the rest of nearly all are, once a day', book({ windows: [judged(0, { labelled: 100, judgedLabels: 91, relabelled: true })] }), H, ['labels again: 0']],
    ['and not before', book({ windows: [judged(0, { labelled: 100, judgedLabels: 91, relabelled: true })], lookForMore: false }), H, []],
    ['corrected ones are without that', book({ windows: [judged(0, { labelled: 95, judgedLabels: 95, relabelled: true })], lookForMore: false }), H, ['labels again: 0']],
    ['a few more are, or corrected ones, once in a while', book({ windows: [judged(0, { labelled: 95, judgedLabels: 91, relabelled: true })] }), H, ['labels again: 0']],
    ['and not with each of them', book({ windows: [judged(0, { labelled: 95, judgedLabels: 95, relabelled: true })], lookAgain: false }), H, []],
    ['the same labels are not', book({ windows: [judged(0, { labelled: 95, judgedLabels: 91 })] }), H, []],
  ]; // prettier-ignore
  for (const [name, state, mark, want] of table) it(name, () => expect(hours(state, mark)).toEqual(want));

  it('steps over a long silence instead of judging thousands of empty windows', () => {
    const [run] = due(book({ withRows: [0, 5000 * H] }), 5001 * H);
    expect(run?.starts).toHaveLength(26);
    expect(run?.starts.at(-1)).toBe(5000 * H);
    expect(run?.starts[24]).toBe(24 * H);
  });

  it('rows that come into a silence that was stepped over are judged as in order', () => {
    const rows = [0, 100 * H, 200 * H];
    const [orderly] = due(book({ withRows: rows }), 201 * H);
    const first = due(book({ withRows: [0, 200 * H] }), 201 * H)[0]?.starts ?? [];
    const windows = first.map((start) => judged(start / H, { predictions: rows.includes(start) ? 100 : 0 }));
    const [late] = due(book({ windows, withRows: rows, lateFrom: 100 * H }), 201 * H);
    const all = [...new Set([...first, ...(late?.starts ?? [])])].sort((a, b) => a - b);
    expect(all).toEqual(orderly?.starts);
    expect(late?.starts).toContain(100 * H);
  });

  it('judges the window in which a silence becomes too long, once, and goes on with the rows that come', () => {
    const silent = { withRows: [0], silenceMs: 99.5 * H };
    const [run] = due(book(silent), 1000 * H);
    expect(run?.starts).toHaveLength(26);
    expect(run?.starts.slice(24)).toEqual([24 * H, 100 * H]);
    const told = run?.starts.map((start) => judged(start / H, start === 0 ? {} : { predictions: 0 })) ?? [];
    const later = (withRows: number[], mark: number) =>
      due(book({ ...silent, windows: told, withRows }), mark).filter((one) => one.track === 'inputs');
    expect(later([0], 2000 * H)).toEqual([]);
    expect(later([0, 300 * H], 301 * H)).toMatchObject([{ starts: [300 * H] }]);
    const short = due(book({ withRows: [0], silenceMs: 5 * H }), 1000 * H)[0];
    expect(short?.starts.at(-1)).toBe(24 * H);
  });

  it('does not judge a silence again and again', () => {
    const silent = Array.from({ length: 25 }, (_, hour) =>
      judged(hour, hour === 0 ? {} : { predictions: 0 }),
    );
    expect(
      due(book({ windows: silent, withRows: [0] }), 1000 * H).filter((run) => run.track === 'inputs'),
    ).toEqual([]);
  });
});

describe('lateMinutes', () => {
  it('tells late from beyond the allowed lateness', () => {
    expect(lateMinutes([1 * H, 20 * H, 30 * H], 25 * H, 10 * H, 26 * H)).toEqual({
      late: 20 * H,
      beyond: [1 * H],
    });
    expect(lateMinutes([30 * H], 25 * H, 10 * H, 26 * H)).toEqual({ late: null, beyond: [] });
    expect(lateMinutes([1 * H], null, 10 * H, 26 * H)).toEqual({ late: null, beyond: [] });
  });

  it('counts the minute at the allowed lateness, not the one at the end of what closed, and names the earliest', () => {
    expect(lateMinutes([25 * H], 25 * H, 10 * H, 26 * H)).toEqual({ late: null, beyond: [] });
    expect(lateMinutes([16 * H], 25 * H, 10 * H, 26 * H)).toEqual({ late: 16 * H, beyond: [] });
    expect(lateMinutes([22 * H, 20 * H, 21 * H], 25 * H, 10 * H, 26 * H)).toEqual({
      late: 20 * H,
      beyond: [],
    });
  });
});

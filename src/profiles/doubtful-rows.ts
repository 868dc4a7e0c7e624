import { ANSWERED } from '../constraints/answered.js';
import { groupBy } from '../domain/group-by.js';
import type { Model } from '../domain/model.js';
import { plainSpelling } from '../domain/spelling.js';
import { countText } from '../domain/wording.js';
import type { Database } from '../store/database.js';

/** Answers of a stretch, and those of them whose own parts contradict one another. */
export interface DoubtfulAnswers {
  readonly answers: number;
  /** Of a regression: a higher quantile lies below a lower one. */
  readonly crossed: number;
  /** Of several classes: `scores` do not name the class that was answered. */
  readonly unnamed: number;
}

/** A class as labels or answers of a stretch write it. */
export interface Written {
  readonly label: string;
  readonly rows: number;
}

/** Fewer rows may be a slip, as may a smaller part of all. */
const LEAST = 5;
const DOUBTFUL_SHARE = 0.01;
/** Spellings of a model that are looked at, the most frequent first. */
const MOST_CLASSES = 1000;

const SORTED_QUANTILES =
  'arraySort((answer, level) -> toFloat64OrZero(toString(level)), mapValues(scores), mapKeys(scores))';
const CROSSED = `arrayExists((higher, lower) -> higher < lower, arrayPopFront(${SORTED_QUANTILES}), arrayPopBack(${SORTED_QUANTILES}))`;

/** `span` is a condition on when rows came. */
function answersSql(span: string): string {
  return `SELECT model, count() AS answers, countIf(label = '' AND length(scores) > 1 AND ${CROSSED}) AS crossed,
    countIf(label != '' AND NOT mapContains(scores, label)) AS unnamed
  FROM predictions WHERE ${span} AND model IN {models:Array(String)} AND notEmpty(scores) AND ${ANSWERED} GROUP BY model`;
} // prettier-ignore

function writtenSql(table: 'labels' | 'predictions', span: string): string {
  return `SELECT model, toString(label) AS label, count() AS rows FROM ${table} WHERE ${span} AND model IN {models:Array(String)} AND label != ''
    GROUP BY model, label ORDER BY rows DESC, label LIMIT ${MOST_CLASSES} BY model`;
}

/** A stretch of arrivals, as a condition and what it binds. */
interface Stretch {
  readonly span: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Answers of a stretch that contradict themselves, by model; only of models whose answers have several parts. One query. */
export async function readDoubtful(
  database: Database,
  models: readonly Model[],
  { span, params }: Stretch,
): Promise<ReadonlyMap<string, DoubtfulAnswers>> {
  const keys = models.filter(({ task }) => task !== 'binary').map(({ key }) => key);
  if (keys.length === 0) return new Map();
  const options = { params: { ...params, models: keys }, timeoutMs: 120_000 };
  const rows = await database.query<DoubtfulAnswers & { readonly model: string }>(answersSql(span), options);
  return new Map(rows.map(({ model, ...counts }) => [model, counts]));
}

/** What labels and answers of a stretch name, by model; only of models of several classes that do not say which there are. Two queries. */
export async function readWritten(
  database: Database,
  models: readonly Model[],
  { span, params }: Stretch,
): Promise<ReadonlyMap<string, { readonly labels: readonly Written[]; readonly answers: readonly Written[] }>> {
  const keys = models.filter(({ task, classes }) => task === 'multiclass' && !classes?.length).map(({ key }) => key);
  if (keys.length === 0) return new Map();
  const options = { params: { ...params, models: keys }, timeoutMs: 120_000 };
  const read = async (table: 'labels' | 'predictions') =>
    groupBy(await database.query<Written & { readonly model: string }>(writtenSql(table, span), options), ({ model }) => model);
  const [labels, answers] = [await read('labels'), await read('predictions')];
  return new Map(keys.map((key) => [key, { labels: labels.get(key) ?? [], answers: answers.get(key) ?? [] }]));
} // prettier-ignore

/** The same of several stretches together. Pure. */
export function addDoubtful(all: readonly (DoubtfulAnswers | undefined)[]): DoubtfulAnswers {
  const sum = (of: keyof DoubtfulAnswers) => all.reduce((total, one) => total + (one?.[of] ?? 0), 0);
  return { answers: sum('answers'), crossed: sum('crossed'), unnamed: sum('unnamed') };
}

/** That answers contradict themselves, as sentences; none where few do. Pure. */
export function doubtfulTexts({ answers, crossed, unnamed }: DoubtfulAnswers): readonly string[] {
  const of = (rows: number) => `${countText(rows)} of ${countText(answers)} answers of a day`;
  return [
    ...(isWorthAWord(crossed, answers)
      ? [`${of(crossed)} have quantiles that cross: a higher level lies below a lower one in scores. Are levels and values in the same order?`]
      : []),
    ...(isWorthAWord(unnamed, answers)
      ? [`${of(unnamed)} name a class that their own scores do not: it counts as given no chance, and log loss and calibration are wrong by it. Send the probability of the class that is answered, spelt as label is`]
      : []),
  ];
} // prettier-ignore

/** That labels are a class which is answered but for case or blanks, as a sentence; null where few are. Pure. */
export function misspeltClassText(labels: readonly Written[], answers: readonly Written[]): string | null {
  const answered = new Set(answers.map(({ label }) => label));
  const meant = new Map([...answered].map((label) => [plainSpelling(label), label]));
  const off = labels.flatMap(({ label, rows }) => {
    const name = answered.has(label) ? undefined : meant.get(plainSpelling(label));
    return name === undefined ? [] : [{ label, rows, name }];
  });
  const [most] = off;
  const total = (all: readonly { readonly rows: number }[]) => all.reduce((sum, { rows }) => sum + rows, 0);
  if (!most || !isWorthAWord(total(off), total(labels))) return null;
  return `${countText(total(off))} of ${countText(total(labels))} labels of a day are a class that is answered but for case or blanks, such as "${most.label}" where answers say "${most.name}": they count as another class, and performance is wrong by them. Classes are told apart by every letter: write labels as answers are, and name the classes in the model file, so that others are refused`;
} // prettier-ignore

function isWorthAWord(rows: number, all: number): boolean {
  return rows >= LEAST && rows >= DOUBTFUL_SHARE * all;
}

import { HASH_BITS } from '../domain/hash-bits.js';
import type { Rule, RuleOf } from '../domain/measure.js';
import { tallyCalls, tallyEstimate, tallyEstimateGap } from './answer-tally.js';
import { BlockColumns } from './block-columns.js';
import { tallyCost } from './cost-sql.js';
import { breaks, isAsked } from './expectation-tally.js';
import { tallyGroup } from './group-tally.js';
import type { MeasureCounts, MeasureRow } from './measure-row.js';
import { ABSOLUTE_ERROR, everyOf, RELATIVE_ERROR } from './measure-sql.js';
import type { RowBlock } from './row-blocks.js';
import { tallySegments } from './segment-tally.js';

/** Adds what the chosen rows of a block say to the sums of a rule. */
type Add = (columns: BlockColumns, rows: readonly number[], sums: number[]) => void;
interface Tally {
  readonly kind: MeasureRow['kind'];
  readonly length: number;
  readonly add: Add;
}

/**
 * Every rule over the rows of one minute: the same sums as `measureSelect` makes in the engine. A rule that no row of the minute is looked at for is
 * absent, as it is there.
 */
export function tallyMeasures(
  rules: readonly Rule[],
  columns: readonly BlockColumns[],
): readonly MeasureCounts[] {
  const chosen = new Map<number, readonly (readonly number[])[]>();
  const segments = rules.filter((rule): rule is RuleOf<'segment'> => rule.rule === 'segment');
  const counts = rules.flatMap((rule) => {
    const tally = tallyOf(rule);
    if (!tally) return [];
    const every = everyOf(rule);
    const rows = chosen.get(every) ?? columns.map(({ block }) => rowsLookedAt(block, every));
    chosen.set(every, rows);
    if (rows.every((some) => some.length === 0)) return [];
    const sums = Array.from({ length: tally.length }, () => 0);
    columns.forEach((one, i) => tally.add(one, rows[i] ?? [], sums));
    return [{ rule: rule.name, kind: tally.kind, sums }];
  });
  return [...counts, ...tallySegments(segments, columns)];
}

/** The columns of blocks by name: made once for all rules that are measured on them. */
export function columnsOf(blocks: readonly RowBlock[]): readonly BlockColumns[] {
  return blocks.map((block) => new BlockColumns(block));
}

const HALF = 2 ** 32;

/** One row in so many, chosen by the hash of its id. */
function rowsLookedAt({ rows, idLow, idHigh }: RowBlock, every: number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (every === 1) return all;
  return all.filter(
    (row) => (((idHigh[row] ?? 0) % every) * (HALF % every) + ((idLow[row] ?? 0) % every)) % every === 0,
  );
}

/** Rows of `trials`, and those of them where `hit` holds. */
function rate(
  isTrial: (columns: BlockColumns) => boolean,
  hits: (columns: BlockColumns) => (row: number) => boolean,
): Tally {
  const add: Add = (columns, rows, sums) => {
    if (!isTrial(columns)) return;
    const isHit = hits(columns);
    plus(sums, 0, rows.filter(isHit).length);
    plus(sums, 1, rows.length);
  };
  return { kind: 'rate', length: 2, add };
}

function plus(sums: number[], place: number, x: number): void {
  sums[place] = (sums[place] ?? 0) + x;
}

function tallyOf(rule: Rule): Tally | null {
  switch (rule.rule) {
    case 'order':
      return rate(
        (columns) => columns.hasNumber(rule.a) && columns.hasNumber(rule.b),
        (columns) => {
          const [a, b] = [columns.number(rule.a), columns.number(rule.b)];
          return (row) => (a[row] ?? 0) > (b[row] ?? 0);
        },
      );
    case 'total':
      return totalTally(rule);
    case 'together':
      return rate(
        () => true,
        (columns) => () => columns.has(rule.a) !== columns.has(rule.b),
      );
    case 'determines':
      return { kind: 'rate', length: 2, add: determines(rule) };
    case 'format': {
      const [feature, pattern] = [rule.feature ?? '', new RegExp(rule.pattern, 'u')];
      return rate(
        (columns) => columns.hasText(feature),
        (columns) => (row) => !pattern.test(columns.text(feature)[row] ?? ''),
      );
    }
    case 'whole': {
      const feature = rule.feature ?? '';
      return rate(
        (columns) => columns.hasNumber(feature),
        (columns) => (row) => !Number.isInteger(columns.number(feature)[row]),
      );
    }
    case 'distinct':
      return { kind: 'rate', length: 2, add: copies(rule) };
    case 'expectation':
      return rate(
        (columns) => isAsked(rule.condition, columns),
        (columns) => breaks(rule.condition, columns),
      );
    case 'repeats':
      return { kind: 'bits', length: 1 + HASH_BITS.length, add: bits };
    case 'correlation':
      return { kind: 'pair', length: 6, add: correlation(rule) };
    case 'component':
      return { kind: 'mean', length: 3, add: component(rule) };
    case 'attribution':
      return { kind: 'mean', length: 3, add: attribution(rule) };
    case 'selection':
      return { kind: 'rates', length: 4, add: tallyGroup(rule) };
    case 'group_calibration':
      return { kind: 'mean', length: 3, add: tallyGroup(rule) };
    default:
      return answerTally(rule);
  }
}

/** The same of rules about answers and calls. */
function answerTally(
  rule: RuleOf<'estimate' | 'estimate_gap' | 'calls' | 'arrives' | 'classifier' | 'segment' | 'cost'>,
): Tally | null {
  switch (rule.rule) {
    case 'estimate':
      return { kind: 'estimate', length: 6, add: tallyEstimate(rule) };
    case 'estimate_gap':
      return { kind: 'mean', length: 3, add: tallyEstimateGap(rule) };
    case 'calls':
      return { kind: 'rate', length: 2, add: tallyCalls(rule) };
    case 'cost':
      return { kind: 'mean', length: 3, add: tallyCost(rule) };
    case 'arrives':
    case 'classifier':
    case 'segment': // counted together
      return null;
  }
}

function totalTally({ a, terms }: RuleOf<'total'>): Tally {
  const names = [a, ...terms];
  return rate(
    (columns) => names.every((name) => columns.hasNumber(name)),
    (columns) => {
      const [whole = [], ...parts] = names.map((name) => columns.number(name));
      return (row) => {
        const x = whole[row] ?? 0;
        let [sum, largest] = [0, Math.abs(x)];
        for (const part of parts) {
          sum += part[row] ?? 0;
          largest = Math.max(largest, Math.abs(part[row] ?? 0));
        }
        return Math.abs(x - sum) > RELATIVE_ERROR * largest + ABSOLUTE_ERROR;
      };
    },
  );
}

function determines({ a, b, values, results }: RuleOf<'determines'>): Add {
  const expected = new Map(values.map((value, i) => [value, results[i] ?? '']));
  return (columns, rows, sums) => {
    if (!columns.hasText(a) || !columns.hasText(b)) return;
    const [from, to] = [columns.text(a), columns.text(b)];
    for (const row of rows) {
      const result = expected.get(from[row] ?? '');
      if (result === undefined) continue;
      plus(sums, 1, 1);
      if (result !== to[row]) plus(sums, 0, 1);
    }
  };
}

/** Copies are counted within a minute. Blocks name different features, so a content of one is none of another; a value of one feature may be in several. */
function copies({ feature }: RuleOf<'distinct'>): Add {
  if (feature === null)
    return ({ block }, _rows, sums) => {
      plus(sums, 0, block.rows - block.contents);
      plus(sums, 1, block.rows);
    };
  const seen = new Set<string>();
  return (columns, rows, sums) => {
    if (!columns.hasText(feature)) return;
    const before = seen.size;
    const { minute, minutes } = columns.block;
    for (const row of rows) seen.add(`${minutes[row] ?? minute} ${columns.text(feature)[row] ?? ''}`);
    plus(sums, 0, rows.length - (seen.size - before));
    plus(sums, 1, rows.length);
  };
}

const bits: Add = ({ block: { valuesLow, valuesHigh } }, rows, sums) => {
  plus(sums, 0, rows.length);
  for (const row of rows) {
    const [low, high] = [valuesLow[row] ?? 0, valuesHigh[row] ?? 0];
    for (let bit = 0; bit < 32; bit += 1) {
      if ((low >>> bit) & 1) plus(sums, 1 + bit, 1);
      if ((high >>> bit) & 1) plus(sums, 33 + bit, 1);
    }
  }
};

function correlation({ a, b }: RuleOf<'correlation'>): Add {
  return (columns, rows, sums) => {
    if (!columns.isPresent(a) || !columns.isPresent(b)) return; // an absent value is 0, and so is the product
    const [x, y] = [columns.standardised(a), columns.standardised(b)];
    for (const row of rows) {
      const [p, q] = [x[row] ?? 0, y[row] ?? 0];
      [1, p, q, p * p, q * q, p * q].forEach((part, i) => plus(sums, i, part));
    }
  };
}

function component({ part, columns: of, directions, variances }: RuleOf<'component'>): Add {
  return (columns, rows, sums) => {
    const z = of.map((column) => columns.standardised(column));
    const along = (direction: readonly number[], row: number) =>
      z.reduce((sum, values, i) => sum + (values[row] ?? 0) * (direction[i] ?? 0), 0);
    for (const row of rows) {
      const scores = directions.map((direction) => along(direction, row));
      const length = z.reduce((sum, values) => sum + (values[row] ?? 0) ** 2, 0);
      const value =
        part === 'residual'
          ? Math.sqrt(
              Math.max(
                0,
                scores.reduce((left, score) => left - score * score, length),
              ),
            )
          : scores.reduce((sum, score, k) => sum + (score * score) / (variances[k] ?? 1), 0);
      [1, value, value * value].forEach((each, i) => plus(sums, i, each));
    }
  };
}

function attribution({ of }: RuleOf<'attribution'>): Add {
  return ({ block }, rows, sums) => {
    for (const row of rows) {
      const carried = block.attributions[row] ?? {};
      const whole = Object.values(carried).reduce<number>((sum, x) => sum + Math.abs(x ?? NaN), 0);
      const share = whole > 0 ? Math.abs(of in carried ? (carried[of] ?? NaN) : 0) / whole : 0;
      [Number(whole > 0), share, share * share].forEach((each, i) => plus(sums, i, each));
    }
  };
}

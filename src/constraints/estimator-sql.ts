import type { Calibrator, Estimator, TreeNode } from '../domain/estimate-rule.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import type { RowColumns } from './row-columns.js';

/** Whether a row has the answer that its loss is expected from. */
export function isThere({ kind }: Estimator): string {
  return kind === 'binary'
    ? 'NOT isNaN(score)'
    : kind === 'multiclass'
      ? 'notEmpty(scores)'
      : 'NOT isNaN(value)';
}

export function isKnown({ kind }: Estimator): string {
  return kind === 'regression' ? 'NOT isNaN(actual_value)' : '1';
}

/** What was answered: the label, else what the score says. */
export function saysPositive(estimator: Estimator): string {
  return estimator.kind === 'binary'
    ? `if(label != '', label = ${literal(estimator.positive)}, score >= 0.5)`
    : '0';
}

export function realisedLoss(estimator: Estimator): string {
  switch (estimator.kind) {
    case 'binary':
      return `toFloat64((actual = ${literal(estimator.positive)}) != (${saysPositive(estimator)}))`;
    case 'multiclass':
      return 'toFloat64(label != actual)';
    case 'regression':
      return 'abs(value - actual_value)';
  }
}

export function expectedLoss(estimator: Estimator, columns: RowColumns): string {
  switch (estimator.kind) {
    case 'binary': {
      const probability = calibrated('score', estimator.calibrator, columns);
      return `if(${saysPositive(estimator)}, 1 - ${probability}, ${probability})`;
    }
    case 'multiclass': {
      const each = estimator.classes.map(({ name, calibrator }) =>
        calibrated(`scores[${literal(name)}]`, calibrator, columns),
      );
      const names = estimator.classes.map(({ name }) => literal(name)).join(', ');
      const said = `arrayElement([${each.join(', ')}], indexOf([${names}], toString(label)))`;
      const all = columns.of(`arraySum([${each.join(', ')}])`);
      return `if(${all} > 0, 1 - if(has([${names}], toString(label)), ${said}, 0.) / ${all}, 1.)`;
    }
    case 'regression':
      return leafOf(estimator.nodes, 0, columns);
  }
}

/** The calibrated probability of a score: on the straight line from the knot below it to the next (stats/isotonic.ts). */
function calibrated(score: string, { from, to, value }: Calibrator, columns: RowColumns): string {
  const raw = columns.of(`ifNotFinite(${score}, 0.)`);
  const knots = from.flatMap((start, i) => {
    const y = value[i] ?? 0;
    const end = to[i] ?? start;
    return end > start ? [[start, y] as const, [end, y] as const] : [[start, y] as const];
  });
  const [first] = knots;
  if (!first) return raw;
  if (knots.length === 1) return numberLiteral(first[1]);
  const xs = list(knots.map(([x]) => x));
  const slopes = knots.map(([x, y], i) => {
    const next = knots[i + 1];
    return next ? (next[1] - y) / (next[0] - x) : 0;
  });
  const within = columns.of(`greatest(${raw}, ${numberLiteral(first[0])})`);
  const below = columns.of(`roundDown(${within}, ${xs})`);
  const at = (values: readonly number[]) => `transform(${below}, ${xs}, ${list(values)}, 0.)`;
  return columns.of(`${at(knots.map(([, y]) => y))} + ${at(slopes)} * (${within} - ${below})`);
}

function list(values: readonly number[]): string {
  return `CAST([${values.join(', ')}], 'Array(Float64)')`;
}

/** The loss of the leaf in which a row ends. */
function leafOf(nodes: readonly TreeNode[], place: number, columns: RowColumns): string {
  const node = nodes[place];
  if (!node?.question) return numberLiteral(node?.loss ?? 0);
  const { feature, above, category } = node.question;
  const asked =
    above === null
      ? `${columns.text(feature ?? '')} = ${literal(category ?? '')}`
      : feature === null
        ? `value > ${numberLiteral(above)}`
        : `${columns.hasNumber(feature)} AND ${columns.number(feature)} > ${numberLiteral(above)}`;
  return `if(${asked}, ${leafOf(nodes, node.yes, columns)}, ${leafOf(nodes, node.no, columns)})`;
}

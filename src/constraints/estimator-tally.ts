import type { Estimator, TreeNode } from '../domain/estimate-rule.js';
import { isotonicCalibration } from '../stats/isotonic.js';
import type { BlockColumns } from './block-columns.js';
import { JUDGED, type RowBlock } from './row-block.js';

/** Where what is known of a labelled row stands among the labelled ones. */
export function labelledPlaces({ labelled }: RowBlock): (number | undefined)[] {
  let place = -1;
  return labelled.map((is) => {
    if (!is) return undefined;
    place += 1;
    return place;
  });
}

/** Whether a row was answered with the positive class. */
export function saysPositive(positive: string, block: RowBlock, row: number): boolean {
  const label = block.label[row] ?? '';
  return label === '' ? (block.score[row] ?? NaN) >= 0.5 : label === positive;
}

export function realisedLoss(
  estimator: Estimator,
  block: RowBlock,
  { row, place }: { readonly row: number; readonly place: number },
): number {
  const actual = block.actual[row] ?? '';
  switch (estimator.kind) {
    case 'binary':
      return Number((actual === estimator.positive) !== saysPositive(estimator.positive, block, row));
    case 'multiclass':
      return Number(block.label[row] !== actual);
    case 'regression':
      return Math.abs((block.value[row] ?? NaN) - (block.judged[place]?.[JUDGED.actualValue] ?? NaN));
  }
}

/** The loss expected of a row; null where it has no answer to judge by. */
export function expectedLoss(estimator: Estimator): (columns: BlockColumns, row: number) => number | null {
  switch (estimator.kind) {
    case 'binary': {
      const calibrate = isotonicCalibration(estimator.calibrator);
      return ({ block }, row) => {
        const score = block.score[row] ?? null;
        if (score === null) return null;
        const probability = calibrate(score);
        return saysPositive(estimator.positive, block, row) ? 1 - probability : probability;
      };
    }
    case 'multiclass':
      return multiclassLoss(estimator);
    case 'regression':
      return (columns, row) =>
        (columns.block.value[row] ?? null) === null ? null : leafOf(estimator.nodes, 0, { columns, row });
  }
}

function multiclassLoss({ classes }: Extract<Estimator, { readonly kind: 'multiclass' }>) {
  const calibrations = classes.map(({ name, calibrator }) => ({
    name,
    calibrate: isotonicCalibration(calibrator),
  }));
  return ({ block }: BlockColumns, row: number): number | null => {
    const scores = block.scores[row] ?? {};
    if (Object.keys(scores).length === 0) return null;
    const each = calibrations.map(({ name, calibrate }) => ({ name, value: calibrate(scores[name] ?? 0) }));
    const all = each.reduce((sum, { value }) => sum + value, 0);
    return all > 0 ? 1 - (each.find(({ name }) => name === block.label[row])?.value ?? 0) / all : 1;
  };
}

function leafOf(
  nodes: readonly TreeNode[],
  place: number,
  at: { readonly columns: BlockColumns; readonly row: number },
): number {
  const node = nodes[place];
  if (!node?.question) return node?.loss ?? 0;
  const { feature, above, category } = node.question;
  const { columns, row } = at;
  const says =
    above === null
      ? columns.text(feature ?? '')[row] === category
      : feature === null
        ? (columns.block.value[row] ?? NaN) > above
        : columns.hasNumber(feature) && (columns.number(feature)[row] ?? NaN) > above;
  return leafOf(nodes, says ? node.yes : node.no, at);
}

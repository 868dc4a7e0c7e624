import type { FeatureBaselines } from '../domain/baseline.js';
import type { Calibrator, Estimator, EstimateQuestion, TaughtBy } from '../domain/estimate-rule.js';
import { LEAST_CALIBRATED } from '../domain/estimate-of.js';
import { OUTPUT } from '../domain/profile.js';
import { equalMassBins, expectedCalibrationError } from '../stats/calibration.js';
import { isotonicFit, isotonicValue } from '../stats/isotonic.js';
import { lossTree, type LossNode } from '../stats/loss-tree.js';
import { literal, numberLiteral } from '../store/sql-text.js';
import { NOTHING, type Mined, type MiningGround } from './mining-ground.js';
import type { RowSource } from './row-source.js';

type Reader = MiningGround['database'];

/** What an estimate is learnt from. */
export type EstimateGround = Pick<
  MiningGround,
  'database' | 'model' | 'features' | 'judged' | 'answerers' | 'turn'
>;

/** Rows that are looked at, chosen by a hash of their id. */
const MOST_LABELLED = 100_000;
const MOST_TREE_ROWS = 20_000;
const MOST_SCORED_CLASSES = 30;
/** Bins in which it is seen whether calibrating helps. */
const BINS = 10;
const NO_CALIBRATION: Calibrator = { from: [], to: [], value: [] };

/**
 * How a row's loss is expected before its label comes, from the labelled rows of a reference: calibrated scores, or for a regression a tree of
 * the absolute error. Where too few rows have labels, scores are taken for what they say they are; a regression then has no rules.
 */
export async function mineEstimates(ground: EstimateGround): Promise<Mined> {
  const { model } = ground;
  const estimator = await estimatorOf(ground);
  if (estimator === null) return NOTHING;
  const statistic = model.task === 'regression' ? 'mean_absolute_error' : 'error_rate';
  const shared = { feature: null, estimator, taughtBy: await taughtBy(ground) } as const;
  return { rules: [
    { ...shared, rule: 'estimate', name: 'estimate', check: 'estimated_performance', statistic },
    { ...shared, rule: 'estimate_gap', name: 'estimate_gap', check: 'concept_drift', statistic: 'estimation_gap', needsLabels: true },
  ] }; // prettier-ignore
}

async function estimatorOf(ground: EstimateGround): Promise<Estimator | null> {
  const { model } = ground;
  switch (model.task) {
    case 'binary':
      return binary(ground);
    case 'multiclass':
      return multiclass(ground);
    case 'regression':
      return regression(ground);
  }
}

/**
 * The versions whose answers taught it: those with labelled rows enough for a calibration of their own; of a reference without labels those with so
 * many rows, and all of them where none has.
 */
async function taughtBy({ database, judged, answerers }: EstimateGround): Promise<TaughtBy> {
  const rows = answerers ?? judged;
  const name = answerers ? 'version' : "''";
  const sql = `SELECT ${name} AS version, count() AS n, countIf(labelled) AS labelled ${rows.from} GROUP BY version ORDER BY version`;
  const found = await database.query<{ version: string; n: number; labelled: number }>(sql, { params: rows.params, timeoutMs: 300_000 });
  const labelled = found.reduce((sum, one) => sum + one.labelled, 0);
  if (!answerers) return { versions: null, labelled };
  const hasLabels = labelled >= LEAST_CALIBRATED;
  const enough = found.filter((one) => (hasLabels ? one.labelled : one.n) >= LEAST_CALIBRATED);
  return { versions: (enough.length > 0 ? enough : found).map(({ version }) => version), labelled };
} // prettier-ignore

/** Rows with labels, the same ones every time. */
function labelledRows({ from }: RowSource, columns: string, where: string, limit: number): string {
  return `SELECT ${columns} FROM (SELECT * ${from}) WHERE labelled AND ${where} ORDER BY cityHash64(prediction_id), prediction_id LIMIT ${limit}`;
}

async function binary({ database, model, judged, turn }: EstimateGround): Promise<Estimator | null> {
  const positive = model.positive ?? '';
  const sql = labelledRows(judged, `score AS x, toUInt8(actual = ${literal(positive)}) AS y`, 'NOT isNaN(score)', MOST_LABELLED);
  const rows = await database.query<{ x: number; y: number }>(sql, { params: judged.params, timeoutMs: 300_000 });
  if (rows.length >= LEAST_CALIBRATED) return { kind: 'binary', positive, calibrator: await calibratorOf(rows, turn) };
  const isScored = (await scoredRows(database, judged, 'NOT isNaN(score)')) >= LEAST_CALIBRATED;
  return isScored ? { kind: 'binary', positive, calibrator: NO_CALIBRATION } : null;
} // prettier-ignore

async function multiclass({ database, judged, turn }: EstimateGround): Promise<Estimator | null> {
  const columns = 'toString(actual) AS truth, CAST(scores, \'Map(String, Float64)\') AS scores';
  const sql = labelledRows(judged, columns, 'notEmpty(scores)', MOST_LABELLED);
  const rows = await database.query<{ truth: string; scores: Record<string, number> }>(sql, { params: judged.params, timeoutMs: 300_000 });
  const names = await scoredClasses(database, judged);
  if (names.length < 2 || names.length > MOST_SCORED_CLASSES) return null;
  const classes: { name: string; calibrator: Calibrator }[] = [];
  for (const name of names) {
    const own = rows.map(({ truth, scores }) => ({ x: scores[name] ?? 0, y: truth === name ? 1 : 0 }));
    classes.push({ name, calibrator: rows.length < LEAST_CALIBRATED ? NO_CALIBRATION : await calibratorOf(own, turn) });
  }
  return { kind: 'multiclass', classes };
} // prettier-ignore

async function scoredRows(database: Reader, { from, params }: RowSource, where: string): Promise<number> {
  const [found] = await database.query<{ n: number }>(`SELECT countIf(${where}) AS n ${from}`, { params, timeoutMs: 300_000 });
  return found?.n ?? 0;
} // prettier-ignore

/** Classes that the reference gives scores to; none where too few rows have any. */
async function scoredClasses(database: Reader, judged: RowSource): Promise<string[]> {
  if ((await scoredRows(database, judged, 'notEmpty(scores)')) < LEAST_CALIBRATED) return [];
  const sql = `SELECT DISTINCT toString(arrayJoin(mapKeys(scores))) AS name ${judged.from} ORDER BY name LIMIT ${MOST_SCORED_CLASSES + 1}`;
  const found = await database.query<{ name: string }>(sql, { params: judged.params, timeoutMs: 300_000 });
  return found.map(({ name }) => name);
} // prettier-ignore

interface Scored {
  readonly x: number;
  readonly y: number;
}

/** An isotonic fit, where one on half of the rows lowers the calibration error of the other half. */
async function calibratorOf(rows: readonly Scored[], turn: MiningGround['turn']): Promise<Calibrator> {
  const [fitted, tried] = [rows.filter((_, i) => i % 2 === 0), rows.filter((_, i) => i % 2 === 1)];
  const half = fit(fitted);
  const labels = tried.map(({ y }) => y);
  const errorOf = (probabilities: readonly number[]) =>
    expectedCalibrationError(equalMassBins(probabilities, labels, BINS));
  await turn();
  const raw = errorOf(tried.map(({ x }) => x));
  await turn();
  const calibrated = errorOf(tried.map(({ x }) => isotonicValue(half, x)));
  if (calibrated >= raw) return NO_CALIBRATION;
  await turn();
  const { blocks } = fit(rows);
  return {
    from: blocks.map(({ from }) => from),
    to: blocks.map(({ to }) => to),
    value: blocks.map(({ value }) => value),
  };
}

function fit(rows: readonly Scored[]) {
  return isotonicFit(
    rows.map(({ x }) => x),
    rows.map(({ y }) => y),
  );
}

/** Features that the tree may ask about, and questions about each. */
const MOST_ASKED = 20;
const DEPTH = 4;
const LEAST_LEAF = 100;

async function regression({ database, judged, features }: EstimateGround): Promise<Estimator | null> {
  const questions = questionsOf(features);
  const columns = `[${questions.map((question) => `toUInt8(${questionSql(question)})`).join(', ')}] AS answers, abs(value - actual_value) AS loss`;
  const where = 'NOT isNaN(value) AND NOT isNaN(actual_value)';
  const sql = labelledRows(judged, questions.length > 0 ? columns : columns.replace('[]', "CAST([], 'Array(UInt8)')"), where, MOST_TREE_ROWS);
  const rows = await database.query<{ answers: number[]; loss: number | null }>(sql, { params: judged.params, timeoutMs: 300_000 });
  if (rows.length < LEAST_CALIBRATED || rows.some(({ loss }) => loss === null)) return null;
  const asked = questions.map((_, i) => rows.map(({ answers }) => answers[i] ?? 0));
  const tree = lossTree(asked, rows.map(({ loss }) => loss ?? 0), { depth: DEPTH, leastRows: LEAST_LEAF });
  const nodes = tree.map(({ split, ...node }) => ({ ...node, question: split === null ? null : (questions[split] ?? null) }));
  return { kind: 'regression', nodes, residual: residualOf(tree, rows) };
} // prettier-ignore

/** Variance of the loss around the leaf that a row ends in. */
function residualOf(
  tree: readonly LossNode[],
  rows: readonly { readonly answers: readonly number[]; readonly loss: number | null }[],
): number {
  const leaf = (answers: readonly number[]) => {
    let node = tree[0];
    while (node && node.split !== null) node = tree[answers[node.split] === 1 ? node.yes : node.no];
    return node?.loss ?? 0;
  };
  return rows.reduce((sum, { answers, loss }) => sum + ((loss ?? 0) - leaf(answers)) ** 2, 0) / rows.length;
}

/** Every other edge of a number, the most frequent categories of a text; the model's own answer first. */
function questionsOf(features: FeatureBaselines): EstimateQuestion[] {
  const { [OUTPUT.value]: answer, ...inputs } = features;
  const above = (feature: string | null, edges: readonly number[]): EstimateQuestion[] =>
    edges.filter((_, i) => i % 2 === 0).map((edge) => ({ feature, above: edge, category: null }));
  const asked = Object.entries(inputs)
    .slice(0, MOST_ASKED)
    .flatMap(([feature, baseline]) =>
      baseline.kind === 'numeric'
        ? above(feature, baseline.edges)
        : baseline.categories.slice(0, 5).map((category) => ({ feature, above: null, category })),
    );
  return [...(answer?.kind === 'numeric' ? above(null, answer.edges) : []), ...asked];
}

function questionSql({ feature, above, category }: EstimateQuestion): string {
  if (above === null) return `cat[${literal(feature ?? '')}] = ${literal(category ?? '')}`;
  const edge = numberLiteral(above);
  if (feature === null) return `value > ${edge}`;
  return `mapContains(num, ${literal(feature)}) AND num[${literal(feature)}] > ${edge}`;
}

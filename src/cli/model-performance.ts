import { MATURE_SHARE, newestMature } from '../domain/newest-mature.js';
import { Command } from 'commander';
import { countText, intervalText, minuteText, numberText, percentText, words } from '../domain/wording.js';
import { answering, table, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { queryModel } from './query-model.js';

interface PerformanceOptions extends DataOptions {
  readonly of?: string;
  readonly segment?: string;
  readonly metric?: readonly string[];
  readonly since?: string;
  readonly until?: string;
}

interface Point {
  readonly from: string;
  readonly to: string;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  readonly reason: string | null;
  readonly maturity: number | null;
}

interface Series {
  readonly metric: string;
  readonly basis: string;
  readonly version: string;
  readonly usual: number | null;
  readonly whole: Point | null;
  readonly remark: string | null;
  readonly points: readonly Point[];
}

interface Answered {
  readonly labelsMisspelt: string | null;
  readonly unsummed: string | null;
  readonly monitoring: { readonly labels: string | null };
  readonly performance: readonly Series[];
}

const DOCUMENT = `query ($key: String!, $version: String, $segment: String, $metric: [String!], $since: DateTime, $until: DateTime) {
  model(key: $key) { labelsMisspelt unsummed monitoring { labels } performance(version: $version, segment: $segment, metric: $metric, since: $since, until: $until) {
    metric basis version segment usual remark whole { from to value low high n reason maturity } points { from to value low high n state reason maturity } } } }`;

/** `tidewatch model performance`: how well a version did by its labels. */
export function modelPerformanceCommand(): Command {
  const command = new Command('performance')
    .description('how well a version did, window by window, by the labels that have come')
    .argument('<key>')
    .option('--of <version>', 'a version (default: the one that answers)')
    .option('--segment <key=value>', 'only the rows of a watched segment')
    .option('--metric <name...>', 'only these metrics')
    .option(
      '--since <when>',
      'windows from this instant on (default: the newest 200 that have labels)',
      instantArgument,
    )
    .option('--until <when>', 'windows before this instant', instantArgument);
  return onData(command, 'model performance credit-default --metric accuracy auc').action(
    answering(async (key: string, options: PerformanceOptions) => showPerformance(key, options)),
  );
}

async function showPerformance(key: string, options: PerformanceOptions): Promise<Answer> {
  const { of: version, segment, metric, since, until } = options;
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, segment, metric, since, until };
    const model = await queryModel<Answered>(api, DOCUMENT, asked);
    const said = [model.unsummed, model.labelsMisspelt].flatMap((one) => (one === null ? [] : [one, '']));
    const lines = [...said, ...stretchLines(model), ...linesOf(model.performance)];
    return { ok: true, lines, json: model };
  });
}

/** Which windows these are, the newest of them with labels, and how far labels are judged. */
function stretchLines({ performance, monitoring }: Answered): readonly string[] {
  const points = performance.flatMap((one) => one.points);
  const [from] = points.map((point) => point.from).sort();
  const [last] = points
    .map((point) => point.to)
    .sort()
    .slice(-1);
  if (from === undefined || last === undefined) return [];
  const mature = points.filter(({ maturity }) => (maturity ?? 0) >= MATURE_SHARE).map((point) => point.to);
  const [known] = mature.sort().slice(-1);
  const text = (instant: string) => minuteText(new Date(instant));
  const share = percentText(MATURE_SHARE);
  const labels =
    known === undefined
      ? `none has labels for ${share} of its answers`
      : `the newest with labels for ${share} of its answers ends ${text(known)}`;
  const judged = monitoring.labels === null ? [] : [`labels: ${monitoring.labels}`];
  return [`windows of ${text(from)} to ${text(last)}; ${labels}`, ...judged, ''];
}

/** Of each metric its newest value, and how many windows have one. */
function linesOf(series: readonly Series[]): readonly string[] {
  if (series.every(({ points }) => points.length === 0)) return ['no answers in this range'];
  const rows = series.map(({ metric, basis, usual, whole, points }) => {
    const found = basis === 'REALISED' ? newestMature(points) : null;
    const newest = found?.point ?? points.findLast(({ value }) => value !== null) ?? points.at(-1);
    const interval =
      newest && newest.low !== null && newest.high !== null
        ? `${numberText(newest.low)} to ${numberText(newest.high)}`
        : (newest?.reason ?? '–');
    return [
      words(metric),
      basis.toLowerCase(),
      newest?.from ?? '–',
      numberText(newest?.value ?? null),
      interval,
      numberText(usual),
      wholeText(whole),
      String(newest?.n ?? 0),
      `${percentText(newest?.maturity ?? null)}${found?.mature === false ? ' (none is mature)' : ''}`,
      String(points.filter(({ value }) => value !== null).length),
    ];
  });
  const remarks = [...new Set(series.flatMap(({ remark }) => remark ?? []))];
  const notes = remarks.map((remark) => {
    const of = series.filter((one) => one.remark === remark);
    const [first] = of;
    const name = of.length === 1 && first ? words(first.metric) : (first?.basis.toLowerCase() ?? '');
    return `${name}: ${remark}`;
  });
  const lines = table(
    [
      'metric',
      'basis',
      'newest mature window',
      'value',
      '95 %',
      'reference',
      'all windows together',
      'n',
      'labelled',
      'windows with a value',
    ],
    rows,
  );
  return notes.length === 0 ? lines : [...lines, '', ...notes];
}

function wholeText(whole: Point | null): string {
  if (!whole) return '–';
  return `${numberText(whole.value)} (${intervalText(whole.low, whole.high)}, n ${countText(whole.n)})`;
}

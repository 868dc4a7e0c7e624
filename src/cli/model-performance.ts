import { newestMature } from '../domain/newest-mature.js';
import { Command } from 'commander';
import { numberText, percentText, words } from '../domain/wording.js';
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
  readonly points: readonly Point[];
}

const DOCUMENT = `query ($key: String!, $version: String, $segment: String, $metric: [String!], $since: DateTime, $until: DateTime) {
  model(key: $key) { performance(version: $version, segment: $segment, metric: $metric, since: $since, until: $until) {
    metric basis version segment points { from to value low high n state reason maturity } } } }`;

/** `tidewatch model performance`: how well a version did by its labels. */
export function modelPerformanceCommand(): Command {
  const command = new Command('performance')
    .description('how well a version did, window by window, by the labels that have come')
    .argument('<key>')
    .option('--of <version>', 'a version (default: the one that answers)')
    .option('--segment <key=value>', 'only the rows of a watched segment')
    .option('--metric <name...>', 'only these metrics')
    .option('--since <when>', 'windows from this instant on (default: the newest 200)', instantArgument)
    .option('--until <when>', 'windows before this instant', instantArgument);
  return onData(command, 'model performance credit-default --metric accuracy auc').action(
    answering(async (key: string, options: PerformanceOptions) => showPerformance(key, options)),
  );
}

async function showPerformance(key: string, options: PerformanceOptions): Promise<Answer> {
  const { of: version, segment, metric, since, until } = options;
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, segment, metric, since, until };
    const model = await queryModel<{ performance: readonly Series[] }>(api, DOCUMENT, asked);
    return { ok: true, lines: linesOf(model.performance), json: model };
  });
}

/** Of each metric its newest value, and how many windows have one. */
function linesOf(series: readonly Series[]): readonly string[] {
  if (series.every(({ points }) => points.length === 0)) return ['no answers in this range'];
  const rows = series.map(({ metric, basis, points }) => {
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
      String(newest?.n ?? 0),
      `${percentText(newest?.maturity ?? null)}${found?.mature === false ? ' (none is mature)' : ''}`,
      String(points.filter(({ value }) => value !== null).length),
    ];
  });
  return table(
    ['metric', 'basis', 'newest mature window', 'value', '95 %', 'n', 'labelled', 'windows with a value'],
    rows,
  );
}

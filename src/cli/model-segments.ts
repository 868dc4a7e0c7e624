import { Command } from 'commander';
import { countText, intervalText, numberText, words } from '../domain/wording.js';
import { answering, table, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { queryModel } from './query-model.js';

interface SegmentsOptions extends DataOptions {
  readonly of?: string;
  readonly since?: string;
  readonly until?: string;
}

interface Standing {
  readonly segment: string;
  readonly predictions: number;
  readonly labelled: number;
  readonly usualLoss: number | null;
  readonly usualRemark: string | null;
  readonly loss: {
    readonly metric: string;
    readonly value: number | null;
    readonly low: number | null;
    readonly high: number | null;
  };
}

const METRIC = 'metric value low high n state reason';
const DOCUMENT = `query ($key: String!, $version: String, $since: DateTime, $until: DateTime) {
  model(key: $key) { segments(version: $version, since: $since, until: $until) {
    segment predictions labelled usualLoss usualRemark loss { ${METRIC} } metrics { ${METRIC} } } } }`;

/** `tidewatch model segments`: which part of the traffic is answered worst. */
export function modelSegmentsCommand(): Command {
  const command = new Command('segments')
    .description('how every watched segment did, the largest loss first')
    .argument('<key>')
    .option('--of <version>', 'a version (default: the one that answers)')
    .option(
      '--since <when>',
      'answers from this instant on (default: the newest 200 windows that have labels)',
      instantArgument,
    )
    .option('--until <when>', 'answers before this instant', instantArgument);
  return onData(command, 'model segments credit-default').action(
    answering(async (key: string, options: SegmentsOptions) => showSegments(key, options)),
  );
}

async function showSegments(key: string, options: SegmentsOptions): Promise<Answer> {
  const { of: version, since, until } = options;
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, since, until };
    const model = await queryModel<{ segments: readonly Standing[] }>(api, DOCUMENT, asked);
    return { ok: true, lines: linesOf(model.segments), json: model };
  });
}

function linesOf(standings: readonly Standing[]): readonly string[] {
  if (standings.length === 0) return ['no watched segment has answers in this range'];
  const rows = standings.map(({ segment, predictions, labelled, usualLoss, loss }) => [
    segment,
    words(loss.metric),
    numberText(loss.value),
    intervalText(loss.low, loss.high),
    numberText(usualLoss),
    countText(labelled),
    countText(predictions),
  ]);
  const remarks = standings.flatMap(({ segment, usualRemark }) =>
    usualRemark === null ? [] : [`${segment}: ${usualRemark}`],
  );
  const lines = table(['segment', 'loss', 'value', '95 %', 'reference', 'labels', 'predictions'], rows);
  return remarks.length > 0 ? [...lines, '', ...remarks] : lines;
}

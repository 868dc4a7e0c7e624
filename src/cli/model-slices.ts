import { Command } from 'commander';
import { countText, intervalText, numberText } from '../domain/wording.js';
import { answering, table, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { queryModel } from './query-model.js';

interface SlicesOptions extends DataOptions {
  readonly of?: string;
  readonly since?: string;
  readonly until?: string;
  readonly pairs?: boolean;
  readonly adopt?: string;
}

interface Slice {
  readonly slice: string;
  readonly rows: number;
  readonly loss: number;
  readonly elsewhere: number;
  readonly low: number;
  readonly high: number;
  readonly segmentKey: string | null;
}

const DOCUMENT = `query ($key: String!, $version: String, $since: DateTime, $until: DateTime, $pairs: Boolean) {
  model(key: $key) { weakSlices(version: $version, since: $since, until: $until, pairs: $pairs) {
    slice rows loss elsewhere low high segmentKey parts { attribute value } } } }`;
const ADOPT = `mutation ($model: String!, $key: String!) { segmentAdopt(input: { model: $model, key: $key }) {
  model { key baseline { id rows } } userErrors { message code } } }`;

/** `tidewatch model slices`: which parts of the rows nobody watches are answered badly; `--adopt` has them watched. */
export function modelSlicesCommand(): Command {
  const command = new Command('slices')
    .description('parts of the labelled rows that are answered much worse than the rest, twice in a row')
    .argument('<key>')
    .option('--of <version>', 'a version (default: the one that answers)')
    .option(
      '--since <when>',
      'answers from this instant on (default: the newest 200 windows that have labels)',
      instantArgument,
    )
    .option('--until <when>', 'answers before this instant', instantArgument)
    .option('--pairs', 'pairs of two conditions as well')
    .option('--adopt <attribute>', 'watch its values as segments from now on; freezes the reference again');
  return onData(command, 'model slices credit-default --pairs').action(
    answering(async (key: string, options: SlicesOptions) =>
      options.adopt === undefined ? showSlices(key, options) : adopt(key, options.adopt, options),
    ),
  );
}

async function showSlices(key: string, options: SlicesOptions): Promise<Answer> {
  const { of: version, since, until, pairs = false } = options;
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, since, until, pairs };
    const model = await queryModel<{ weakSlices: readonly Slice[] }>(api, DOCUMENT, asked);
    return { ok: true, lines: linesOf(model.weakSlices), json: model };
  });
}

async function adopt(model: string, key: string, options: SlicesOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { segmentAdopt: done } = await api.query<{ segmentAdopt: { readonly userErrors: readonly { readonly message: string; readonly code: string }[] } }>(ADOPT, { model, key });
    const [problem] = done.userErrors;
    if (problem) throw new CliError(problem.message, problem.code);
    const lines = [`${model}: the values of ${key} are segments now. Where a model file describes it, write the key into its \`segments\` too`];
    return { ok: true, lines, json: done };
  });
} // prettier-ignore

function linesOf(slices: readonly Slice[]): readonly string[] {
  if (slices.length === 0)
    return ['no part of the labelled rows is answered much worse than the rest in both halves of this range'];
  const rows = slices.map(({ slice, rows: n, loss, elsewhere, low, high, segmentKey }) => [
    slice,
    numberText(loss),
    numberText(elsewhere),
    intervalText(low, high),
    countText(n),
    segmentKey ?? '',
  ]);
  return table(['slice', 'loss', 'elsewhere', '95 % of the difference', 'labels', 'adopt'], rows);
}

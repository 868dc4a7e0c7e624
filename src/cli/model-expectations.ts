import { Command } from 'commander';
import { countText, percentText } from '../domain/wording.js';
import { answering, table, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { queryModel } from './query-model.js';

interface ExpectationOptions extends DataOptions {
  readonly of?: string;
  readonly since?: string;
  readonly until?: string;
}

interface Standing {
  readonly expectation: string;
  readonly atMost: number;
  readonly rows: number;
  readonly broken: number;
  readonly examples: readonly {
    readonly predictionId: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
}

const DOCUMENT = `query ($key: String!, $version: String, $since: DateTime, $until: DateTime) {
  model(key: $key) { expectations(version: $version, since: $since, until: $until) {
    expectation feature atMost rows broken examples { predictionId at values } } } }`;

/** `tidewatch model expectations`: what must hold of every row, and which rows broke it. */
export function modelExpectationsCommand(): Command {
  const command = new Command('expectations')
    .description('what the model file expects of every row, how many broke it, and the newest of them')
    .argument('<key>')
    .option('--of <version>', 'a version (default: the one that answers)')
    .option('--since <when>', 'rows from this instant on (default: the newest 200 windows)', instantArgument)
    .option('--until <when>', 'rows before this instant', instantArgument);
  return onData(command, 'model expectations credit-default').action(
    answering(async (key: string, options: ExpectationOptions) => showExpectations(key, options)),
  );
}

async function showExpectations(key: string, options: ExpectationOptions): Promise<Answer> {
  const { of: version, since, until } = options;
  return withApi(options, { data: true }, async (api) => {
    const asked = { key, version, since, until };
    const model = await queryModel<{ expectations: readonly Standing[] }>(api, DOCUMENT, asked);
    const { expectations } = model;
    const isKept = ({ broken, rows, atMost }: Standing) => broken <= atMost * rows;
    return { ok: expectations.every(isKept), lines: linesOf(expectations), json: model };
  });
} // prettier-ignore

function linesOf(standings: readonly Standing[]): readonly string[] {
  if (standings.length === 0) return ['the model file writes down no expectations'];
  const rows = standings.map(({ expectation, rows: all, broken, examples }) => [
    expectation,
    countText(all),
    countText(broken),
    percentText(all > 0 ? broken / all : null),
    examples.map(({ predictionId }) => predictionId).join(', '),
  ]);
  return table(['expected', 'rows', 'broken', 'share', 'newest that break it'], rows);
}

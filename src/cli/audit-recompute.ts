import { Command } from 'commander';
import { drawSome } from '../domain/draw-some.js';
import { answering, type Answer } from './answer.js';
import type { ApiClient } from './api-client.js';
import { countArgument, instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface Place {
  readonly model: string;
  readonly version: string;
  readonly from: string;
}

interface Recomputation {
  readonly matches: boolean;
  readonly records: readonly {
    readonly track: string;
    readonly seq: number;
    readonly revision: number;
    readonly results: number;
    readonly difference: string | null;
    readonly isDeleted: boolean;
  }[];
}

interface Options extends DataOptions {
  readonly sample?: number;
}

const DOCUMENT = `query ($model: String!, $version: String!, $from: DateTime!) {
  verdictRecompute(model: $model, version: $version, from: $from) { matches records { track seq revision results difference isDeleted } } }`;
const RECORDED = `query ($after: String) { auditEvents(first: 200, after: $after, filter: { actions: ["window.evaluated"] }) {
  nodes { data } pageInfo { hasNextPage endCursor } } }`;

interface Recorded {
  readonly data: { model: string; version: string; windows?: readonly { from: string }[] };
}

/** Nothing differs but what was deleted, as the ledger says: nothing is proven of those windows, and nothing speaks against them. */
const INCOMPLETE = 3;

/** `tidewatch audit recompute`: judges windows again from what is stored and compares with what is recorded. */
export function auditRecomputeCommand(): Command {
  const recompute = new Command('recompute')
    .description('judge windows again from stored rows, reference and policy text, and compare to the bit with the ledger')
    .argument('[model]', 'the key of the model')
    .argument('[version]', 'its version')
    .argument('[from]', 'when the window begins', instantArgument)
    .option('--sample <windows>', 'this many windows, chosen at random from the whole ledger', countArgument);
  return onData(recompute, 'audit recompute credit-default 7 2026-11-21T10:00:00Z', 'audit recompute --sample 100').action(
    answering(async (model: string | undefined, version: string | undefined, from: string | undefined, options: Options) =>
      withApi(options, { data: true }, async (api) => answerOf(api, await placesOf(api, { model, version, from }, options.sample))),
    ),
  );
} // prettier-ignore

async function placesOf(
  api: ApiClient,
  { model, version, from }: { readonly [Name in keyof Place]: string | undefined },
  sample: number | undefined,
): Promise<readonly Place[]> {
  if (model !== undefined && version !== undefined && from !== undefined) return [{ model, version, from }];
  if (sample === undefined)
    throw new CliError('name a model, a version and the start of a window, or give --sample', 'bad_usage');
  const places = new Map<string, Place>();
  for await (const { data } of api.nodes<Recorded>('auditEvents', RECORDED))
    for (const window of data.windows ?? []) {
      const place = { model: data.model, version: data.version, from: window.from };
      places.set(Object.values(place).join('\0'), place);
    }
  return drawSome([...places.values()], sample, Math.random);
}

/** Windows that are judged again at the same time: most of it is waiting for statements. */
const ASKED_TOGETHER = 4;

/** What is asked of each, in their order, several at a time. */
async function inOrder<Item, Found>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Found>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  const open = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of open) found[i] = await ask(item);
  };
  await Promise.all(Array.from({ length: ASKED_TOGETHER }, worker));
  return found;
}

async function answerOf(api: ApiClient, places: readonly Place[]): Promise<Answer> {
  const windows = await inOrder(places, async (place) => {
    const found = await api.query<{ verdictRecompute: Recomputation }>(DOCUMENT, { ...place });
    return { ...place, ...found.verdictRecompute };
  });
  const wrong = windows.filter(({ matches }) => !matches);
  const deleted = wrong.filter(({ records }) =>
    records.every(({ difference, isDeleted }) => difference === null || isDeleted),
  );
  const differing = wrong.length - deleted.length;
  const lines = [
    `${windows.length} windows judged again, ${windows.length - wrong.length} as recorded, ${differing} not${deleted.length === 0 ? '' : `, ${deleted.length} cannot be: what they were judged on was deleted, as the ledger says`}`,
    ...wrong.flatMap(({ model, version, from, records }) =>
      records.flatMap(({ track, seq, difference }) =>
        difference === null
          ? []
          : [
              `${model} ${version} ${from} (${track}, ${seq === 0 ? 'no entry' : `entry ${seq}`}): ${difference}`,
            ],
      ),
    ),
  ];
  const incomplete = differing === 0 && deleted.length > 0 ? { exitCode: INCOMPLETE } : {};
  return { ok: wrong.length === 0, ...incomplete, lines, json: { windows } };
}

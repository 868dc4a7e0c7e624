import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Command } from 'commander';
import { changesLines, countOfChanges, type ChangesCount } from '../ledger/recorded-changes.js';
import { answering, type Answer } from './answer.js';
import type { ApiClient } from './api-client.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { writeWhole } from './write-whole.js';

interface PackOptions extends DataOptions {
  readonly since?: string;
  readonly until?: string;
  readonly model?: string;
  readonly out: string;
}

/** `tidewatch audit pack`: entries, policies, references, checkpoints and their verifier in one archive. */
export function auditPackCommand(): Command {
  const pack = new Command('pack')
    .description('write a signed evidence pack that anybody checks with nothing but Node.js')
    .option('--since <when>', 'entries recorded at or after: an instant, or a time ago such as 90d', instantArgument)
    .option('--until <when>', 'entries recorded before', instantArgument)
    .option('--model <key>', 'only what is about this model, each entry with its proof, its references, and all policies')
    .requiredOption('--out <file>', 'where to, such as evidence.tar');
  return onData(pack, 'audit pack --out evidence.tar', 'audit pack --model credit-default --since 90d --out credit.tar').action(
    answering(async ({ since, until, model, out, ...options }: PackOptions): Promise<Answer> =>
      withApi(options, { data: true }, async (api) => {
        const range = new URLSearchParams();
        for (const [name, value] of Object.entries({ since, until, model })) if (value !== undefined) range.set(name, value);
        const response = await api.request(`/v1/audit/pack?${range.toString()}`);
        await writeWhole(out, Readable.fromWeb(response.body as ReadableStream<Uint8Array>));
        const lines = [
          `evidence in ${out}; whoever gets it checks it with:`,
          ...(model === undefined ? [] : [`it has what names ${model}; that nothing else does only a pack of the whole log shows`]),
          `  mkdir evidence && tar -xf ${out} -C evidence && node evidence/verify.mjs`,
        ];
        const count = await changesCount(api, model);
        return { ok: true, lines: [...lines, ...changesLines(count)], json: { file: out, changes: count } };
      }),
    ),
  );
} // prettier-ignore

const CHANGES = '{ auditChanges(includeReviewed: true) { model isReviewed } }';

/** Judged windows that are recorded as changed in the store: of a model, where it is asked for one's. */
async function changesCount(api: ApiClient, model: string | undefined): Promise<ChangesCount> {
  const { auditChanges } = await api.query<{
    auditChanges: readonly { readonly model: string; readonly isReviewed: boolean }[];
  }>(CHANGES);
  return countOfChanges(auditChanges.filter((one) => model === undefined || one.model === model));
}

import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Command } from 'commander';
import { answering, type Answer } from './answer.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { writeWhole } from './write-whole.js';

interface PackOptions extends DataOptions {
  readonly since?: string;
  readonly until?: string;
  readonly out: string;
}

/** `tidewatch audit pack`: entries, policies, references, checkpoints and their verifier in one archive. */
export function auditPackCommand(): Command {
  const pack = new Command('pack')
    .description('write a signed evidence pack that anybody checks with nothing but Node.js')
    .option('--since <when>', 'entries recorded at or after: an instant, or a time ago such as 90d', instantArgument)
    .option('--until <when>', 'entries recorded before', instantArgument)
    .requiredOption('--out <file>', 'where to, such as evidence.tar');
  return onData(pack, 'audit pack --out evidence.tar').action(
    answering(async ({ since, until, out, ...options }: PackOptions): Promise<Answer> =>
      withApi(options, { data: true }, async (api) => {
        const range = new URLSearchParams();
        for (const [name, value] of Object.entries({ since, until })) if (value !== undefined) range.set(name, value);
        const response = await api.request(`/v1/audit/pack?${range.toString()}`);
        await writeWhole(out, Readable.fromWeb(response.body as ReadableStream<Uint8Array>));
        const lines = [
          `evidence in ${out}; whoever gets it checks it with:`,
          `  mkdir evidence && tar -xf ${out} -C evidence && node evidence/verify.mjs`,
        ];
        return { ok: true, lines, json: { file: out } };
      }),
    ),
  );
} // prettier-ignore

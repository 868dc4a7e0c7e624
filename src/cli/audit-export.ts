import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { remark, type Answer } from './answer.js';
import type { DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { writeWhole } from './write-whole.js';

export interface ExportOptions extends DataOptions {
  readonly since?: string;
  readonly until?: string;
  readonly first?: number;
  readonly last?: number;
  readonly older?: number;
  readonly out?: string;
}

const LINE_FEED = 10;

/** `tidewatch audit export`: evidence to a file, or to standard output. */
export async function exportAudit(options: ExportOptions): Promise<Answer> {
  const { out } = options;
  if (options.json && out === undefined)
    throw new CliError('--json needs --out: standard output would hold the export', 'bad_usage');
  return withApi(options, { data: true }, async (api) => {
    const response = await api.request(`/v1/audit/export?${rangeOf(options).toString()}`);
    const tally = { lines: 0, bytes: 0 };
    const body = counted(Readable.fromWeb(response.body as ReadableStream<Uint8Array>), tally);
    if (out === undefined) await pipeline(body, process.stdout, { end: false });
    else await writeWhole(out, body);
    // the first line is the header
    const entries = tally.lines - 1;
    if (out === undefined) remark(`${entries} entries`);
    const lines =
      out === undefined
        ? []
        : [`${entries} entries in ${out}; check them with: tidewatch audit verify ${out}`];
    return { ok: true, lines, json: { file: out ?? null, entries, bytes: tally.bytes } };
  });
}

function rangeOf({ since, until, first, last, older }: ExportOptions): URLSearchParams {
  const range = new URLSearchParams();
  for (const [name, value] of Object.entries({ since, until, first, last, older }))
    if (value !== undefined) range.set(name, String(value));
  return range;
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  tally: { lines: number; bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    tally.bytes += chunk.length;
    for (const byte of chunk) if (byte === LINE_FEED) tally.lines += 1;
    yield chunk;
  }
}

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { countText, numberText, percentText } from '../domain/wording.js';
import { copiesText } from '../retraining/manifest.js';
import { answering, table, type Answer } from './answer.js';
import type { ApiClient } from './api-client.js';
import { instantArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';

interface Manifest {
  readonly digest: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly copies: { version: string; from: string | null; to: string | null }[];
  readonly exclude: readonly {
    from: string;
    to: string;
    rows: number;
    reasons: readonly { summary: string }[];
  }[];
  readonly rows: Readonly<Record<'total' | 'excluded' | 'failedCalls' | 'unlabelled' | 'usable', number>>;
  readonly classes: readonly { readonly label: string; readonly rows: number; readonly share: number }[];
  readonly toBeat: readonly {
    version: string;
    stage: string;
    labelled: number;
    metrics: Record<string, number | null>;
  }[];
  readonly files: readonly {
    readonly name: string;
    readonly rows: number;
    readonly bytes: number;
    readonly sha256: string;
  }[];
  readonly problems: readonly string[];
}

const FIELDS =
  'digest period { from to } copies { version from to } exclude { from to rows reasons { summary } } rows { total excluded failedCalls unlabelled usable } classes { label rows share } toBeat { version stage labelled metrics } files { name rows bytes sha256 } problems document';

/** `tidewatch retraining manifest`: what a training of a model would learn from, or what a run does. */
export function manifestCommand(): Command {
  const manifest = new Command('manifest')
    .description('what a training of a model would learn from now; with --run, what that run learns from')
    .argument('[model]')
    .option('--run <id>', 'a run that was sent')
    .option('--until <when>', 'as if it were asked for then', instantArgument);
  return onData(manifest, 'retraining manifest credit-default').action(
    answering(async (model: string | undefined, options: ManifestOptions) => showManifest(model, options)),
  );
}

/** `tidewatch retraining download`: the manifest of a run and its files, each held against its digest. */
export function downloadCommand(): Command {
  const download = new Command('download')
    .description('the manifest and files of a run; goes on where it was interrupted')
    .argument('<id>')
    .requiredOption('--to <folder>', 'where they are put');
  return onData(download, 'retraining download 0f3c… --to ./training').action(
    answering(async (id: string, options: DataOptions & { to: string }) => downloadFiles(id, options)),
  );
}

interface ManifestOptions extends DataOptions {
  readonly run?: string;
  readonly until?: string;
}

async function showManifest(
  model: string | undefined,
  { run, until, ...options }: ManifestOptions,
): Promise<Answer> {
  if ((model === undefined) === (run === undefined))
    throw new CliError('name a model, or a run with --run', 'model_or_run');
  return withApi(options, { data: true }, async (api) => {
    const manifest =
      run === undefined ? await previewOf(api, model ?? '', until) : await manifestOf(api, run);
    return { ok: true, lines: manifestLines(manifest), json: manifest };
  });
}

async function previewOf(api: ApiClient, model: string, until: string | undefined): Promise<Manifest> {
  const document = `query ($model: String!, $until: DateTime) { trainingManifest(model: $model, until: $until) { ${FIELDS} } }`;
  const { trainingManifest } = await api.query<{ trainingManifest: Manifest }>(document, {
    model,
    until: until ?? null,
  });
  return trainingManifest;
}

async function manifestOf(api: ApiClient, id: string): Promise<Manifest> {
  const document = `query ($id: ID!) { retraining(id: $id) { manifest { ${FIELDS} } } }`;
  const { retraining } = await api.query<{ retraining: { manifest: Manifest | null } | null }>(document, {
    id,
  });
  if (!retraining) throw new CliError(`there is no training run ${id}`, 'retraining_not_found');
  if (!retraining.manifest)
    throw new CliError(`run ${id} was not sent yet: it has no manifest`, 'manifest_not_made');
  return retraining.manifest;
}

function manifestLines({
  period,
  rows,
  copies,
  exclude,
  classes,
  toBeat,
  files,
  problems,
  digest,
}: Manifest): readonly string[] {
  return [
    ...problems.map((problem) => `! ${problem}`),
    `${period.from} to ${period.to}: ${countText(rows.usable)} of ${countText(rows.total)} rows`,
    `left out: ${countText(rows.excluded)} faulty, ${countText(rows.failedCalls)} failed calls, ${countText(rows.unlabelled)} without a label`,
    ...copiesText({ copies }).map((text) => `left out, copies of the same requests: ${text}`),
    ...exclude.map(
      (one) =>
        `  ${one.from} to ${one.to}: ${countText(one.rows)} rows, ${one.reasons.map(({ summary }) => summary).join('; ')}`,
    ),
    ...classes.map(({ label, rows: n, share }) => `label ${label}: ${countText(n)} (${percentText(share)})`),
    ...toBeat.map(
      ({ version, stage, labelled, metrics }) =>
        `to beat: ${version} (${stage}), ${countText(labelled)} labelled, ${metricsText(metrics)}`,
    ),
    ...(files.length === 0
      ? []
      : table(
          ['file', 'rows', 'bytes', 'sha256'],
          files.map((one) => [one.name, String(one.rows), String(one.bytes), one.sha256]),
        )),
    `digest ${digest}`,
  ];
}

function metricsText(metrics: Readonly<Record<string, number | null>>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${numberText(value)}`)
    .join(', ');
}

async function downloadFiles(id: string, { to, ...options }: DataOptions & { to: string }): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const manifest = await manifestOf(api, id);
    await mkdir(to, { recursive: true });
    const text = await (await api.request(`/v1/retrainings/${id}/manifest`)).text();
    demandDigest('the manifest', createHash('sha256').update(text).digest('hex'), manifest.digest);
    await writeFile(join(to, 'manifest.json'), text);
    for (const file of manifest.files)
      await downloadFile(api, `/v1/retrainings/${id}/files/${file.name}`, { to, file });
    const lines = [`manifest.json and ${manifest.files.length} files in ${to}, each as its digest says`];
    return { ok: true, lines, json: { folder: to, digest: manifest.digest, files: manifest.files } };
  });
}

async function downloadFile(
  api: ApiClient,
  path: string,
  { to, file }: { readonly to: string; readonly file: Manifest['files'][number] },
): Promise<void> {
  const whole = join(to, file.name);
  if ((await sizeOf(whole)) === file.bytes && (await digestOf(whole)) === file.sha256) return;
  const part = `${whole}.part`;
  const held = await sizeOf(part);
  if (held < file.bytes) {
    const headers = held > 0 ? { range: `bytes=${held}-`, 'if-range': `"${file.sha256}"` } : {};
    const response = await api.request(path, { headers });
    const flags = response.status === 206 ? 'a' : 'w';
    if (!response.body) throw new CliError(`${path} was answered without a body`, 'no_data');
    await pipeline(Readable.fromWeb(response.body), createWriteStream(part, { flags }));
  }
  demandDigest(file.name, await digestOf(part), file.sha256);
  await rename(part, whole);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function demandDigest(what: string, found: string, wanted: string): void {
  if (found !== wanted)
    throw new CliError(
      `${what} has SHA-256 ${found} and should have ${wanted}: remove it and download it again`,
      'digest_differs',
    );
}

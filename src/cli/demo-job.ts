import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { webhookSignature } from '../notify/webhook-signature.js';
import {
  fitDelayModel,
  lateProbability,
  modelText,
  type DelayModel,
  type LabelledFlight,
} from './demo-model.js';

/** What the request says, as far as this job needs it. */
interface Wanted {
  readonly manifest: { readonly url: string; readonly sha256: string };
  readonly callback: { readonly url: string; readonly token: string };
}
interface Files {
  readonly files: readonly { readonly name: string; readonly format: string; readonly sha256: string }[];
}

export const DEMO_NEXT_VERSION = '2001.07';

/** The file in which the job leaves the model it made. */
export function nextModelFile(directory: string): string {
  return join(directory, 'job', `${DEMO_NEXT_VERSION}.json`);
}

/** `tidewatch demo-job`: the training job of the demo, a process of its own that knows of the service only what the webhook tells it. */
export function demoJobCommand(): Command {
  return new Command('demo-job')
    .description('the training job of the demo: waits for the webhook, trains, reports back')
    .requiredOption('--data <dir>', 'folder of the demo; the secret is in it')
    .action(async ({ data }: { data: string }) => serveJob(resolve(data)));
}

/** Takes signed requests and answers at once; the work comes after. The first line of standard output is its port. */
async function serveJob(directory: string): Promise<void> {
  mkdirSync(join(directory, 'job'), { recursive: true });
  const secret = readFileSync(join(directory, 'job-secret'), 'utf8').trim();
  const server = createServer((request, response) => {
    void bodyOf(request).then(async (body) => {
      const isOurs = isSigned(request, body, secret);
      response.writeHead(isOurs ? 202 : 401).end();
      if (isOurs) await work(directory, (JSON.parse(body) as { data: Wanted }).data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log((server.address() as AddressInfo).port);
  // Whoever started it is gone when its input ends.
  process.stdin.resume().on('end', () => process.exit(0));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function isSigned({ headers }: IncomingMessage, body: string, secret: string): boolean {
  const [id, time, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name]),
  );
  const wanted = Buffer.from(webhookSignature(secret, id ?? '', Number(time), body));
  const found = Buffer.from(given ?? '');
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

async function work(directory: string, wanted: Wanted): Promise<void> {
  try {
    await report(wanted, { status: 'running', progress: 0, message: 'fetching what to learn from' });
    const flights = await flightsOf(directory, wanted);
    await report(wanted, { status: 'running', progress: 0.4, message: `fitting ${flights.length} flights` });
    const model = fitDelayModel(flights);
    writeFileSync(nextModelFile(directory), modelText(model));
    const metrics = { rows: flights.length, log_loss: logLoss(model, flights) };
    const digest = { manifest_sha256: wanted.manifest.sha256 };
    await report(wanted, {
      status: 'succeeded',
      progress: 1,
      model_version: DEMO_NEXT_VERSION,
      metrics,
      ...digest,
    });
  } catch (error) {
    await report(wanted, {
      status: 'failed',
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

async function report({ callback }: Wanted, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${callback.token}`, 'content-type': 'application/json' };
  await fetch(callback.url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function flightsOf(directory: string, wanted: Wanted): Promise<readonly LabelledFlight[]> {
  const text = await download(wanted, wanted.manifest.url, wanted.manifest.sha256);
  const { files } = JSON.parse(text.toString('utf8')) as Files;
  const flights: LabelledFlight[] = [];
  for (const { name, format, sha256 } of files) {
    if (format !== 'parquet') continue;
    const path = join(directory, 'job', name);
    writeFileSync(path, await download(wanted, new URL(`files/${name}`, wanted.manifest.url).href, sha256));
    for (const row of await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors }))
      flights.push(flightOf(row));
  }
  return flights;
}

/** What was downloaded, if it is what it should be. */
async function download({ callback }: Wanted, url: string, sha256: string): Promise<Buffer> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${callback.token}` } });
  const bytes = Buffer.from(await response.arrayBuffer());
  const found = createHash('sha256').update(bytes).digest('hex');
  if (!response.ok || found !== sha256)
    throw new Error(`${url}: HTTP ${response.status}, SHA-256 ${found} and not ${sha256}`);
  return bytes;
}

function flightOf(row: Readonly<Record<string, unknown>>): LabelledFlight {
  const number = (name: string) => (row[name] === null ? null : Number(row[name]));
  const text = (name: string) => {
    const value = row[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    hour: number('hour') ?? 0,
    weekday: text('weekday') ?? '',
    distance: number('distance'),
    origin: text('origin'),
    destination: text('destination') ?? '',
    late: row['actual_label'] === 'late',
  };
}

function logLoss(model: DelayModel, flights: readonly LabelledFlight[]): number {
  const sum = flights.reduce((total, flight) => {
    const p = Math.min(Math.max(lateProbability(model, flight), 1e-7), 1 - 1e-7);
    return total - Math.log(flight.late ? p : 1 - p);
  }, 0);
  return sum / Math.max(1, flights.length);
}

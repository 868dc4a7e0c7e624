import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../../src/cli/api-client.js';
import { layStore } from '../../support/store-template.js';

const PROGRAM = fileURLToPath(new URL('../../support/fleet-service.mjs', import.meta.url));
const KEY = 'an-admin-key-for-the-fleet-of-the-bench';

/** What one beat did, and what it took. */
export interface Beaten {
  readonly windows: number;
  /** Milliseconds. */
  readonly took: number;
  /** Bytes in use after the rubbish was collected. */
  readonly heap: number;
}

type Said = { readonly url: string } | { readonly done: Beaten } | { readonly failed: string };

/** The service in a process of its own, which can be stopped, killed and started again on its data. */
export class FleetService {
  private child: ChildProcess | null = null;
  private api = new ApiClient('', KEY);

  constructor(private readonly directory: string) {}

  async start(at: number): Promise<void> {
    layStore(join(this.directory, 'engine'));
    const child = fork(PROGRAM, [this.directory, String(at), KEY], { execArgv: ['--expose-gc'] });
    this.child = child;
    const said = await this.hear();
    if (!('url' in said)) throw new Error('the service did not say where it is');
    this.api = new ApiClient(said.url, KEY);
  }

  /** Stops, and gives a service that has not begun yet on a copy of what is stored. */
  async copy(directory: string): Promise<FleetService> {
    await this.stop();
    await cp(this.directory, directory, { recursive: true });
    return new FleetService(directory);
  }

  /** Everything that is due at an instant. */
  async beat(at: number): Promise<Beaten> {
    this.child?.send({ order: 'beat', ms: at });
    const said = await this.hear();
    if ('done' in said) return said.done;
    throw new Error('failed' in said ? said.failed : 'the service began anew');
  }

  /** Sets the clock, without a beat. */
  set(at: number): void {
    this.child?.send({ order: 'set', ms: at });
  }

  /** Kills it some milliseconds into a beat. */
  async killInBeat(at: number, afterMs: number): Promise<void> {
    const { child } = this;
    if (!child) return;
    const gone = once(child, 'exit');
    child.send({ order: 'beat', ms: at });
    setTimeout(() => child.kill('SIGKILL'), afterMs);
    await gone;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.send({ order: 'stop' });
    await gone;
  }

  /** Sends events as NDJSON. Throws where one is refused. */
  async send(path: string, events: readonly object[]): Promise<void> {
    if (events.length === 0) return;
    const body = events.map((event) => JSON.stringify(event)).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await this.api.request(path, { method: 'POST', body, headers });
    const answer = (await response.json()) as { accepted?: number; rejected?: readonly object[] };
    if (answer.accepted !== events.length)
      throw new Error(`${path}: ${response.status} ${JSON.stringify(answer).slice(0, 500)}`);
  }

  /** A GraphQL request. Throws on errors. */
  async query<Data>(document: string, variables: Readonly<Record<string, unknown>> = {}): Promise<Data> {
    return this.api.query(document, variables);
  }

  /** A mutation of text variables. Throws what it refuses. */
  async mutate(name: string, input: string, variables: Readonly<Record<string, string>>): Promise<void> {
    const declared = Object.keys(variables).map((variable) => `$${variable}: String!`);
    const text = `mutation (${declared.join(', ')}) { ${name}(${input}) { userErrors { message code } } }`;
    await this.api.mutate(name, text, variables);
  }

  private async hear(): Promise<Said> {
    const { child } = this;
    if (!child) throw new Error('the service is not started');
    return new Promise((resolve, reject) => {
      const heard = (said: Said) => {
        child.off('exit', ended);
        resolve(said);
      };
      const ended = (code: number | null) => {
        child.off('message', heard);
        reject(new Error(`the service ended with ${code}`));
      };
      child.once('message', heard);
      child.once('exit', ended);
    });
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../../src/cli/api-client.js';
import { ADMIN_KEY } from './launch.js';
import { freePort } from './local-server.js';

const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** A real process of the service on a shared engine, with a data folder of its own. */
export class ReplicaProcess {
  private constructor(
    readonly name: string,
    readonly url: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
    private readonly said: { text: string },
  ) {}

  /** Resolves once it says that it is ready. */
  static async start(name: string, environment: NodeJS.ProcessEnv): Promise<ReplicaProcess> {
    const folder = await mkdtemp(join(tmpdir(), `tidewatch-${name}-`));
    const url = `http://127.0.0.1:${await freePort()}`;
    const child = spawn(process.execPath, [PROGRAM, 'serve'], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        PORT: new URL(url).port,
        TIDEWATCH_DATA_DIR: folder,
        TIDEWATCH_ADMIN_KEY: ADMIN_KEY,
        TIDEWATCH_REPLICA_NAME: name,
        TIDEWATCH_DRAIN: '0s',
        LOG_FORMAT: 'json',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { text: '' };
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => (said.text += more));
    const replica = new ReplicaProcess(name, url, folder, child, said);
    await replica.until(() => said.text.includes('Tidewatch is ready on'));
    return replica;
  }

  get log(): string {
    return this.said.text;
  }

  /** Asks again until something is so; a process that ended is a failure, unless it was killed. */
  async until(is: () => Promise<boolean> | boolean): Promise<void> {
    while (!(await is())) {
      if (this.child.exitCode !== null)
        throw new Error(`${this.name} ended with ${this.child.exitCode}:\n${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async post(path: string, body: string, key = ADMIN_KEY): Promise<Response> {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
    return fetch(`${this.url}${path}`, { method: 'POST', body, headers });
  }

  async query<Data>(document: string, variables: Record<string, unknown> = {}): Promise<Data> {
    return new ApiClient(this.url, ADMIN_KEY).query(document, variables);
  }

  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  wake(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends the process and forgets its folder; `SIGTERM` waits for an orderly stop. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const gone = once(this.child, 'exit');
      this.child.kill('SIGCONT');
      this.child.kill(signal);
      await gone;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

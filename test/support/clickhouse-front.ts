import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('clickhouse-front.mjs', import.meta.url));

export interface FrontOptions {
  readonly directory: string;
  /** Asks for this login; without it every login is good. */
  readonly user?: string;
  readonly password?: string;
}

/** A ClickHouse server for tests: the HTTP interface over a real engine in a child process, which can be killed and started again. */
export class ClickhouseFront {
  private constructor(
    private readonly options: FrontOptions,
    private child: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(options: FrontOptions): Promise<ClickhouseFront> {
    const { child, port } = await launch(options, undefined);
    return new ClickhouseFront(options, child, port);
  }

  get url(): string {
    const { user, password } = this.options;
    return `http://${user === undefined ? '' : `${user}:${password}@`}127.0.0.1:${this.port}/default`;
  }

  /** SIGKILL, as a crash or the kernel does it. Resolves when the process is gone. */
  async kill(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** Starts the engine again on the same directory and the same port. */
  async restart(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.stop();
    this.child = (await launch(this.options, this.port)).child;
  }

  /** SIGSTOP: connections stay open, nothing answers. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends the process in order. Safe after a kill. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.send('stop');
    await gone;
  }
}

async function launch(
  options: FrontOptions,
  port: number | undefined,
): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(CHILD, [JSON.stringify({ ...options, port })], {
    // the engine reads what stands on stdin
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '12' },
    execArgv: [],
  });
  const ready = once(child, 'message') as Promise<[{ port: number }]>;
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the ClickHouse front ended with ${code} before it listened`);
  });
  const [message] = await Promise.race([ready, failed]);
  failed.catch(() => undefined);
  return { child, port: message.port };
}

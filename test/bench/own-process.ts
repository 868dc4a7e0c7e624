import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const TYPESCRIPT = new URL('../support/typescript.mjs', import.meta.url).href;

/** What is run in a process of its own, so that its memory, its CPU and its pauses are its own. */
interface OwnProcess {
  /** What it is, for a person. */
  readonly name: string;
  /** A TypeScript program that takes an order as JSON, its only argument, and prints its answer as JSON. */
  readonly program: URL;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Gives an order to a program and answers what it printed. Throws where it ends with another code than 0. */
export async function inOwnProcess(
  { name, program, environment }: OwnProcess,
  order: object,
): Promise<unknown> {
  const args = ['--import', TYPESCRIPT, fileURLToPath(program), JSON.stringify(order)];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    // the hook's mark would tell the child that it is the hook's own thread
    env: { ...process.env, TIDEWATCH_TYPESCRIPT_HOOK: '', ...environment },
  });
  const [out, [code]] = await Promise.all([textOf(child.stdout), once(child, 'exit')]);
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}`);
  return JSON.parse(out) as unknown;
}

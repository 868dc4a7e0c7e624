#!/usr/bin/env -S UV_THREADPOOL_SIZE=16 node
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.js';
import { serveCommand } from './serve.js';

const VERBS = [serveCommand];

/** The command line: exit code 0 done, 1 found something wrong, 2 wrong usage or cannot run. */
async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('tidewatch').description('Watches machine-learning models in production.').exitOverride().showHelpAfterError();
  for (const verb of VERBS) program.addCommand(verb());
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCode(error);
  }
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof ConfigError || (error instanceof Error && 'code' in error) || (error instanceof Error && 'problems' in error);
  console.error(known ? message : (error as Error).stack);
  return 2;
}

await main(process.argv);

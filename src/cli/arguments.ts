import { InvalidArgumentError, Option, type Command } from 'commander';
import { Duration } from '../domain/duration.js';
import { askedInstant } from '../domain/instant.js';

/** Options of every verb that touches data. */
export interface DataOptions {
  readonly url?: string;
  readonly key?: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Adds what every verb that touches data takes, and an example to its help. */
export function onData(command: Command, ...examples: readonly string[]): Command {
  return withExamples(
    command
      .addOption(
        new Option(
          '--url <url>',
          'a running service (default: the one at HOST and PORT, when it holds the data)',
        ).env('TIDEWATCH_URL'),
      )
      .option('--key <key>', 'API key for the service (TIDEWATCH_TOKEN, TIDEWATCH_ADMIN_KEY)')
      .option(
        '--data <dir>',
        'data folder (TIDEWATCH_DATA_DIR); where it is given, TIDEWATCH_URL is not asked',
      )
      .hook('preAction', meantUrl),
    ...examples,
  );
}

/** A folder that is named on the line is meant, whatever service the shell is set up for; an empty variable counts as unset, as everywhere. */
function meantUrl(_: Command, verb: Command): void {
  const isNamed = verb.getOptionValueSource('data') === 'cli';
  const isOfShell = verb.getOptionValueSource('url') === 'env';
  if ((isNamed && isOfShell) || verb.getOptionValue('url') === '') verb.setOptionValue('url', undefined);
}

/** Adds `--json` and examples to a verb's help. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  const text = examples.map((example) => `  $ tidewatch ${example}`).join('\n');
  return command
    .option('--json', 'answer with one JSON object, the last line of standard output')
    .addHelpText('after', `\n${examples.length > 1 ? 'Examples' : 'Example'}:\n${text}`);
}

/** An instant as people write it: RFC 3339, a day, or a time ago such as `7d`. ISO text. */
export function instantArgument(text: string): string {
  const ago = Duration.safeParse(text);
  const at = ago.success ? new Date(Date.now() - ago.data) : askedInstant(text);
  if (at !== null) return at.toISOString();
  throw new InvalidArgumentError(
    'write 2026-11-21T10:00:00Z, with its zone, 2026-11-21, or a time ago such as 7d.',
  );
}

/** A positive number. */
export function positiveArgument(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('write a number above 0.');
}

/** A count from 1. */
export function countArgument(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('write a whole number above 0.');
}

/** Collects an option that may be given more than once, or with commas. */
export function listArgument(text: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  ];
}

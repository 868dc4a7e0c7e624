import { max } from 'simple-statistics';
import type { Command } from 'commander';
import { minuteText } from '../domain/wording.js';
import { failureOf } from './exit.js';

/** What a verb found out: text for people, the same as one JSON object for machines. */
export interface Answer {
  /** False when something is wrong with what was looked at: exit code 1. */
  readonly ok: boolean;
  /** Another exit code than 0 or 1, for what is neither. */
  readonly exitCode?: number;
  readonly lines: readonly string[];
  readonly json: object;
}

interface JsonOption {
  readonly json?: boolean;
}

/**
 * A verb's action for commander: prints the answer, or with `--json` one JSON object as the last line of standard output, and sets the exit
 * code. Errors are told on standard error, and with `--json` as `{"error":{code,message}}` too.
 */
export function answering<Arguments extends readonly unknown[]>(
  act: (...given: Arguments) => Promise<Answer>,
): (...given: [...Arguments, JsonOption, Command]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const { json = false } = command.optsWithGlobals<JsonOption>();
    try {
      const answer = await act(...(given as unknown as Arguments));
      if (json) console.log(JSON.stringify(answer.json));
      else for (const line of answer.lines) console.log(line);
      process.exitCode = answer.exitCode ?? (answer.ok ? 0 : 1);
    } catch (error) {
      const { exitCode, text, code } = failureOf(error);
      if (text !== '') console.error(`tidewatch: ${text}`);
      if (json) console.log(JSON.stringify({ error: { code, message: text } }));
      process.exitCode = exitCode;
    }
  };
}

/** Rows under their headings, in columns. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, i) => max(all.map((row) => (row[i] ?? '').length)));
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** An instant of an answer as people read it; JSON keeps it to the millisecond. */
export function utc(iso: string): string {
  return `${minuteText(new Date(iso))} UTC`;
}

/** Progress and remarks: standard error, so that standard output stays the answer. */
export function remark(line: string): void {
  process.stderr.write(`${line}\n`);
}

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { answering, remark, type Answer } from './answer.js';
import { instantArgument, onData, positiveArgument, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { configOf } from './locate.js';
import { ReplayProgress } from './replay-progress.js';
import { EventSender, type SentTotals } from './replay-sender.js';
import { FILE_FORMATS, formatOf, portionsOf, type FileFormat, type Portion } from './replay-source.js';

interface ReplayOptions extends DataOptions {
  readonly format?: FileFormat;
  readonly rate?: number;
  readonly asOf?: string;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly model?: string;
  readonly timestamp?: string;
}

/** `tidewatch replay`: history from files, as if it came in now or at another time. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('send the events of files; an interrupted replay goes on where it stopped')
    .argument(
      '<files...>',
      'NDJSON, JSON, CSV or Parquet (.gz for the first); events in any format the service knows',
    )
    .addOption(
      new Option('--format <format>', 'of the files, when their names do not say it').choices(FILE_FORMATS),
    )
    .option('--rate <n>', 'at most this many events a second', positiveArgument)
    .option('--as-of <when>', 'when the events count as received: lets older history in', instantArgument)
    .option('--dry-run', 'read the files and send nothing')
    .option('--again', 'send files from their beginning, also those sent before')
    .option('--model <key>', 'tables: for rows without a column model')
    .option('--timestamp <column>', 'tables: the column that holds event time');
  return onData(
    command,
    'replay history/*.ndjson --rate 5000',
    'replay scored.parquet --model credit-default --as-of 2026-06-01',
  ).action(answering(async (files: readonly string[], options: ReplayOptions) => replay(files, options)));
}

async function replay(files: readonly string[], options: ReplayOptions): Promise<Answer> {
  for (const file of files) statSync(file);
  if (options.dryRun) return rehearse(files, options);
  const config = configOf(options);
  const progress = new ReplayProgress(join(config.TIDEWATCH_DATA_DIR, 'replay.json'));
  return withApi(options, { data: false }, async (api) => {
    const sender = new EventSender(api, { rate: options.rate ?? null, asOf: options.asOf ?? null });
    for (const file of files) await replayFile(file, { options, progress, sender });
    return answerOf(files, sender.totals);
  });
}

interface Run {
  readonly options: ReplayOptions;
  readonly progress: ReplayProgress;
  readonly sender: EventSender;
}

async function replayFile(file: string, { options, progress, sender }: Run): Promise<void> {
  const name = ReplayProgress.nameOf(file);
  if (options.again) progress.forget(name);
  const before = progress.of(name);
  if (before.finished) return remark(`${file}: sent before; --again sends it once more`);
  if (before.position > 0) remark(`${file}: going on after ${before.position}`);
  let { position } = before;
  // Sent once more on purpose, it is not a repeated request.
  const run = `replay:${name}${options.again ? `:${Date.now()}` : ''}`;
  const report = new Reporter(file);
  for await (const portion of portions(file, position, options)) {
    await sender.send(portion.events, `${run}:${position}`);
    ({ position } = portion);
    progress.save(name, position, false);
    report.say(portion, sender.totals);
  }
  progress.save(name, position, true);
}

function portions(file: string, skip: number, options: ReplayOptions): AsyncGenerator<Portion> {
  const { model, timestamp } = options;
  return portionsOf(file, skip, { format: options.format ?? formatOf(file), model, timestamp });
}

/** Rate and remaining time, on a terminal in place, elsewhere a line every ten seconds. */
class Reporter {
  private readonly started = Date.now();
  private said = Date.now();
  private first: number | null = null;

  constructor(private readonly file: string) {}

  say({ done }: Portion, { events }: SentTotals): void {
    const now = Date.now();
    this.first ??= done;
    const pause = process.stderr.isTTY ? 500 : 10_000;
    if (now - this.said < pause) return;
    this.said = now;
    const seconds = (now - this.started) / 1000;
    const rest =
      done === null || this.first === null || done <= this.first
        ? null
        : (seconds * (1 - done)) / (done - this.first);
    const left = rest === null ? '' : `, ${Math.round((done ?? 0) * 100)} %, ${Math.ceil(rest)} s left`;
    const line = `${this.file}: ${events} events, ${Math.round(events / seconds)}/s${left}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001b[K${done === 1 ? '\n' : ''}`);
    else remark(line);
  }
}

function answerOf(files: readonly string[], totals: SentTotals): Answer {
  const { events, accepted, rejected, seconds, codes } = totals;
  const rate = seconds > 0 ? Math.round(events / seconds) : 0;
  const why = Object.entries(codes).map(([code, count]) => `  ${count} × ${code}`);
  return {
    ok: rejected === 0,
    lines: [`${events} events sent: ${accepted} stored, ${rejected} refused (${rate}/s)`, ...why],
    json: { files, events, accepted, rejected, codes, eventsPerSecond: rate },
  };
}

/** Reads everything and counts it; what is not JSON shows before anything is sent. */
async function rehearse(files: readonly string[], options: ReplayOptions): Promise<Answer> {
  const found: { file: string; events: number; notJson: number }[] = [];
  for (const file of files) {
    const count = { file, events: 0, notJson: 0 };
    for await (const { events } of portions(file, 0, options)) {
      count.events += events.length;
      count.notJson += events.filter((event) => !isJson(event)).length;
    }
    found.push(count);
  }
  const bad = found.reduce((sum, { notJson }) => sum + notJson, 0);
  const lines = found.map(
    ({ file, events, notJson }) =>
      `${file}: ${events} events${notJson > 0 ? `, ${notJson} of them not JSON` : ''}`,
  );
  if (found.every(({ events }) => events === 0))
    throw new CliError('there are no events in these files', 'empty');
  return { ok: bad === 0, lines: [...lines, 'nothing was sent'], json: { files: found, dryRun: true } };
}

function isJson(event: Buffer): boolean {
  try {
    JSON.parse(event.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

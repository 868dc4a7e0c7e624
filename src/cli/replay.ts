import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { expandPatterns } from '../ingest/kafka/expand-patterns.js';
import { answering, remark, type Answer } from './answer.js';
import { instantArgument, onData, positiveArgument, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';
import { CliError } from './exit.js';
import { configOf } from './locate.js';
import {
  FILE_FORMATS,
  formatArgument,
  layoutOf,
  NOTHING_SAID,
  WIRE_FORMATS,
  type FileFormat,
  type SaidFormats,
} from './replay-formats.js';
import { doubtLine, type Doubt } from './doubt-book.js';
import { ReplayDoubts } from './replay-doubts.js';
import { ReplayProgress } from './replay-progress.js';
import { rehearsalLines, rehearseFile, type ReplayRehearsal } from './replay-rehearsal.js';
import { ReplayReporter } from './replay-reporter.js';
import { EventSender, type SentTotals } from './replay-sender.js';
import { portionsOf, type Portion } from './replay-source.js';
import type { SeenEvent } from './seen-event.js';
import { storedNewest, versionIn } from './stored-newest.js';
import { TableError } from '../tables/table-error.js';
import { columnsArgument, zoneArgument } from './table-arguments.js';
import { readModels, type DeclaredModels } from './declared-models.js';
import { withoutStored } from './unknown-predictions.js';
import type { TableOptions } from './table-events.js';

interface ReplayOptions extends DataOptions {
  readonly format?: SaidFormats;
  readonly rate?: number;
  readonly asOf?: string;
  readonly dryRun?: boolean;
  readonly again?: boolean;
  readonly model?: string;
  readonly timestamp?: string;
  readonly columns?: TableOptions['columns'];
  readonly timezone?: string;
}

/** `tidewatch replay`: history from files, as if it came in now or at another time. */
export function replayCommand(): Command {
  const command = new Command('replay')
    .description('send the events of files; an interrupted replay goes on where it stopped')
    .argument('<files...>', 'NDJSON, JSON, CSV or Parquet, also .gz; `*`, `?` and `**` stand for several')
    .option(
      '--format <format>',
      `how the files are laid out (${FILE_FORMATS.join(', ')}), when their names do not say it, and whose ` +
        `messages they hold (${WIRE_FORMATS.join(', ')}), when it cannot be seen; both: csv,record`,
      formatArgument,
    )
    .option('--rate <n>', 'at most this many events a second', positiveArgument)
    .option('--as-of <when>', 'when the events count as received: lets older history in', instantArgument)
    .option('--dry-run', 'read the files, say what is in them and send nothing')
    .option('--again', 'send files from their beginning, also those sent before')
    .option('--model <key>', 'for rows and messages that do not say their model')
    .option('--timestamp <column>', 'tables: the column that holds event time')
    .option(
      '--columns <what=column,…>',
      'tables: which column holds what, e.g. actual_label=target',
      columnsArgument,
    )
    .option('--timezone <zone>', 'tables: zone of times that do not say theirs (UTC)', zoneArgument);
  return onData(
    command,
    'replay "history/**/*.ndjson.gz" --rate 5000',
    'replay scored.parquet --model credit-default --as-of 2026-06-01',
    'replay capture/*.jsonl --format sagemaker --model credit-default',
  ).action(answering(async (files: readonly string[], options: ReplayOptions) => replay(files, options)));
}

async function replay(patterns: readonly string[], options: ReplayOptions): Promise<Answer> {
  const files = await filesOf(patterns);
  // every file is looked at before the first event is sent
  const layouts = new Map<string, FileFormat>();
  for (const file of files) layouts.set(file, options.format?.file ?? (await layoutOf(file)));
  if (options.dryRun) return rehearse(files, { options, layouts });
  const config = configOf(options);
  const progress = new ReplayProgress(join(config.TIDEWATCH_DATA_DIR, 'replay.json'));
  return withApi(options, { data: false }, async (api) => {
    const { rate = null, asOf = null, format = NOTHING_SAID } = options;
    const models = await readModels(api);
    known(options.model, models);
    const { signal, forget } = interruption();
    const sender = new EventSender(api, {
      rate,
      asOf,
      wire: format.wire ?? 'auto',
      model: messagesModel(layouts, options),
      signal,
    });
    let silent = 0;
    try {
      for (const file of files)
        silent += await replayFile(file, { options, layouts, models, progress, sender, signal });
    } finally {
      forget();
    }
    return answerOf(files, sender.totals, silent);
  });
}

async function filesOf(patterns: readonly string[]): Promise<readonly string[]> {
  return expandPatterns(patterns).catch((error: unknown) => {
    throw new CliError(error instanceof Error ? error.message : String(error), 'no_file', { cause: error });
  });
}

/** Throws where a model was named that the service does not know: every row of it would be refused. A key that may not read models knows none. */
function known(model: string | undefined, models: DeclaredModels): void {
  if (model === undefined || models.size === 0 || models.has(model)) return;
  const names = [...models.keys()].slice(0, 20).join(', ');
  throw new CliError(`--model: there is no model "${model}"; there are ${names}`, 'unknown_model');
}

/** Tables in Tidewatch's own columns get their model from the reader; messages get theirs from the service. */
function messagesModel(layouts: ReadonlyMap<string, FileFormat>, options: ReplayOptions): string | null {
  const { model = null, format = NOTHING_SAID } = options;
  const { wire } = format;
  const foreign = wire !== null && wire !== 'auto' && wire !== 'native';
  const seen = wire !== 'native' && [...layouts.values()].some((layout) => layout.endsWith('json'));
  return foreign || seen ? model : null;
}

/** The first interrupt ends the replay after the request under way; a second one ends the process at once. */
function interruption(): { readonly signal: AbortSignal; readonly forget: () => void } {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.once(name, stop);
  return { signal: stopping.signal, forget: () => signals.forEach((name) => process.off(name, stop)) };
}

interface Reading {
  readonly options: ReplayOptions;
  readonly layouts: ReadonlyMap<string, FileFormat>;
  /** What the service knows of models; none where it could not be asked. */
  readonly models?: DeclaredModels;
}

interface Run extends Reading {
  readonly progress: ReplayProgress;
  readonly sender: EventSender;
  readonly signal: AbortSignal;
}

/** Sends a file from where it stopped; resolves with the rows of which no event was made. */
async function replayFile(file: string, run: Run): Promise<number> {
  const { options, progress, sender, signal } = run;
  const name = ReplayProgress.nameOf(file);
  if (options.again) progress.forget(name);
  const before = progress.of(name);
  if (before.finished) {
    remark(`${file}: sent before; --again sends it once more`);
    return 0;
  }
  if (before.position > 0) remark(`${file}: going on after ${before.position}`);
  let { position, events } = before;
  let silent = 0;
  // Sent once more on purpose, it is not a repeated request.
  const sending = `${name}${options.again ? `:${Date.now()}` : ''}`;
  const report = new ReplayReporter(file);
  for await (const portion of portions(file, position, run)) {
    if (signal.aborted) throw interrupted(file, position);
    if (portion.events.length > 0)
      await sender.send(portion.events, { ...placeOf(file), first: events }, sending);
    silent += portion.silent;
    ({ position } = portion);
    events += portion.events.length;
    progress.save(name, { position, events, finished: false });
    report.say(portion);
  }
  if (events === 0) throw new TableError(`${file} is empty: there is no event in it`);
  progress.save(name, { position, events, finished: true });
  return silent;
}

function interrupted(file: string, position: number): CliError {
  const message = `interrupted after ${position} of ${file}: the same command goes on from there`;
  return new CliError(message, 'interrupted');
}

/** Part of an event's identity: the same line of the same file is the same event, however often it is sent. */
function placeOf(file: string): { readonly topic: string; readonly partition: number } {
  const partition = createHash('sha256').update(resolve(file)).digest().readUInt16LE();
  return { topic: `file:${basename(file)}`, partition };
}

function portions(
  file: string,
  skip: number,
  { options, layouts, models }: Reading,
): AsyncGenerator<Portion> {
  const { model, timestamp, columns, timezone, rate = Infinity, format = NOTHING_SAID } = options;
  // two requests a second keep the flow even
  const requestEvents = Math.max(1, Math.min(MOST_EVENTS, Math.ceil(rate / 2)));
  const declared = (key: string) => models?.get(key) ?? null;
  const table = { model, timestamp, columns, zone: timezone, declared };
  return portionsOf(file, skip, {
    layout: layouts.get(file) ?? 'ndjson',
    wire: format.wire,
    ...table,
    requestEvents,
  });
}

const MOST_EVENTS = 10_000;

function answerOf(files: readonly string[], totals: SentTotals, silent: number): Answer {
  const { events, accepted, rejected, seconds, codes } = totals;
  const rate = seconds > 0 ? Math.round(events / seconds) : 0;
  const why = Object.entries(codes).map(([code, count]) => `  ${count} × ${code}`);
  return {
    ok: rejected === 0 && silent === 0,
    lines: [
      `${events} events sent: ${accepted} stored, ${rejected} refused (${rate}/s)`,
      ...why,
      ...silentLines(silent),
    ],
    json: { files, events, accepted, rejected, rowsWithoutEvent: silent, codes, eventsPerSecond: rate },
  };
}

/** Rows that gave nothing are lost where nobody is told. */
function silentLines(silent: number): readonly string[] {
  return silent === 0 ? [] : [`  ${silent} ${silent === 1 ? 'row' : 'rows'} gave no event`];
}

/** Reads everything and says what is in it and what would be refused, before anything is sent. */
async function rehearse(files: readonly string[], { options, layouts }: Reading): Promise<Answer> {
  const rules = await withApi(options, { data: true }, readModels).catch(() => null);
  if (!rules)
    remark('no service answers: models, what they accept, and predictions that are stored are not looked at');
  const models = rules ?? undefined;
  if (models) known(options.model, models);
  const received = options.asOf === undefined ? Date.now() : Date.parse(options.asOf);
  const wire = options.format?.wire ?? null;
  const ruleOf = (key: string) => models?.get(key) ?? null;
  const doubts = new ReplayDoubts({ ruleOf, received, isSaid: options.asOf !== undefined });
  const newestOf = async (event: SeenEvent) =>
    models?.has(event.model)
      ? withApi(options, { data: true }, async (api) => storedNewest(api, event.model, versionIn(event)))
      : -Infinity;
  const found: ReplayRehearsal[] = [];
  for (const file of files) {
    const reading = { options, layouts, ...(models ? { models } : {}) };
    const written = (await stat(file)).mtimeMs;
    const read = { wire, models, received, doubts, written, newestOf };
    found.push(await rehearseFile(file, read, portions(file, 0, reading)));
  }
  const bad = found.some(
    ({ refused, rowsWithoutEvent }) => rowsWithoutEvent > 0 || Object.keys(refused).length > 0,
  );
  if (found.every(({ events }) => events === 0))
    throw new CliError('there are no events in these files', 'empty');
  const doubtful = await doubtsOf(doubts, options, models !== undefined);
  const heading = doubtful.length === 0 ? [] : ['would be taken, and is doubtful:'];
  return {
    ok: !bad,
    lines: [
      ...found.flatMap(rehearsalLines),
      ...doubts.refusedLines(),
      ...heading,
      ...doubtful.map(doubtLine),
      'nothing was sent',
    ],
    json: { files: found, doubts: doubtful, dryRun: true },
  };
}

/** What would be taken and is doubtful. Labels whose prediction is in no file are looked for among those that are stored, where a service answers. */
async function doubtsOf(
  doubts: ReplayDoubts,
  options: ReplayOptions,
  isAsked: boolean,
): Promise<readonly Doubt[]> {
  const lone = doubts.lone();
  if (!isAsked || [...lone.values()].every((labels) => labels.length === 0)) return doubts.found(lone, false);
  const left = await withApi(options, { data: true }, async (api) => withoutStored(api, lone));
  return doubts.found(left, true);
}

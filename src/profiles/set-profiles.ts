import { versionPlace } from '../domain/version-place.js';
import { addAll } from '../domain/add-all.js';
import { setImmediate as turn } from 'node:timers/promises';
import type { Baseline } from '../domain/baseline.js';
import { boundedGroups, groupBy } from '../domain/group-by.js';
import type { Constraint } from '../domain/constraint.js';
import { environmentNames, type Model } from '../domain/model.js';
import { scoreLayoutOf } from '../domain/profile.js';
import { rulesInForce } from '../domain/rules-in-force.js';
import type { Database } from '../store/database.js';
import type { BlockColumns } from '../constraints/block-columns.js';
import { isAsDeclared } from './declared-types.js';
import { tallyFeatures } from './feature-tally.js';
import { knownLabels } from './known-labels.js';
import { columnsOf, tallyMeasures } from './measure-tally.js';
import { measuredOn } from './measured-on.js';
import { tallyPerformance } from './performance-tally.js';
import { knownFeatures } from './profiles.js';
import { readBlocks, rowsAsked, wantedBy } from './row-blocks.js';
import type { RowBlock } from '../constraints/row-block.js';

/** Minutes of one model version to be summarised: epoch seconds, ascending. */
export interface StreamMinutes {
  readonly model: Model;
  readonly baseline: Baseline | null;
  readonly version: string;
  readonly minutes: readonly number[];
  /** Those of them that got predictions, not only labels. */
  readonly withNewRows: readonly number[];
}

/**
 * With more rows than this a statement of the model's own is cheaper: the engine plans it for a tenth to a quarter of a second, whatever the rows, and
 * then takes a fraction of a microsecond a row.
 */
const MOST_ROWS_TOGETHER = 5_000;
/** Minutes named in one statement: the engine reads no longer text of parameters than 256 KiB. */
const MOST_MINUTES = 8_000;
/** Rows read at once: parsing more would hold the thread. */
const READ_AT_ONCE = 10_000;
/** Summaries stored at once, for the same reason. */
const LINES_AT_ONCE = 10_000;
/** Milliseconds after which others have their turn. */
const TURN_MS = 15;

/** Lines for the three tables of minutes. */
interface Lines {
  readonly profiles: object[];
  readonly measures: object[];
  readonly performance: object[];
}

/**
 * Summaries of minutes of many models by a number of statements that depends on their rows and not on how many models there are: rows are read
 * together and counted here. The same counts as {@link ./profiles.js} has the engine make model by model.
 */
export class SetProfiles {
  /** Streams that send declared features as something else. */
  private readonly restated = new Set<string>();

  constructor(private readonly database: Database) {}

  /** Summarises what has few rows; gives back what is left for statements of its own. Throws what the store says: then nothing counts as done. */
  async summarise(streams: readonly StreamMinutes[]): Promise<readonly StreamMinutes[]> {
    const minutesOf = ({ model, minutes }: StreamMinutes) => minutes.length * environmentNames(model).length;
    const left = streams.filter((stream) => minutesOf(stream) > MOST_MINUTES);
    const few = streams.filter((stream) => minutesOf(stream) <= MOST_MINUTES);
    for (const asked of boundedGroups(few, minutesOf, MOST_MINUTES))
      addAll(left, await this.summariseSet(asked));
    return left;
  }

  private async summariseSet(streams: readonly StreamMinutes[]): Promise<readonly StreamMinutes[]> {
    const found = await rowsAsked(this.database, streams);
    const rows = new Map(streams.map((stream, i) => [stream, found[i] ?? 0]));
    const rowsOf = (stream: StreamMinutes) => rows.get(stream) ?? 0;
    const few = streams.filter((stream) => rowsOf(stream) <= MOST_ROWS_TOGETHER);
    for (const chunk of boundedGroups(few, rowsOf, READ_AT_ONCE)) await this.summariseChunk(chunk);
    return streams.filter((stream) => rowsOf(stream) > MOST_ROWS_TOGETHER);
  }

  private async summariseChunk(streams: readonly StreamMinutes[]): Promise<void> {
    if (streams.length === 0) return;
    const blocks = groupBy(await this.read(streams), placeOf);
    const lines: Lines = { profiles: [], measures: [], performance: [] };
    let began = performance.now();
    for (const stream of streams) {
      summariseStream(stream, blocks.get(placeOfStream(stream)) ?? [], lines);
      if (performance.now() - began < TURN_MS) continue;
      await turn();
      began = performance.now();
    }
    await this.store('profiles_1m', lines.profiles);
    await this.store('measures_1m', lines.measures);
    await this.store('performance_1m', lines.performance);
  }

  private async store(table: string, lines: readonly object[]): Promise<void> {
    for (let i = 0; i < lines.length; i += LINES_AT_ONCE)
      await this.database.insert(table, lines.slice(i, i + LINES_AT_ONCE), { timeoutMs: 120_000 });
  }

  private async read(streams: readonly StreamMinutes[]): Promise<readonly RowBlock[]> {
    const rules = streams.flatMap(({ model, baseline }) => rulesInForce(model, baseline));
    const wanted = { ...wantedBy(rules), calls: true, minutes: false };
    const models = new Map(streams.map((stream) => [placeOfStream(stream), stream.model]));
    const asSent = streams.filter((stream) => !this.restated.has(placeOfStream(stream)));
    const sent =
      asSent.length === 0 ? [] : await readBlocks(this.database, asSent, { ...wanted, declared: false });
    for (const block of sent) {
      const model = models.get(placeOf(block));
      if (model && !isAsDeclared(model, block)) this.restated.add(placeOf(block));
    }
    const restated = streams.filter((stream) => this.restated.has(placeOfStream(stream)));
    const taken = sent.filter((block) => !this.restated.has(placeOf(block)));
    if (restated.length === 0) return taken;
    return [...taken, ...(await readBlocks(this.database, restated, { ...wanted, declared: true }))];
  }
}

const placeOf = ({ model, version }: { readonly model: string; readonly version: string }) =>
  versionPlace(model, version);
const placeOfStream = ({ model, version }: StreamMinutes) => placeOf({ model: model.key, version });

/** Adds the summaries of a stream's minutes; minutes without rows have none. */
function summariseStream(stream: StreamMinutes, blocks: readonly RowBlock[], lines: Lines): void {
  const { model, baseline, version } = stream;
  const withNewRows = new Set(stream.withNewRows);
  const rules = groupBy(rulesInForce(model, baseline), measuredOn);
  const by = {
    model,
    known: knownFeatures(model, baseline),
    layout: scoreLayoutOf(baseline?.reference.performance),
    labels: knownLabels(model, baseline),
  };
  for (const [minute, rows] of groupBy(blocks, (block) => block.minute)) {
    const at = { model: model.key, version, minute, computed_at: rows[0]?.readAt };
    lines.performance.push({ ...at, ...tallyPerformance(by, rows) });
    const own = { ...at, baseline: baseline?.id ?? '' };
    const measure = (chosen: readonly Constraint[], among: readonly BlockColumns[]) => {
      for (const one of tallyMeasures(chosen, among)) lines.measures.push({ ...own, ...one });
    };
    const all = columnsOf(rows);
    const answered = all.filter(({ block }) => block.failed === 0);
    measure(rules.get('labels') ?? [], answered);
    if (!withNewRows.has(minute)) continue;
    measure(rules.get('answers') ?? [], answered);
    measure(rules.get('calls') ?? [], all);
    const answers = answered.map(({ block }) => block);
    for (const one of tallyFeatures(baseline?.features ?? {}, answers))
      lines.profiles.push({ ...own, ...one });
  }
}

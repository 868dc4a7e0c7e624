import type { ErasedPredictions } from '../records/erased-predictions.js';
import type { PersonHashes } from '../records/person-hash.js';
import type { Database } from '../store/database.js';
import { purge } from '../store/purge.js';
import { keepTaken } from './erased-marks.js';
import { NOTE_EXACT, NOTE_LABEL_MARKS, NOTE_ROW_MARKS } from './erased-marks-sql.js';
import {
  aboutPerson,
  countNotable,
  noteRows,
  NOTED_BY_DAY,
  NOTED_BY_MODEL,
  NOTED_BY_TABLE,
  PERSON_TABLES,
  personParams,
  purgesOf,
  ROWS_BY_MODEL,
  type PersonTable,
} from './erase-sql.js';

const WHOLE_TABLE_MS = 3_600_000;

/** Rows of a model about a person, and the span of their times. */
export interface PersonModel {
  readonly model: string;
  readonly rows: number;
  readonly first: Date;
  readonly last: Date;
}

/** The same of what was removed, with how many of the rows are of which day (UTC, `2026-11-25`). */
export interface ErasedRows extends PersonModel {
  readonly days: Readonly<Record<string, number>>;
  /** Names of what went of the judged windows of a day; null where nothing is known of them. */
  readonly marks: Readonly<Record<string, string>> | null;
}

interface DayRow {
  readonly model: string;
  readonly day: string;
  readonly rows: number;
}

interface ModelRow {
  readonly model: string;
  readonly rows: number;
  readonly first: number;
  readonly last: number;
}

/** Rows about a person: found, noted, and removed with their bytes. `erasure`: hex digits that stand for it. */
export class PersonRows {
  constructor(
    private readonly database: Database,
    private readonly hashes: PersonHashes,
    private readonly erased: ErasedPredictions,
  ) {}

  /** Rows that the store holds now, by table, with those that another takes the place of once they are merged. */
  async count(subject: string): Promise<Readonly<Record<PersonTable, number>>> {
    return this.counted(
      subject,
      (table) => `SELECT count() AS rows FROM ${table} WHERE ${aboutPerson(table)}`,
    );
  }

  /** Rows that an erasure would tell of, by table. */
  async countNotable(subject: string): Promise<Readonly<Record<PersonTable, number>>> {
    return this.counted(subject, countNotable);
  }

  private async counted(
    subject: string,
    sqlOf: (table: PersonTable) => string,
  ): Promise<Readonly<Record<PersonTable, number>>> {
    const counted = await Promise.all(
      PERSON_TABLES.map(async (table) => {
        const sql = sqlOf(table);
        const [row] = await this.read<{ rows: number }>(sql, personParams(subject));
        return [table, row?.rows ?? 0] as const;
      }),
    );
    return Object.fromEntries(counted) as Record<PersonTable, number>;
  }

  /** Predictions there are now, by model. */
  async models(subject: string): Promise<readonly PersonModel[]> {
    return (await this.read<ModelRow>(ROWS_BY_MODEL, { subject })).map(modelOf);
  }

  /** Notes which rows go, and by a keyed hash which predictions they are of. */
  async note(subject: string, erasure: string): Promise<void> {
    const params = { ...personParams(subject), erasure };
    for (const sql of [NOTE_EXACT, NOTE_ROW_MARKS, NOTE_LABEL_MARKS])
      await this.database.command(sql, { params, timeoutMs: WHOLE_TABLE_MS });
    for (const table of PERSON_TABLES)
      await this.database.command(noteRows(table), { params, timeoutMs: WHOLE_TABLE_MS });
    const sql =
      'SELECT DISTINCT model, prediction_id AS id FROM predictions WHERE subject = {subject:String}';
    const rows = await this.read<{ model: string; id: string }>(sql, { subject });
    const hashes = rows.map(({ model, id }) => this.hashes.ofPrediction(model, id));
    await this.erased.add(hashes, erasure);
  }

  /** Removes what was noted of a table, with its bytes. Throws PartsInUse. */
  async remove(table: PersonTable, erasure: string): Promise<void> {
    for (const one of purgesOf(table, erasure)) await purge(this.database, one);
  }

  /** Everything that was noted since the erasure began, by table and by model, however often it was interrupted. What went of judged windows is kept. */
  async noted(erasure: string): Promise<{
    readonly rows: Readonly<Record<string, number>>;
    readonly models: readonly ErasedRows[];
    /** Whether it is known of which judged windows they were. */
    readonly isByWindow: boolean;
  }> {
    const rows = await this.read<{ table: string; rows: number }>(NOTED_BY_TABLE, { erasure });
    const models = await this.read<ModelRow>(NOTED_BY_MODEL, { erasure });
    const byDay = await this.read<DayRow>(NOTED_BY_DAY, { erasure });
    const names = await keepTaken(this.database, erasure);
    const daysOf = (model: string) =>
      byDay.filter((one) => one.model === model).map(({ day, rows: n }) => [day, n] as const);
    const known = models.map((row) => ({ ...modelOf(row), days: Object.fromEntries(daysOf(row.model)) }));
    const without = Object.entries(names ?? {}).flatMap(([model, marks]) =>
      known.some((one) => one.model === model) ? [] : [labelsOnly(model, Object.keys(marks).toSorted())],
    );
    return {
      rows: Object.fromEntries(rows.map(({ table, rows: n }) => [table, n])),
      models: [...known, ...without].map((one) => ({ ...one, marks: names && (names[one.model] ?? {}) })),
      isByWindow: names !== null,
    };
  }

  /** Lets go of the notes. */
  async forget(erasure: string): Promise<void> {
    await this.database.command(`ALTER TABLE erasing DROP PARTITION '${erasure}'`, {
      timeoutMs: WHOLE_TABLE_MS,
    });
  }

  private async read<Row>(sql: string, params: Readonly<Record<string, unknown>>): Promise<Row[]> {
    return this.database.query<Row>(sql, { params, timeoutMs: WHOLE_TABLE_MS });
  }
}

/** A model of which labels alone went, of predictions of somebody else. */
function labelsOnly(model: string, days: readonly string[]): Omit<ErasedRows, 'marks'> {
  const at = (day = '1970-01-01') => new Date(`${day}T00:00:00Z`);
  return { model, rows: 0, first: at(days[0]), last: at(days.at(-1)), days: {} };
}

function modelOf({ model, rows, first, last }: ModelRow): PersonModel {
  return { model, rows, first: new Date(first), last: new Date(last) };
}

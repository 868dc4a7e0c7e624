/** A message of any format, as a producer or an HTTP client sends it. */
export interface FuzzMessage {
  readonly topic: string;
  readonly value: Buffer | null;
  readonly key: Buffer | null;
  readonly headers: ReadonlyMap<string, Buffer>;
  /** Epoch milliseconds, as the producer claims. */
  readonly timestamp: number;
}

type Random = () => number;
type Container = unknown[] | Record<string, unknown>;

const DEEP = 20_000;
const LONG = 300_000;
const below = (random: Random, end: number): number => Math.floor(random() * end);
const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[below(random, values.length)] as Value;

/** Marks a place that is filled in after the value was written, with what JSON.stringify cannot write. */
const HOLE = '\u0001hole\u0001';
const HOLES: readonly ((random: Random) => string)[] = [
  () => `${'['.repeat(DEEP)}${']'.repeat(DEEP)}`,
  () => `${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`,
  () => 'NaN',
  () => '-Infinity',
  () => '1e999',
  () => '-0',
  () => '9'.repeat(400),
  () => '18446744073709551616',
  () => '"\\ud83d"',
  () => '"\\u0000"',
  () => `[${'1,'.repeat(LONG)}1]`,
  () => `"${'x'.repeat(LONG)}"`,
  () => `{${Array.from({ length: 5_000 }, (_, i) => `"k${i}":${i}`).join()}}`,
  (random) => `"${'é'.repeat(below(random, 300))}"`,
  () => '{"a":1,"a":2}',
  () => '',
];
const ODD: readonly unknown[] = [
  null,
  '',
  0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  -(2 ** 63),
  true,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: { b: [1] } },
  'NaN',
  '__proto__',
  'constructor',
  '1970-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00.000Z',
  1e15,
  4e12,
  '\u202e\uFFFF',
  "'; DROP TABLE predictions; --",
];

/** The message with one to three things wrong with it: in its structure where it is JSON, in its bytes, or beside them. */
export function mutate(random: Random, message: FuzzMessage, others: readonly FuzzMessage[]): FuzzMessage {
  let found = message;
  for (let changes = 1 + below(random, 3); changes > 0; changes -= 1) {
    const kind = random();
    if (kind < 0.6) found = { ...found, value: inside(random, found.value) };
    else if (kind < 0.75) found = { ...found, value: damaged(random, found.value ?? Buffer.alloc(0)) };
    else if (kind < 0.9) found = { ...found, headers: otherHeaders(random, found.headers, others) };
    else if (kind < 0.95)
      found = { ...found, key: pick(random, [null, Buffer.alloc(0), Buffer.from([255])]) };
    else found = { ...found, timestamp: pick(random, [-1, 0, 1e9, 4e12, 1.7e15, 9e18]) };
  }
  return random() < 0.01 ? { ...found, value: null } : found;
}

function inside(random: Random, value: Buffer | null): Buffer | null {
  const json = parsed(value);
  if (json === undefined || isDeep(value)) return damaged(random, value ?? Buffer.from('{}'));
  const root: Container = { json };
  const places = containers(root);
  const container = pick(random, places);
  const keys = Object.keys(container);
  const key = keys.length === 0 ? 'a' : pick(random, keys);
  const holder = container as Record<string, unknown>;
  const change = random();
  if (change < 0.2 && container !== root) delete holder[key];
  else if (change < 0.3)
    holder[pick(random, ['a', 'data', 'inputs', 'outputs', 'predictions', '__proto__'])] = holder[key];
  else if (change < 0.4) holder[key] = Array.from({ length: below(random, 4) }, () => holder[key]);
  else if (change < 0.75) holder[key] = structuredClone(pick(random, ODD));
  else holder[key] = HOLE;
  const text = JSON.stringify((root as Record<string, unknown>)['json']) ?? '';
  return Buffer.from(text.replace(JSON.stringify(HOLE), () => pick(random, HOLES)(random)));
}

/** What an earlier change nested too deep for JSON.stringify. */
function isDeep(value: Buffer | null): boolean {
  return value?.includes('['.repeat(1000)) === true || value?.includes('{"a":'.repeat(1000)) === true;
}

function parsed(value: Buffer | null): unknown {
  if (value === null || value.length > 2 * LONG) return undefined;
  try {
    return JSON.parse(value.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** Every object and array within a value; those nested too deep for a stack are left alone. */
function containers(root: Container): readonly Container[] {
  const found: Container[] = [root];
  for (let at = 0; at < found.length && found.length < 500; at += 1)
    for (const value of Object.values(found[at] ?? []))
      if (typeof value === 'object' && value !== null) found.push(value as Container);
  return found.slice(0, 200);
}

function damaged(random: Random, bytes: Buffer): Buffer {
  const at = below(random, bytes.length + 1);
  switch (below(random, 8)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([below(random, 256)]), bytes.subarray(at)]);
    case 2:
      return Buffer.from(bytes.map((byte, i) => (i === at ? below(random, 256) : byte)));
    case 3:
      return Buffer.concat([bytes, Buffer.from('\n'), bytes]);
    case 4:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 5:
      return Buffer.concat([Buffer.from([below(random, 2), 0, 0, 0, below(random, 9)]), bytes]);
    case 6:
      return Buffer.concat([Buffer.from('['), bytes, Buffer.from(',1]')]);
    default:
      return Buffer.from(Array.from({ length: below(random, 60) }, () => below(random, 256)));
  }
}

function otherHeaders(
  random: Random,
  headers: ReadonlyMap<string, Buffer>,
  others: readonly FuzzMessage[],
): ReadonlyMap<string, Buffer> {
  const changed = new Map(headers);
  const names = [
    ...headers.keys(),
    'ce_id',
    'ce-type',
    'type',
    'content-type',
    '__value_schema_id',
    'x-request-id',
  ];
  const name = pick(random, names);
  const change = random();
  if (change < 0.2) return pick(random, others).headers;
  if (change < 0.5) changed.delete(name);
  else
    changed.set(
      name,
      pick(random, [
        Buffer.alloc(0),
        Buffer.from([1, 255, 0]),
        Buffer.from('x'.repeat(2_000)),
        Buffer.from('application/cloudevents+json'),
        Buffer.from('io.seldon.serving.inference.request'),
        Buffer.from('org.kubeflow.serving.inference.response'),
      ]),
    );
  return changed;
}

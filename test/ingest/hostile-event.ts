type Random = () => number;
const pick = <Value>(random: Random, values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)] as Value;

const ODD: readonly unknown[] = [
  null,
  '',
  'x',
  '12',
  'true',
  0,
  -0,
  1,
  -1.5,
  1e308,
  5e-324,
  2 ** 53,
  -(2 ** 63),
  1.8e19,
  true,
  false,
  [],
  {},
  [1, 'a', null],
  { a: { b: [] } },
  '😀',
  '\u0000',
  '\ud800',
  '\n\nDROP TABLE predictions',
  "'; --",
  '\\N',
  '2026-11-21T10:00:00Z',
  '9999-12-31T23:59:59Z',
  '[',
  '{',
];
/** A copy: what is put into one event must not show up in the next. */
const odd = (random: Random): unknown => structuredClone(pick(random, ODD));

const FIELDS = [
  'type',
  'prediction_id',
  'model',
  'model_version',
  'environment',
  'ts',
  'features',
  'prediction',
  'segment',
  'protected',
  'attributions',
  'subject',
  'status',
  'latency_ms',
  'tags',
  'label',
  'source',
  'unknown',
  '',
  'a.b',
];

/** Bytes from well-formed to garbage: an event, then zero or more of the ways in which events go wrong. */
export function hostileEvent(random: Random, now: number): Buffer {
  const event: Record<string, unknown> = random() < 0.5 ? prediction(random, now) : label(random, now);
  const changes = Math.floor(random() * 3);
  for (let i = 0; i < changes; i += 1) change(random, event);
  const text = JSON.stringify(event);
  return random() < 0.75 ? Buffer.from(text) : damage(random, Buffer.from(text));
}

function prediction(random: Random, now: number): Record<string, unknown> {
  const model = pick(random, ['credit-default', 'animal', 'price', 'nobody']);
  const outputs = [
    { label: 'a', score: random() },
    { label: 'a', scores: { a: random(), b: 0.1 } },
    { value: random() * 100 },
  ];
  const own = { 'credit-default': outputs[0], animal: outputs[1], price: outputs[2], nobody: outputs[0] }[
    model
  ];
  return {
    ...(random() < 0.7 ? { type: 'prediction' } : {}),
    prediction_id: `p-${Math.floor(random() * 1e9)}`,
    model,
    ts: random() < 0.5 ? new Date(now - random() * 1e8).toISOString() : Math.floor(now - random() * 1e8),
    features: {
      a: random(),
      b: Math.floor(random() * 10),
      c: pick(random, ['x', 'y', null]),
      d: random() < 0.5,
    },
    prediction: random() < 0.8 ? own : pick(random, outputs),
  };
}

function label(random: Random, now: number): Record<string, unknown> {
  return {
    ...(random() < 0.7 ? { type: 'label' } : {}),
    prediction_id: `p-${Math.floor(random() * 1e9)}`,
    model: pick(random, ['credit-default', 'animal', 'price']),
    ts: now - Math.floor(random() * 1e8),
    label: pick<unknown>(random, ['a', 1, 2.5, true]),
  };
}

function change(random: Random, event: Record<string, unknown>): void {
  const field = pick(random, FIELDS);
  const inner = Object.hasOwn(event, field) ? event[field] : null;
  if (random() < 0.3) delete event[field];
  else if (random() < 0.5 && typeof inner === 'object' && inner !== null)
    (inner as Record<string, unknown>)[pick(random, ['a', 'z', 'label', 'score', 'scores', 'value'])] =
      odd(random);
  else event[field] = own(random, field, odd(random));
}

/** Two rows with one id would become one row: ids stay different, however odd. */
function own(random: Random, field: string, value: unknown): unknown {
  return field === 'prediction_id' && typeof value === 'string' && value !== ''
    ? `${value}${random()}`
    : value;
}

function damage(random: Random, bytes: Buffer): Buffer {
  const at = Math.floor(random() * bytes.length);
  switch (Math.floor(random() * 7)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from([Math.floor(random() * 256)]),
        bytes.subarray(at),
      ]);
    case 2:
      return Buffer.from(bytes.map((byte, i) => (i === at ? Math.floor(random() * 256) : byte)));
    case 3:
      return Buffer.concat([bytes, bytes]);
    case 4:
      return Buffer.from(
        bytes
          .toString()
          .replace(
            /\d+/u,
            pick(random, ['NaN', '1e999', 'Infinity', '123456789012345678901234567890', '01', '+1', '.5']),
          ),
      );
    case 5:
      return Buffer.from(`[${bytes.toString()}]`);
    default:
      return Buffer.from(
        bytes.toString().replace('{', `{"${pick(random, FIELDS)}":${JSON.stringify(odd(random))},`),
      );
  }
}

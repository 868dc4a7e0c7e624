/** A contract event of about 600 bytes: 20 numeric and 5 categorical features in one object. `random` gives [0, 1). */
export function contractEvent(random: () => number, index: number, now: number): Buffer {
  const features: Record<string, number | string> = {};
  for (let i = 0; i < 20; i += 1) features[`numeric_${i}`] = Math.round(random() * 10_000) / 100;
  for (let i = 0; i < 5; i += 1) features[`category_${i}`] = `value-${Math.floor(random() * 20)}`;
  const event = {
    type: 'prediction',
    prediction_id: `${Math.floor(random() * 2 ** 32).toString(16)}-${index}`,
    model: 'credit-default',
    model_version: '2026.11',
    environment: 'production',
    ts: new Date(now - Math.floor(random() * 3_600_000)).toISOString(),
    features,
    prediction: { label: random() < 0.5 ? 'good' : 'bad', score: Math.round(random() * 10_000) / 10_000 },
    segment: { channel: 'web' },
    latency_ms: 12,
  };
  return Buffer.from(JSON.stringify(event));
}

/** A prediction of about 700 bytes (20 numeric and 5 categorical features) or, `large`, of about 3 kB (100 and 25). */
export function wideEvent(i: number, model: string, large: boolean): string {
  const wide = large ? 5 : 1;
  const features: Record<string, number | string> = {};
  for (let f = 0; f < 20 * wide; f += 1)
    features[`numeric_${f}`] = Math.round(((i * 7919 + f * 104_729) % 1_000_003) * 13) / 1000;
  for (let f = 0; f < 5 * wide; f += 1) features[`category_${f}`] = `value-${(i + f) % 12}`;
  const score = ((i * 31) % 1000) / 1000;
  return JSON.stringify({
    prediction_id: `bench-${i}`,
    model,
    model_version: '2026.11',
    ts: new Date().toISOString(),
    features,
    prediction: { label: score > 0.5 ? 'bad' : 'good', score },
  });
}

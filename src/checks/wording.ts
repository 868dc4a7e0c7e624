/** A rate as people write it: 12 %, 0.1 %; what is nearly all or nothing keeps the digits that say by how much. */
export function percent(rate: number): string {
  const value = 100 * rate;
  if (value > 99 && value < 100) return `${number(100 - Number((100 - value).toPrecision(2)), 6)} %`;
  return `${value >= 10 ? value.toFixed(0) : number(value)} %`;
}

/** A number to three digits, or as many as given. */
export function number(value: number, digits = 3): string {
  return String(Number(value.toPrecision(digits)));
}

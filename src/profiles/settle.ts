/**
 * A sum in digits that do not depend on the order in which the engine added. `scale` is how large its parts are together: twelve digits of
 * that are the same for every order.
 *
 * @example settle(0.1 + 0.2, 0.3) // 0.3
 */
export function settle(sum: number, scale: number): number {
  if (scale === 0 || Number.isSafeInteger(sum)) return sum;
  const decimals = 11 - Math.floor(Math.log10(scale));
  // Zero has one sign, or a profile that went through JSON would be another.
  return rounded(sum, decimals) + 0;
}

function rounded(sum: number, decimals: number): number {
  if (decimals > 100) return Number(sum.toPrecision(12));
  if (decimals >= 0) return Number(sum.toFixed(decimals));
  const unit = 10 ** -decimals;
  const settled = Math.round(sum / unit) * unit;
  return Number.isFinite(settled) ? settled : sum;
}

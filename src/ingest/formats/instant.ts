/** Epoch seconds have at most eleven digits before the year 5138, epoch milliseconds at least twelve since 1973. */
const SECONDS_BELOW = 1e11;
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/iu;

/**
 * A time as a source writes it → what a native event may carry: epoch milliseconds, or RFC 3339. Numbers below 10^11 are
 * seconds, digits in quotes count as numbers, a time without a zone is UTC. Null when it is no time.
 */
export function instant(value: unknown): number | string | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'bigint') return instant(Number(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return null;
    return Math.round(Math.abs(value) < SECONDS_BELOW ? value * 1000 : value);
  }
  if (typeof value !== 'string') return null;
  if (/^\d{9,16}(\.\d+)?$/u.test(value)) return instant(Number(value));
  const parts = DATE_TIME.exec(value.trim());
  if (!parts) return null;
  const [, date = '', time = '', fraction = '', zone = 'Z'] = parts;
  const offset = /^(Z|UTC)$/iu.test(zone) ? 'Z' : zone.replace(/^(.\d\d):?(\d\d)$/u, '$1:$2');
  return `${date}T${time}${fraction.slice(0, 10)}${offset}`;
}

import type { Config } from './config.js';
import { unknownSettings } from './unknown-settings.js';

const EVERYWHERE = ['0.0.0.0', '::', '*'];

/** Settings that can be used and are most likely not what was meant; each names the variable and the fix. */
export function startWarnings(
  environment: Readonly<Record<string, string | undefined>>,
  { HOST: host }: Pick<Config, 'HOST'>,
): readonly string[] {
  // One that cannot be used is told as such.
  const unreachable = EVERYWHERE.includes(host) && !environment['PUBLIC_URL'];
  return [
    ...unknownSettings(environment).warnings,
    ...(unreachable
      ? [
          `PUBLIC_URL is not set, but HOST is ${host}: links in messages lead to an address that nobody else can open; set PUBLIC_URL to where people reach this service`,
        ]
      : []),
  ];
}

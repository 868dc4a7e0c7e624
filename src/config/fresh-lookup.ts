import { readFileSync } from 'node:fs';

/**
 * The environment as it is now, for secrets that are used again and again: `NAME`, else what the file named by `NAME_FILE` holds at this moment, so
 * that a rotated secret needs no restart. Undefined when there is neither, or the file cannot be read now.
 */
export function freshLookup(
  environment: NodeJS.ProcessEnv = process.env,
): (name: string) => string | undefined {
  return (name) => {
    const direct = environment[name];
    const file = environment[`${name}_FILE`];
    if (direct || !file) return direct;
    try {
      return readFileSync(file, 'utf8').trim();
    } catch {
      return undefined;
    }
  };
}

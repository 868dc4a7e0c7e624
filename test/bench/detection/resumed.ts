import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the results depend on: those of another engine are not this one's. */
const SOURCES = ['../../../src/checks/', '../../../src/stats/', './', './calm/'] as const;

/** Results of cases by name, kept in a file until the whole run is done: a run that was stopped goes on where it was. */
export class Resumed {
  private readonly file: string;
  private readonly known: Record<string, unknown>;

  constructor(run: string, say: (text: string) => void) {
    this.file = join(tmpdir(), `tidewatch-bench-detection-${run}-${fingerprint()}.json`);
    this.known = existsSync(this.file) ? JSON.parse(readFileSync(this.file, 'utf8')) : {};
    const count = Object.keys(this.known).length;
    if (count > 0)
      say(`${count} cases of an earlier run are taken from ${this.file}; delete it to start anew`);
  }

  once<T>(name: string, make: () => T): T {
    if (!(name in this.known)) {
      this.known[name] = make();
      writeFileSync(
        this.file,
        JSON.stringify(this.known, (_, value) => (value === Infinity ? 'never' : value)),
      );
    }
    return JSON.parse(
      JSON.stringify(this.known[name], (_, value) => (value === Infinity ? 'never' : value)),
      (_, value) => (value === 'never' ? Infinity : value),
    ) as T;
  }

  done(): void {
    rmSync(this.file, { force: true });
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const url = new URL(folder, import.meta.url);
    const names = readdirSync(url).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
    for (const name of names.toSorted()) hash.update(readFileSync(new URL(name, url)));
  }
  return hash.digest('hex').slice(0, 12);
}

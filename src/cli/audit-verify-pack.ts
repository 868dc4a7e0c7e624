import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packVerifier } from '../ledger/evidence-pack.js';
import { isTar, untar } from '../ledger/untar.js';
import type { Answer } from './answer.js';
import { CliError } from './exit.js';

/** What an auditor brings to a pack: as `verify.mjs` of it takes them. */
interface PackOptions {
  readonly trustedKey?: string;
  readonly kept?: string;
  readonly witness?: readonly string[];
  readonly quorum?: number;
}

/** Whether a path is an evidence pack, packed or unpacked, rather than an export. */
export async function isPack(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found !== null && (found.isDirectory() || (found.isFile() && (await isTar(path))));
}

/** Checks an evidence pack with this program's verifier, not with the one that lies in it. Throws CliError where it cannot be checked. */
export async function verifyPack(path: string, options: PackOptions): Promise<Answer> {
  const own = await mkdtemp(join(tmpdir(), 'tidewatch-pack-'));
  try {
    const program = join(own, 'verify.mjs');
    await writeFile(program, await packVerifier());
    const isFolder = (await stat(path)).isDirectory();
    const folder = isFolder ? path : join(own, 'pack');
    if (!isFolder) await untar(path, folder);
    return answerOf(await ran([program, folder, ...flagsOf(options)]));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

function flagsOf({ trustedKey, kept, witness, quorum }: PackOptions): readonly string[] {
  return [
    ...(trustedKey === undefined ? [] : ['--trusted-key', trustedKey]),
    ...(kept === undefined ? [] : ['--kept', kept]),
    ...(witness === undefined ? [] : ['--witness', witness.join(',')]),
    ...(quorum === undefined ? [] : ['--quorum', String(quorum)]),
  ];
}

interface Ran {
  readonly code: number;
  readonly lines: readonly string[];
}

async function ran(line: readonly string[]): Promise<Ran> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [...line], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) => {
      const code = error === null ? 0 : Number(error.code);
      const lines = stdout.split('\n').filter((text) => text !== '');
      if (Number.isInteger(code) && lines.length > 0) resolve({ code, lines });
      else reject(error ?? new Error('the verifier of packs said nothing'));
    });
  });
}

const OUTCOMES = ['intact', 'broken', 'unusable', 'incomplete'] as const;
const UNUSABLE = 2;

function answerOf({ code, lines }: Ran): Answer {
  if (code === UNUSABLE) throw new CliError(lines.join('; '), 'bad_usage');
  const valid = code === 0;
  return { ok: valid, ...(valid ? {} : { exitCode: code }), lines, json: { valid, outcome: OUTCOMES[code] ?? 'broken', lines } };
} // prettier-ignore

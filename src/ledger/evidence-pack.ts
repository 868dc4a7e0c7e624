import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tarOf, type TarFile } from './tar.js';

/** A file of a pack and what is in it. */
export interface PackPart {
  readonly name: string;
  readonly pieces: AsyncIterable<string> | Iterable<string>;
}

export interface PackOrder {
  readonly parts: readonly PackPart[];
  /** Signs a text as a C2SP note. */
  readonly sign: (text: string) => string;
  /** What is in the pack, in the words of its manifest. */
  readonly about: { readonly [name: string]: string | number };
  readonly now: Date;
}

interface Listed extends TarFile {
  readonly sha256: string;
}

const VERIFIER = 'verify.mjs';
const MANIFEST = 'manifest.json';
/** First line of the note that signs for a manifest. */
export const PACK_NOTE = 'tidewatch evidence pack';

const README = `This is an evidence pack of a Tidewatch ledger.

It is checked without account, network and database, by a machine with Node.js 18 or newer:

    node verify.mjs

Exit code 0: everything in it is what was signed. 1: something is not, and is named. 3: something is missing, so that nothing is proven.
Get the key (ledger-key.pub) from somebody else than who gave you the pack, and a checkpoint that you kept from before:

    node verify.mjs --trusted-key FILE --kept FILE

manifest.json      every file with its SHA-256; manifest.sig signs for it
proofs.ndjson      further entries, each with its own proof: what was in force before, and of a pack about one model all of its entries but the first
ledger.ndjson      the entries with the signed checkpoint that covers them, and proofs where entries are left out (RFC 6962)
checkpoints.ndjson the checkpoints that were published, each with its time
policies/          the text of every policy that was in force, by the hash that verdicts name
baselines/         the references that windows were held against, by the fingerprint that verdicts name
verify.mjs         the verifier: one file that needs nothing else; read it, or have it read
`;

/** Writes the parts with a signed manifest and a verifier, and gives them as a tar archive; what it wrote is gone afterwards. */
export async function* evidencePack({ parts, sign, about, now }: PackOrder): AsyncGenerator<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-pack-'));
  try {
    const files: Listed[] = [];
    const own: readonly PackPart[] = [
      { name: 'README.txt', pieces: [README] },
      { name: VERIFIER, pieces: [await packVerifier()] },
    ];
    for (const part of [...own, ...parts]) files.push(await written(folder, part));
    const listed = files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
    const head = { format: 'tidewatch-evidence-pack', v: 1, madeAt: now.toISOString(), ...about };
    const manifest = `${JSON.stringify({ ...head, files: listed }, null, 2)}\n`;
    const hash = createHash('sha256').update(manifest).digest('hex');
    const signature = sign(`${PACK_NOTE}\n${hash}\n`);
    const signed = [
      await written(folder, { name: MANIFEST, pieces: [manifest] }),
      await written(folder, { name: 'manifest.sig', pieces: [signature] }),
    ];
    yield* tarOf([...signed, ...files], now);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function written(folder: string, { name, pieces }: PackPart): Promise<Listed> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'w');
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += Buffer.byteLength(piece);
      await file.writeFile(piece);
    }
  } finally {
    await file.close();
  }
  return { name, path, bytes, sha256: hash.digest('hex') };
}

/** The verifier as one file: what its sources import of each other stands in it, and is imported from nowhere. */
export async function packVerifier(): Promise<string> {
  const [notes, main] = await Promise.all(
    ['./pack-notes.mjs', './pack-verifier.mjs'].map(async (name) =>
      readFile(fileURLToPath(new URL(name, import.meta.url)), 'utf8'),
    ),
  );
  const [head = '', ...body] = (main ?? '').split(/^import \{[^}]*\} from '\.\/pack-notes\.mjs';\n/mu);
  const own = (notes ?? '')
    .replace(/^export \{[^}]*\};\n/mu, '')
    .replace("import { existsSync, readFileSync } from 'node:fs';\n", '');
  return [head, own, ...body].join('');
}

import { Command } from 'commander';
import type { EntryProof } from '../ledger/prove-entry.js';
import { answering, type Answer } from './answer.js';
import { countArgument, onData, type DataOptions } from './arguments.js';
import { withApi } from './connect.js';

interface Proof extends EntryProof {
  readonly checkpoint: { readonly note: string } | null;
}

const DOCUMENT = `query ($seq: Int!, $size: Int) {
  auditProof(seq: $seq, size: $size) { seq entry hash path size root checkpoint { size root note verifierKey publishedAt } } }`;

/** `tidewatch audit proof`: that one entry stands in the signed log, with everything it takes to check it by hand. */
export function auditProofCommand(): Command {
  const proof = new Command('proof')
    .description('prove that an entry stands in the signed log (RFC 6962), with the checkpoint that says so')
    .argument('<seq>', 'place of the entry', countArgument)
    .option('--size <entries>', 'in the log of this many entries; else the newest signed one', countArgument);
  return onData(proof, 'audit proof 4711 --json').action(
    answering(async (seq: number, { size, ...options }: DataOptions & { readonly size?: number }) =>
      withApi(options, { data: true }, async (api) => {
        const { auditProof } = await api.query<{ auditProof: Proof }>(DOCUMENT, { seq, size: size ?? null });
        return { ok: true, lines: linesOf(auditProof), json: auditProof };
      }),
    ),
  );
}

function linesOf({ seq, entry, hash, path, size, root, checkpoint }: Proof): Answer['lines'] {
  return [
    entry,
    `leaf hash ${hash} (SHA-256 of a zero byte and the line above)`,
    ...path.map((step, i) => `path ${i + 1}: ${step}`),
    `entry ${seq} of ${size}; root ${root}`,
    ...(checkpoint === null
      ? [`no checkpoint was published for exactly ${size} entries`]
      : [checkpoint.note.trimEnd()]),
  ];
}

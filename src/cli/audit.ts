import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { BadCheckpoint, isVerifierKey } from '../ledger/checkpoint.js';
import { keptNotes } from '../ledger/kept-checkpoints.js';
import { verifyExportFile } from '../ledger/export-file.js';
import type { ExportVerification } from '../ledger/verify-export.js';
import { spanText } from '../domain/wording.js';
import { answering, type Answer } from './answer.js';
import { countArgument, instantArgument, onData, type DataOptions } from './arguments.js';
import { exportAudit, type ExportOptions } from './audit-export.js';
import { auditStore } from './audit-store.js';
import { auditPackCommand } from './audit-pack.js';
import { auditProofCommand } from './audit-proof.js';
import { auditRecomputeCommand } from './audit-recompute.js';
import { auditRefusalsCommand } from './audit-refusals.js';
import { withApi, withStore } from './connect.js';
import { CliError } from './exit.js';
import { configOf, locate } from './locate.js';
import { writeWhole } from './write-whole.js';

/** Exit code of evidence that cannot be judged because a part of it is not there: neither proven nor refuted. */
const INCOMPLETE = 3;

interface VerifyOptions extends DataOptions {
  readonly trustedKey?: string;
  readonly kept?: string;
}

interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  readonly root: string;
  readonly problem: string | null;
}

interface Checkpoint {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
}

/** `tidewatch audit`: what an auditor asks of the ledger. */
export function auditCommand(): Command {
  const verify = new Command('verify')
    .description('recompute the whole ledger, or check an export without store and network')
    .argument('[file]', 'an export; without it the ledger in the store')
    .option(
      '--trusted-key <key>',
      "the log's verifier key or a file of it, obtained from elsewhere than the export",
    )
    .option(
      '--kept <file>',
      'checkpoints kept from earlier times (a signed note, or the file that TIDEWATCH_CHECKPOINT_SINK names): the log must still begin with each',
    );
  const exporting = new Command('export')
    .description('write entries with their proofs, to be checked anywhere (NDJSON)')
    .option(
      '--since <when>',
      'entries recorded at or after: an instant, or a time ago such as 30d',
      instantArgument,
    )
    .option('--until <when>', 'entries recorded before', instantArgument)
    .option('--first <seq>', 'from this entry on', countArgument)
    .option('--last <seq>', 'up to this entry', countArgument)
    .option(
      '--older <entries>',
      'prove that the log begins with a kept checkpoint of this many entries',
      countArgument,
    )
    .option('--out <file>', 'where to (default: standard output)');
  const checkpoint = new Command('checkpoint')
    .description('sign the ledger as it is now; keep the note where nobody can change it')
    .option('--out <file>', 'where to (default: standard output)');
  return new Command('audit')
    .description('the ledger: verify, export, sign, prove entries, judge again, pack as evidence')
    .addCommand(auditProofCommand())
    .addCommand(auditRefusalsCommand())
    .addCommand(auditRecomputeCommand())
    .addCommand(auditPackCommand())
    .addCommand(
      onData(
        verify,
        'audit verify',
        'audit verify ledger.ndjson --trusted-key ledger.pub',
        'audit verify --data .tidewatch --kept kept.ndjson',
      ).action(
        answering(async (file: string | undefined, options: VerifyOptions) =>
          file === undefined ? verifyStore(options) : verifyFile(file, options),
        ),
      ),
    )
    .addCommand(
      onData(exporting, 'audit export --since 30d --out ledger.ndjson').action(
        answering(async (options: ExportOptions) => exportAudit(options)),
      ),
    )
    .addCommand(
      onData(checkpoint, 'audit checkpoint --out 2026-11-21.checkpoint').action(
        answering(async (options: DataOptions & { out?: string }) => signCheckpoint(options)),
      ),
    );
}

async function verifyStore(options: VerifyOptions): Promise<Answer> {
  const { kept, trustedKey } = options;
  const config = configOf(options);
  const place = await locate(config, options, true);
  if (place.kind === 'service' && (kept !== undefined || trustedKey !== undefined))
    throw new CliError(`the service at ${place.url} holds the ledger: write an export (tidewatch audit export) and name its file here with --kept and --trusted-key`, 'bad_usage');
  if (place.kind === 'service')
    return withApi(options, { data: true }, async (api) => {
      const { auditVerification: found, auditCheckpoint: signed } = await api.query<{
        auditVerification: Verification;
        auditCheckpoint: { readonly size: number } | null;
      }>('{ auditVerification { valid entries root problem } auditCheckpoint { size } }');
      return storeAnswer(found, signed?.size ?? null);
    });
  const brought = await broughtBy(options);
  return withStore(config, async (database) => {
    const { signed, isAuthenticated, held, unheld, ...found } = await auditStore(database, config, brought);
    const answer = storeAnswer(found, signed);
    const limits = [
      ...(isAuthenticated ? [] : ['who wrote the entries, because there is no key of the ledger here']),
      ...(unheld > 0 ? [`${unheld} of the kept checkpoints: the key did not sign them`] : []),
    ];
    const continued = held > 0 && found.valid ? [`it goes on from ${held === 1 ? 'the checkpoint' : `the ${held} checkpoints`} you kept`] : [];
    return { ...answer, lines: [...(answer.lines ?? []), ...continued, ...limits.map((limit) => `not checked: ${limit}`)] };
  });
} // prettier-ignore

/** What an auditor brings along, read. */
async function broughtBy({
  kept,
  trustedKey,
}: VerifyOptions): Promise<{ readonly kept?: readonly string[]; readonly trustedKey?: string }> {
  return {
    ...(trustedKey === undefined ? {} : { trustedKey: await verifierKeyOf(trustedKey) }),
    ...(kept === undefined ? {} : { kept: await notesIn(kept) }),
  };
}

function storeAnswer(found: Verification, signed: number | null): Answer {
  const { valid, entries, root, problem } = found;
  const covered = signed === null ? 'no checkpoint was signed yet' : `${signed} of them are signed for`;
  const lines = valid
    ? [`the ledger is intact: ${entries} entries, ${covered}`, `root ${root}`]
    : [`the ledger is NOT intact: ${problem ?? ''}`, `${entries} entries read, ${covered}`];
  return { ok: valid, lines, json: { valid, entries, root, signed, problem } };
}

async function verifyFile(file: string, options: VerifyOptions): Promise<Answer> {
  const { trustedKey, ...kept } = await broughtBy(options);
  const found = await verifyExportFile(file, { ...kept, ...(trustedKey === undefined ? {} : { verifierKey: trustedKey }) }); // prettier-ignore
  const { valid, outcome, limits, notes } = found;
  return {
    ok: valid,
    ...(outcome === 'incomplete' ? { exitCode: INCOMPLETE } : {}),
    lines: [
      verdictOf(found),
      ...periodOf(found, new Date()),
      ...notes.map((note) => `note: ${note}`),
      ...limits.map((limit) => `not checked: ${limit}`),
    ],
    json: found,
  };
}

/** A verifier key is told from a file's name by its form: two plus signs around a key id. */
async function verifierKeyOf(given: string): Promise<string> {
  if (isVerifierKey(given)) return given;
  const key = await readFile(given, 'utf8').then(
    (text) => text.trim(),
    () => {
      throw new CliError(
        `${given} is neither a verifier key (one line, name+keyid+key) nor a file of one`,
        'bad_verifier_key',
      );
    },
  );
  if (isVerifierKey(key)) return key;
  throw new CliError(`${given} is no verifier key: it is one line, name+keyid+key`, 'bad_verifier_key');
}

async function notesIn(file: string): Promise<readonly string[]> {
  const text = await readFile(file, 'utf8');
  try {
    return keptNotes(text);
  } catch (error) {
    if (!(error instanceof BadCheckpoint)) throw error;
    throw new CliError(`${file} ${error.message}`, error.code);
  }
}

function verdictOf({ outcome, entries, head, problem }: ExportVerification): string {
  switch (outcome) {
    case 'intact':
      return `the export is intact: ${entries} entries, proven against a signed log of ${head?.size ?? 0}`;
    case 'incomplete':
      return `the export is INCOMPLETE, so nothing is proven: ${problem ?? ''}`;
    case 'broken':
      return `the export is NOT intact: ${problem ?? ''}`;
  }
}

/** How old evidence is, is part of what it says. */
function periodOf({ recordedFrom, recordedUntil }: ExportVerification, now: Date): readonly string[] {
  if (recordedFrom === null || recordedUntil === null) return [];
  const age = spanText(Math.max(0, now.getTime() - Date.parse(recordedUntil)));
  return [`recorded from ${recordedFrom} to ${recordedUntil}; the newest entry is ${age} old`];
}

async function signCheckpoint(options: DataOptions & { out?: string }): Promise<Answer> {
  const document = `mutation { auditCheckpointSign { checkpoint { size root note verifierKey } userErrors { field message code } } }`;
  return withApi(options, { data: true }, async (api) => {
    const { checkpoint } = await api.mutate<{ checkpoint: Checkpoint; userErrors: [] }>(
      'auditCheckpointSign',
      document,
    );
    if (options.out === undefined) return { ok: true, lines: [checkpoint.note.trimEnd()], json: checkpoint };
    await writeWhole(options.out, [checkpoint.note]);
    const lines = [
      `${checkpoint.size} entries signed for in ${options.out}`,
      `verifier key ${checkpoint.verifierKey}`,
    ];
    return { ok: true, lines, json: { ...checkpoint, file: options.out } };
  });
}

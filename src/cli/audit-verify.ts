import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { BadCheckpoint, isVerifierKey } from '../ledger/checkpoint.js';
import { WITNESS_KEY } from '../ledger/cosignature.js';
import { verifyExportFile } from '../ledger/export-file.js';
import { keptNotes } from '../ledger/kept-checkpoints.js';
import { changesLines, countOfChanges, type ChangesCount } from '../ledger/recorded-changes.js';
import type { RefusedRow } from '../ledger/refusals.js';
import type { ExportVerification } from '../ledger/verify-export.js';
import { unwitnessedText, type Witnessed } from '../ledger/witnessed.js';
import { spanText } from '../domain/wording.js';
import { answering, type Answer } from './answer.js';
import { countArgument, listArgument, onData, type DataOptions } from './arguments.js';
import { auditStore } from './audit-store.js';
import { isPack, verifyPack } from './audit-verify-pack.js';
import { withApi, withStore } from './connect.js';
import { CliError } from './exit.js';
import { configOf, locate } from './locate.js';

/** Exit code of evidence that cannot be judged because a part of it is not there: neither proven nor refuted. */
const INCOMPLETE = 3;

interface VerifyOptions extends DataOptions {
  readonly trustedKey?: string;
  readonly kept?: string;
  readonly witness?: readonly string[];
  readonly quorum?: number;
}

interface Verification {
  readonly valid: boolean;
  readonly entries: number;
  readonly root: string;
  readonly problem: string | null;
}

/** `tidewatch audit verify`: whether the ledger, or an export of it, is what was signed. */
export function auditVerifyCommand(): Command {
  const verify = new Command('verify')
    .description(
      'recompute the whole ledger, or check an export or an evidence pack without store and network',
    )
    .argument(
      '[file]',
      'an export, or an evidence pack (a tar file or its folder); without it the ledger in the store',
    )
    .option(
      '--trusted-key <key>',
      "the log's verifier key or a file of it, obtained from elsewhere than the export",
    )
    .option(
      '--kept <file>',
      'checkpoints kept from earlier times (a signed note, or the file that TIDEWATCH_CHECKPOINT_SINK names): the log must still begin with each',
    )
    .option(
      '--witness <key>',
      'keys of witnesses, with commas, or files of one key a line: the log, or a kept checkpoint, must be cosigned by them',
      listArgument,
    )
    .option('--quorum <count>', 'how many of them; left out: all', countArgument);
  return onData(
    verify,
    'audit verify',
    'audit verify ledger.ndjson --trusted-key ledger.pub',
    'audit verify pack.tar --kept kept.ndjson',
    'audit verify --data .tidewatch --kept kept.ndjson',
  ).action(
    answering(async (file: string | undefined, options: VerifyOptions) =>
      file === undefined
        ? verifyStore(options)
        : (await isPack(file))
          ? verifyPack(file, options)
          : verifyFile(file, options),
    ),
  );
}

/** The ledger of a running service or of the store, as `tidewatch audit verify` answers without a file. Throws CliError. */
export async function verifyStore(options: VerifyOptions): Promise<Answer> {
  const { kept, trustedKey } = options;
  const config = configOf(options);
  const place = await locate(config, options, true);
  if (place.kind === 'service' && (kept !== undefined || trustedKey !== undefined || options.witness !== undefined))
    throw new CliError(`the service at ${place.url} holds the ledger: write an export (tidewatch audit export) and name its file here with --kept, --witness and --trusted-key`, 'bad_usage');
  if (place.kind === 'service')
    return withApi(options, { data: true }, async (api) => {
      const { auditVerification: found, auditCheckpoint: signed, auditRefusals, auditChanges } = await api.query<{
        auditVerification: Verification;
        auditCheckpoint: { readonly size: number } | null;
        auditRefusals: readonly RefusedRow[];
        auditChanges: readonly { readonly isReviewed: boolean }[];
      }>('{ auditVerification { valid entries root problem } auditCheckpoint { size } auditRefusals { seq hash action actorId subjectId isReviewed } auditChanges(includeReviewed: true) { isReviewed } }');
      return withChanges(withRefused(storeAnswer(found, signed?.size ?? null), auditRefusals), countOfChanges(auditChanges));
    });
  const brought = await broughtBy(options);
  return withStore(config, async (database) => {
    const { signed, isAuthenticated, held, unheld, witnessed, repeated, refused, ...found } = await auditStore(database, config, brought);
    const answer = withChanges(withRefused(storeAnswer(found, signed), refused), found.changes);
    const { witnesses } = brought;
    if (witnesses && found.valid && !witnessed)
      return { ok: false, exitCode: INCOMPLETE, lines: [`INCOMPLETE, so nothing is proven: ${unwitnessedText(witnesses)}`], json: { ...found, witnessed } };
    const limits = [
      ...(isAuthenticated ? [] : ['who wrote the entries, because there is no key of the ledger here']),
      ...(unheld > 0 ? [`${unheld} of the kept checkpoints: the key did not sign them`] : []),
    ];
    const copies = repeated.map(({ seq, rows }) => `note: entry ${seq} is duplicated in the store: ${rows} rows of the same bytes, of which one counts`);
    const continued = held > 0 && found.valid ? [`it goes on from ${held === 1 ? 'the checkpoint' : `the ${held} checkpoints`} you kept`] : [];
    return { ...answer, json: { ...(answer.json as object), repeated }, lines: [...(answer.lines ?? []), ...continued, ...copies, ...witnessLines(witnessed), ...limits.map((limit) => `not checked: ${limit}`)] };
  });
} // prettier-ignore

type Brought = NonNullable<Parameters<typeof auditStore>[2]>;

/** What an auditor brings along, read. */
async function broughtBy({ kept, trustedKey, witness, quorum }: VerifyOptions): Promise<Brought> {
  const keys = witness === undefined ? [] : await witnessKeysOf(witness);
  if (quorum !== undefined && (quorum < 1 || quorum > keys.length))
    throw new CliError(`--quorum: 1 to ${keys.length}, as many as --witness names`, 'bad_usage');
  return {
    ...(keys.length === 0 ? {} : { witnesses: { keys, quorum: quorum ?? keys.length } }),
    ...(trustedKey === undefined ? {} : { trustedKey: await verifierKeyOf(trustedKey) }),
    ...(kept === undefined ? {} : { kept: await notesIn(kept) }),
  };
}

/** How many of them are named. */
const NAMED = 5;

/** Rows that somebody else wrote are no break of the log: they stand in it and count for nothing. Who verifies it hears of them, and is answered with an error until somebody looked into them. */
function withRefused(answer: Answer, refused: readonly RefusedRow[]): Answer {
  const json = { ...(answer.json as object), refused };
  if (refused.length === 0) return { ...answer, json };
  const open = refused.filter(({ isReviewed }) => !isReviewed);
  const named = (open.length > 0 ? open : refused).slice(0, NAMED).map(({ seq, action, actorId }) => `entry ${seq} (${action}, in the name of ${actorId})`);
  const which = `${named.join(', ')}${(open.length > 0 ? open : refused).length > NAMED ? ', …' : ''}`;
  const count = (rows: readonly RefusedRow[]) => `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  const lines = (answer.lines ?? []).map((line) => line.replace(/^the ledger is intact: /u, 'what this service wrote of the ledger is intact: '));
  const text = open.length > 0
    ? `${count(open)} of it somebody else wrote into the database: ${which}. The service obeys none of them; tidewatch audit refusals lists them, and says how to record what was found out`
    : `note: ${count(refused)} of it somebody else wrote into the database, which was looked into: ${which}`;
  return { ...answer, ok: answer.ok && open.length === 0, lines: [...lines, text], json };
} // prettier-ignore

/** Judged windows that were changed in the store are no break of the log either, which says that they were. */
function withChanges(answer: Answer, changes: ChangesCount): Answer {
  const lines = changesLines(changes).map((line) => `note: ${line}`);
  return { ...answer, lines: [...(answer.lines ?? []), ...lines], json: { ...(answer.json as object), changes } };
} // prettier-ignore

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
      ...witnessLines(found.witnessed),
      ...notes.map((note) => `note: ${note}`),
      ...limits.map((limit) => `not checked: ${limit}`),
    ],
    json: found,
  };
}

/** Keys of witnesses: as they are, or of files with one a line. */
async function witnessKeysOf(given: readonly string[]): Promise<readonly string[]> {
  const read = await Promise.all(
    given.map(async (one) => {
      if (isVerifierKey(one, WITNESS_KEY)) return [one];
      const text = await readFile(one, 'utf8').catch(() => '');
      return text.split('\n').map((line) => line.trim()).filter(Boolean);
    }),
  );
  const keys = read.flat();
  if (keys.length > 0 && keys.every((key) => isVerifierKey(key, WITNESS_KEY))) return keys;
  throw new CliError('--witness: a key is one line, name+keyid+key, made for cosignatures (kind 4); or a file of such lines', 'bad_verifier_key');
} // prettier-ignore

function witnessLines(witnessed: Witnessed | null | undefined): readonly string[] {
  if (!witnessed) return [];
  const by = witnessed.by.map(({ witness, at }) => `${witness} (${at.toISOString()})`).join(', ');
  return [`the first ${witnessed.entries} entries were seen by ${by}`];
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

/** How old evidence is, is part of what it says; of what is not intact, as far as a signature covers it. */
function periodOf(
  { valid, entries, recordedFrom, recordedUntil }: ExportVerification,
  now: Date,
): readonly string[] {
  if (recordedFrom === null || recordedUntil === null)
    return valid || entries === 0 ? [] : ['no signature was found to cover any of its entries: when they were recorded is not known']; // prettier-ignore
  const age = spanText(Math.max(0, now.getTime() - Date.parse(recordedUntil)));
  if (valid) return [`recorded from ${recordedFrom} to ${recordedUntil}; the newest entry is ${age} old`];
  return [`what a signature covers was recorded from ${recordedFrom} to ${recordedUntil}; the newest of it is ${age} old`]; // prettier-ignore
}

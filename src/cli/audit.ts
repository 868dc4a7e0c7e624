import { Command } from 'commander';
import { answering, type Answer } from './answer.js';
import { countArgument, instantArgument, onData, type DataOptions } from './arguments.js';
import { exportAudit, type ExportOptions } from './audit-export.js';
import { auditListCommand } from './audit-list.js';
import { auditPackCommand } from './audit-pack.js';
import { auditProofCommand } from './audit-proof.js';
import { auditRecomputeCommand } from './audit-recompute.js';
import { auditChangesCommand } from './audit-changes.js';
import { auditRefusalsCommand } from './audit-refusals.js';
import { auditVerifyCommand } from './audit-verify.js';
import { withApi } from './connect.js';
import { writeWhole } from './write-whole.js';

interface Checkpoint {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
}

/** `tidewatch audit`: what an auditor asks of the ledger. */
export function auditCommand(): Command {
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
    .description('the ledger: list, verify, export, sign, prove entries, judge again, pack as evidence')
    .addCommand(auditListCommand())
    .addCommand(auditProofCommand())
    .addCommand(auditRefusalsCommand())
    .addCommand(auditChangesCommand())
    .addCommand(auditRecomputeCommand())
    .addCommand(auditPackCommand())
    .addCommand(auditVerifyCommand())
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

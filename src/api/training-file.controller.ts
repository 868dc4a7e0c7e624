import { stat } from 'node:fs/promises';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { canonicalJson } from '../ledger/canonical-json.js';
import { TrainingFiles } from '../pipeline/training-files.js';
import { Erasures } from '../records/erasures.js';
import type { RecordedManifest } from '../retraining/manifest.js';
import { Retrainings } from '../retraining/retrainings.js';
import { refusal } from './refusal.js';
import { RunAccess } from './run-access.js';

const AS_IT_IS = { etag: false, cacheControl: false, lastModified: false, dotfiles: 'allow' } as const;

/** What a training run learns from, for its job (by the token of the run) and for keys that may read. */
@Controller('v1/retrainings')
export class TrainingFileController {
  constructor(
    private readonly access: RunAccess,
    private readonly retrainings: Retrainings,
    private readonly files: TrainingFiles,
    private readonly erasures: Erasures,
  ) {}

  /** The manifest as it was recorded: SHA-256 of this very text is the digest in the request and the ledger. */
  @Get(':id/manifest')
  async manifest(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { manifest, digest } = await this.recorded(id, request);
    response.status(200).setHeader('content-type', 'application/json');
    response.setHeader('etag', `"${digest}"`);
    response.end(canonicalJson(manifest));
  }

  /** A file that the manifest names. `Range` resumes a download; `ETag` is the file's SHA-256, so `If-Range` never mixes two files. */
  @Get(':id/files/:name')
  async file(
    @Param('id') id: string,
    @Param('name') name: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { manifest } = await this.recorded(id, request);
    const file = manifest.files.find((one) => one.name === name);
    const known = manifest.files.map((one) => one.name).join(', ') || 'none';
    if (!file) throw refusal(404, 'no_such_file', `the manifest names no file "${name}"; it names: ${known}`);
    const path = this.files.pathOf(id, name);
    const size =
      path === null
        ? null
        : await stat(path)
            .then((found) => found.size)
            .catch(() => null);
    if (path === null || size !== file.bytes) {
      const why = this.erasures.touched(id)
        ? 'a person was erased whose rows this file held: ask for another run'
        : 'the file is not on this machine any more: files are kept for keepFiles after the run ended';
      throw refusal(410, 'file_removed', why);
    }
    response.setHeader('etag', `"${file.sha256}"`);
    response.setHeader(
      'content-type',
      file.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/vnd.apache.parquet',
    );
    response.attachment(name);
    await sendFile(response, path, file.bytes);
  }

  private async recorded(id: string, request: Request): Promise<RecordedManifest> {
    const run = this.retrainings.find(id);
    await this.access.admit(id, run, request);
    const found = this.retrainings.manifestOf(id);
    if (found) return found;
    if (!run) throw refusal(404, 'retraining_not_found', `there is no training run ${id}`);
    throw refusal(
      404,
      'manifest_not_made',
      `run ${id} is ${run.state}: its manifest is made when it is sent`,
    );
  }
}

/** Sends a file, or what `Range` asks for of it. Throws a refusal where nothing of it was sent. */
async function sendFile(response: Response, path: string, bytes: number): Promise<void> {
  const failure = await new Promise<unknown>((resolve) => response.sendFile(path, AS_IT_IS, resolve));
  // Who leaves half-way asks for the rest later; nobody is there to be told.
  if (!failure || response.headersSent) return;
  for (const header of ['etag', 'content-type', 'content-disposition']) response.removeHeader(header);
  const { status = 500 } = failure as { readonly status?: number };
  if (status !== 416) throw failure;
  response.setHeader('content-range', `bytes */${bytes}`);
  throw refusal(416, 'range_not_satisfiable', `the file has ${bytes} bytes: there is nothing in that range`);
}

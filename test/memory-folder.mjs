import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';

/** Where Linux keeps files in memory. */
const SHARED_MEMORY = '/dev/shm';
/** What a run leaves there at most, and then the processes under test need as much again. */
const FILES_BYTES = 4 * 2 ** 30;
const PROCESS_BYTES = 4 * 2 ** 30;

/**
 * A new folder in memory for the temporary files of a run of the tests, or null where there is no room for it or nothing can be run from it (the
 * browser is unpacked there). Stores are on disk when a statement returns; on a disk that is most of what a small statement takes. Nothing that
 * is tested loses power: what a killed process wrote is there on either.
 */
export function memoryFolder() {
  if (process.env.TMPDIR || !existsSync(SHARED_MEMORY)) return null;
  const { bavail, bsize } = statfsSync(SHARED_MEMORY);
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(freemem(), limit) : freemem();
  if (bavail * bsize < FILES_BYTES || memory < FILES_BYTES + PROCESS_BYTES) return null;
  const folder = mkdtempSync(join(SHARED_MEMORY, 'tidewatch-tests-'));
  if (canRun(folder)) return folder;
  rmSync(folder, { recursive: true, force: true });
  return null;
}

function canRun(folder) {
  const probe = join(folder, 'probe');
  writeFileSync(probe, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
  const { status } = spawnSync(probe);
  rmSync(probe);
  return status === 0;
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMESPACE = ['--user', '--map-root-user', '--mount'];
const PIECE = Buffer.alloc(1 << 20);

/** Why no small disk can be made here, or null. */
export function smallDiskUnavailable(): string | null {
  const tried = spawnSync('unshare', [
    ...NAMESPACE,
    'mount',
    '-t',
    'tmpfs',
    '-o',
    'size=1m',
    'tmpfs',
    tmpdir(),
  ]);
  const tools = spawnSync('nsenter', ['--version']);
  if (tried.status === 0 && tools.status === 0) return null;
  return 'needs Linux with user namespaces, unshare and nsenter to make a disk of its own';
}

/** A file system of a few megabytes that only processes started with `launcher` see; no rights are needed for it. */
export class SmallDisk {
  private constructor(
    readonly directory: string,
    private readonly holder: ChildProcess,
  ) {}

  static async open(megabytes: number): Promise<SmallDisk> {
    const directory = mkdtempSync(join(tmpdir(), 'tidewatch-disk-'));
    const script = `mount -t tmpfs -o size=${megabytes}m tmpfs "$0" && echo ready && exec sleep 86400`;
    const holder = spawn('unshare', [...NAMESPACE, 'sh', '-c', script, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit').then(() =>
      Promise.reject(new Error('the small disk was not mounted')),
    );
    await Promise.race([once(holder.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    return new SmallDisk(directory, holder);
  }

  /** Runs a program where the disk is. */
  launcher(program: string): { readonly execPath: string; readonly execArgv: readonly string[] } {
    const inside = ['--target', String(this.holder.pid), '--user', '--mount', '--preserve-credentials'];
    return { execPath: 'nsenter', execArgv: [...inside, program] };
  }

  /** Takes every byte that is left but `leave`. */
  fill(leave = 0): void {
    this.takeAll();
    if (leave > 0) truncateSync(this.ballast, Math.max(0, statSync(this.ballast).size - leave));
  }

  private takeAll(): void {
    const file = openSync(this.ballast, 'a');
    try {
      for (let size = PIECE.length; size >= 1;)
        try {
          if (writeSync(file, PIECE, 0, size) < size) size = Math.floor(size / 2);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        }
    } finally {
      closeSync(file);
    }
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.outside);
    return bavail * bsize;
  }

  free(): void {
    rmSync(this.ballast, { force: true });
  }

  copyTo(directory: string): void {
    cpSync(this.outside, directory, { recursive: true });
  }

  async close(): Promise<void> {
    const gone = once(this.holder, 'exit');
    this.holder.kill('SIGKILL');
    await gone;
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The disk's own directory as this process reaches it. */
  private get outside(): string {
    return `/proc/${this.holder.pid}/root${this.directory}`;
  }

  private get ballast(): string {
    return join(this.outside, 'ballast');
  }
}

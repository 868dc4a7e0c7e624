import { writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';

const MIB = 1024 * 1024;

/**
 * Configuration of the embedded engine: memory caps (by default it takes 0.9 of the machine and 5 GiB of mark cache) and
 * inserts that are on disk when they return, and that stop before the disk is full. The latter are table defaults, which only a configuration file can set.
 */
export function engineArguments(directory: string): readonly string[] {
  const config = join(directory, 'tidewatch-engine.xml');
  writeFileSync(config, CONFIG);
  return [
    `--config-file=${config}`,
    `--max_server_memory_usage=${memoryCap()}`,
    `--mark_cache_size=${128 * MIB}`,
    '--uncompressed_cache_size=0',
  ];
}

/** Bytes one statement may take: half of the engine's cap. */
export function statementMemory(): number {
  return Math.floor(memoryCap() / 2);
}

/** Half of what this process may have: the other half is for Node and the page cache. */
function memoryCap(): number {
  return Math.floor(memoryLimit(totalmem(), process.constrainedMemory()) / 2);
}

/** The smaller of the machine and the limit of the container (cgroup); 0 or an absurdly large limit means that there is none. */
export function memoryLimit(machine: number, constrained: number): number {
  return constrained > 0 ? Math.min(machine, constrained) : machine;
}

/**
 * Room that inserts leave free on the disk: a merge under way needs it to end. The engine puts a merged part in force whose index it could not
 * write to the end, and sets that part aside at its next start (`npm run test:chaos`).
 */
const KEPT_FREE_BYTES = 128 * MIB;

const CONFIG = `<clickhouse>
  <merge_tree>
    <min_free_disk_bytes_to_perform_insert>${KEPT_FREE_BYTES}</min_free_disk_bytes_to_perform_insert>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
  </merge_tree>
</clickhouse>
`;

import { spawnSync } from 'node:child_process';

/** One line a peer: its version where Python has it here, otherwise that it has not been compared. */
export function installedPeers(): string[] {
  return ['evidently', 'nannyml', 'river', 'scouter'].map((name) => {
    const found = spawnSync(
      'python3',
      ['-c', `from importlib.metadata import version; print(version("${name}"))`],
      {
        encoding: 'utf8',
      },
    );
    return found.status === 0
      ? `${name} ${found.stdout.trim()} is installed: npm run test:oracle compares with it.`
      : `${name} is not installed here: not compared.`;
  });
}

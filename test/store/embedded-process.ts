// A process that owns an embedded database, for tests of what happens between processes. Arguments: directory, action.
import { ChdbDatabase } from '../../src/store/chdb.database.js';
import { Log } from '../../src/telemetry/log.js';

const [path = '', action = ''] = process.argv.slice(2);

async function insertOnce(): Promise<void> {
  const database = await ChdbDatabase.open({ path, log: Log.silent() });
  await database.command(
    'CREATE TABLE IF NOT EXISTS lines (x UInt32, text String) ENGINE = MergeTree ORDER BY x',
  );
  await database.insert('lines', [{ x: 1, text: 'row' }]);
  await database.insertColumns('lines', [{ name: 'x', type: 'UInt32', values: Uint32Array.of(2) }]);
  await database.command("INSERT INTO lines VALUES (3, 'value')");
  const rows = await database.query('SELECT x FROM lines ORDER BY x');
  await database.close();
  process.stdout.write(JSON.stringify(rows));
}

/** Acknowledges every stored batch on stdout until it is killed. */
async function insertForever(): Promise<void> {
  const database = await ChdbDatabase.open({ path, log: Log.silent() });
  await database.command(
    'CREATE TABLE IF NOT EXISTS batches (n UInt32, x UInt32) ENGINE = MergeTree ORDER BY n',
  );
  for (let n = 0; ; n += 1) {
    await database.insert(
      'batches',
      Array.from({ length: 50 }, (_, x) => ({ n, x })),
    );
    process.stdout.write(`${n}\n`);
  }
}

await (action === 'once' ? insertOnce() : insertForever());

/** Makes the store that specs begin with, in the folder of its argument: an engine can be opened once a process, and vitest's own has none. */
import { ChdbDatabase } from '../../src/store/chdb.database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { Log } from '../../src/telemetry/log.ts';
import { MIGRATIONS } from './database.ts';

const database = await ChdbDatabase.open({ path: process.argv[2], log: Log.silent() });
await migrate(database, { directory: MIGRATIONS, topology: 'single' }, new Date());
await database.close();

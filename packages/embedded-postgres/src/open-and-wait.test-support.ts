import { openPostgres } from './index.ts';

/** For the tests: an owner to be killed. Says its postmaster's pid over IPC and waits. */
const [, , dataDir = ''] = process.argv;
const server = await openPostgres({ dataDir });
process.send?.(server.pid());
process.on('message', () => {});

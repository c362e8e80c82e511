import { Writable } from 'node:stream';
import { pino } from 'pino';
import { openCloud } from '../cloud.ts';
import { createSecretBox } from '../secrets/secret-box.ts';

/** A cloud in a process of its own, so that it can be killed; its claims on imports end soon. */
const { DATABASE_URL: databaseUrl = '', SECRET_KEY: key = '' } = process.env;
const cloud = await openCloud({
  host: '127.0.0.1',
  port: 0,
  databaseUrl,
  secrets: createSecretBox([Buffer.from(key, 'base64')]),
  log: pino({ level: 'silent' }, new Writable({ write: (_chunk, _encoding, done) => done() })),
  timings: { imports: { lookEvery: 100, lease: 2_000 } },
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: cloud.url });

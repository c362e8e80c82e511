import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';

/** A name server of a few lines, for what Node's resolver really says. */

export const recordTypes = { srv: 33, naptr: 35 };

export const labels = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
export const text = (value: string): Buffer => Buffer.from([value.length, ...Buffer.from(value)]);
export const number = (...values: number[]): Buffer =>
  Buffer.concat(values.map((value) => Buffer.from([value >> 8, value & 0xff])));

export interface Answer {
  /** RFC 1035 section 4.1.1: 0 none, 2 server failure, 3 no such name, 5 refused. */
  readonly code?: number;
  readonly type?: number;
  readonly records?: readonly Buffer[];
}

/** Answers each question by its name, until it is closed. */
export async function nameServer(
  answers: Readonly<Record<string, Answer>>,
): Promise<{ readonly resolver: Resolver; close(): void }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12);
    const name = query
      .subarray(13, end)
      .toString('latin1')
      // eslint-disable-next-line no-control-regex -- the lengths of labels are what stands between them
      .replaceAll(/[\u0000-\u001f]/g, '.');
    const { code = 0, type = 0, records = [] } = answers[name] ?? { code: 3 };
    const head = Buffer.concat([
      query.subarray(0, 2),
      number(0x8180 | code, 1, records.length, 0, 0),
      query.subarray(12, end + 5),
    ]);
    const bodies = records.map((data) => Buffer.concat([number(0xc00c, type, 1, 0, 60, data.length), data]));
    socket.send(Buffer.concat([head, ...bodies]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolver, close: () => void socket.close() };
}

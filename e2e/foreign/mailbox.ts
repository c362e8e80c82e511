import { createSocket } from 'node:dgram';

/** Tells Kamailio as a voicemail program does what there is in a mailbox (PUBLISH, RFC 3903, of RFC 3842). Resolves when it has it. */
export async function publishMessages(
  port: number,
  user: string,
  counts: { readonly fresh: number; readonly old: number },
): Promise<void> {
  const uri = `sip:${user}@127.0.0.1`;
  const body = [
    `Messages-Waiting: ${counts.fresh > 0 ? 'yes' : 'no'}`,
    `Message-Account: ${uri}`,
    `Voice-Message: ${counts.fresh}/${counts.old} (0/0)`,
    '',
  ].join('\r\n');
  const socket = createSocket('udp4');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('error', reject);
  socket.once('message', (answer) => {
    const status = /^SIP\/2\.0 (\d+)/u.exec(answer.toString('latin1'))?.[1];
    if (status === '200') {
      resolve();
    } else {
      reject(new Error(`PUBLISH was answered ${status}.`));
    }
  });
  socket.bind(0, '127.0.0.1', () => {
    const local = socket.address().port;
    const lines = [
      `PUBLISH ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${local};branch=z9hG4bK${local};rport`,
      'Max-Forwards: 10',
      `From: <sip:mailbox@127.0.0.1>;tag=${local}`,
      `To: <${uri}>`,
      `Call-ID: mailbox-${local}@127.0.0.1`,
      'CSeq: 1 PUBLISH',
      'Event: message-summary',
      'Expires: 600',
      'Content-Type: application/simple-message-summary',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    socket.send(`${lines.join('\r\n')}\r\n\r\n${body}`, port, '127.0.0.1');
  });
  try {
    await promise;
  } finally {
    socket.close();
  }
}

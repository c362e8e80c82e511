import type { Socket } from 'node:net';
import type { Channel, ChannelListener } from './channel.ts';

/** RFC 5626 section 3.5.1. */
const PING = Buffer.from('\r\n\r\n');

/** A TCP or TLS socket as a channel. `explain` puts an error in words. */
export function socketChannel(
  socket: Socket,
  opensOn: 'connect' | 'secureConnect' | 'open already',
  listener: ChannelListener,
  explain: (error: Error) => string = (error) => error.message,
): Channel {
  let reason: string | undefined;
  if (opensOn !== 'open already') socket.once(opensOn, () => listener.opened());
  socket.on('data', (bytes: Buffer) => listener.received(bytes));
  socket.on('error', (error) => {
    reason = explain(error);
  });
  socket.on('close', () => listener.closed(reason));
  return {
    get queuedBytes() {
      return socket.writableLength;
    },
    send: (bytes) => void socket.write(bytes),
    ping: () => void socket.write(PING),
    end: () => socket.destroySoon(),
    destroy: () => void socket.destroy(),
  };
}

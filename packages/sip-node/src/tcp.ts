import { connect, createServer } from 'node:net';
import type { Carrier } from './channel.ts';
import { listenOn, remoteOf } from './listening.ts';
import { socketChannel } from './socket-channel.ts';

const options = { noDelay: true, keepAlive: true };

/** SIP over TCP (RFC 3261 section 18). */
export const tcp: Carrier = {
  transport: 'tcp',
  listen(place, door) {
    const server = createServer(options, (socket) => {
      const remote = remoteOf(socket);
      if (remote === undefined) socket.destroy();
      else door.accept(remote, (listener) => socketChannel(socket, 'open already', listener));
    });
    return listenOn(server, place, door);
  },
  dial: ({ address, port }, listener) =>
    socketChannel(connect({ host: address, port, ...options }), 'connect', listener),
};

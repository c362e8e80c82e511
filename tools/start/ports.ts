import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { portVariables, type Ports, type StartOptions } from './options.ts';

/** What is wrong with the chosen ports, in words; empty where all can be had. Ports 0 are not looked at. */
export async function findTakenPorts(
  options: Pick<StartOptions, 'ports' | 'host' | 'pbxAddress'>,
): Promise<readonly string[]> {
  const { ports, host, pbxAddress } = options;
  const problems = await Promise.all([
    look('cloud', ports.cloud, [() => tryTcp(ports.cloud, host)]),
    look('pbxSip', ports.pbxSip, [
      () => tryTcp(ports.pbxSip, pbxAddress),
      () => tryUdp(ports.pbxSip, pbxAddress),
    ]),
    look('pbxHttp', ports.pbxHttp, [() => tryTcp(ports.pbxHttp, pbxAddress)]),
    look('pbxCsta', ports.pbxCsta, [() => tryTcp(ports.pbxCsta, pbxAddress)]),
    look('mediaUdp', ports.mediaUdp, [() => tryUdp(ports.mediaUdp, '0.0.0.0')]),
    look('connectorHttp', ports.connectorHttp, [() => tryTcp(ports.connectorHttp, '127.0.0.1')]),
  ]);
  return problems.filter((problem) => problem !== undefined);
}

async function look(
  name: keyof Ports,
  port: number,
  attempts: readonly (() => Promise<string | undefined>)[],
): Promise<string | undefined> {
  if (port === 0) {
    return undefined;
  }
  const codes = await Promise.all(attempts.map((attempt) => attempt()));
  const code = codes.find((each) => each !== undefined);
  if (code === undefined) {
    return undefined;
  }
  const { variable, what } = portVariables[name];
  const why =
    code === 'EADDRINUSE'
      ? 'is taken by another program'
      : code === 'EACCES'
        ? 'may not be used by you'
        : `cannot be used (${code})`;
  return `Port ${port} for ${what} ${why}. Set ${variable} to another port (0 takes a free one), or end that program.`;
}

/** The error code with which the port is refused; undefined where it can be had. */
function tryTcp(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function tryUdp(port: number, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(error.code ?? error.message);
    });
    socket.bind({ port, address, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

import type { Log, Microphones, Ports } from '@offhook/phone-core';
import { agentName } from './agent.ts';
import { browserAttention } from './attention.ts';
import { createBrowserClock } from './clock.ts';
import { browserHttp } from './http.ts';
import { randomId } from './ids.ts';
import { browserLocks } from './locks.ts';
import { browserMixers } from './mixers.ts';
import { browserPeers } from './peers.ts';
import { openBrowserSocket } from './socket.ts';
import { browserTabStorage } from './tab-storage.ts';

const log: Log = (level, event, fields) => {
  // The console is the phone's log: one line per lifecycle transition, no numbers, no digits.
  // oxlint-disable-next-line no-console
  console[level](`offhook ${event}`, fields ?? '');
};

export function createBrowserPorts(version: string, microphones: Microphones): Ports {
  return {
    clock: createBrowserClock(),
    random: Math.random,
    newId: randomId,
    http: browserHttp,
    openSocket: openBrowserSocket,
    microphones,
    peers: browserPeers,
    mixers: browserMixers,
    attention: browserAttention,
    tabStorage: browserTabStorage,
    locks: browserLocks,
    log,
    agent: agentName(version, navigator.userAgent),
  };
}

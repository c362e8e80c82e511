import {
  createHubPort,
  createJabraPort,
  createWebHidPort,
  type Hid,
  type HeadsetPort,
} from '@offhook/headset';
import { askHubInFrame } from './hub-frame.ts';
import { loadJabra } from './jabra-library.ts';

/** How the headset of this device is reached. */
export const headsetWays = ['webhid', 'hub', 'jabra'] as const;
export type HeadsetWay = (typeof headsetWays)[number];

export function isHeadsetWay(value: string | undefined): value is HeadsetWay {
  return headsetWays.some((way) => way === value);
}

/** `navigator.hid`: Chrome and Edge on a computer, on pages over HTTPS. */
export function browserHid(): Hid | undefined {
  return (navigator as { readonly hid?: Hid }).hid;
}

/** Undefined where this browser has no such way. */
export function openWay(way: HeadsetWay): HeadsetPort | undefined {
  switch (way) {
    case 'webhid': {
      const hid = browserHid();
      return hid === undefined ? undefined : createWebHidPort(hid);
    }
    case 'hub':
      return createHubPort(askHubInFrame(), {
        after(ms, run) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
      });
    case 'jabra':
      return createJabraPort(loadJabra);
  }
}

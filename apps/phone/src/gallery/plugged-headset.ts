import { SimulatedHid, SimulatedHidHeadset, switchHeadset } from '@offhook/headset/testing';

declare global {
  interface Window {
    headset?: { readonly hid: SimulatedHid; readonly device: SimulatedHidHeadset };
  }
}

/** A simulated headset on this page's `navigator.hid`; the person picks it when asked. */
export function plugIn(): void {
  const hid = new SimulatedHid();
  const device = new SimulatedHidHeadset(switchHeadset, () => performance.now(), {
    name: 'Simulated headset',
    echoes: true,
  });
  hid.plug(device);
  hid.choice = device;
  Object.defineProperty(navigator, 'hid', { value: hid, configurable: true });
  window.headset = { hid, device };
}

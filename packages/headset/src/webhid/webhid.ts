import { darkLamps, type HeadsetHandlers, type HeadsetPort, type HeadsetState, type Lamps } from '../port.ts';
import { layoutOf, TELEPHONY_PAGE, type Layout } from '../hid/layout.ts';
import { noMemories, readReport, writeReports } from '../hid/reports.ts';
import type { Hid, HidConnectionEvent, HidDevice, HidInputReport } from '../hid/types.ts';

interface Open {
  readonly device: HidDevice;
  readonly layout: Layout;
  readonly close: () => Promise<void>;
}

/**
 * Any headset that speaks the telephony page, through the browser itself. A device that the person allowed once is opened
 * again at every start, and when it is plugged in.
 */
export function createWebHidPort(hid: Hid): HeadsetPort {
  let handlers: HeadsetHandlers | undefined;
  let open: Open | undefined;
  let lamps = darkLamps;
  /** Opening and closing follow each other. */
  let doing: Promise<void> = Promise.resolve();
  /** Reports of one device arrive in the order in which they were sent. */
  let sending: Promise<void> = Promise.resolve();

  const say = (state: HeadsetState): void => handlers?.onState(state);
  const inTurn = (what: () => Promise<void>): Promise<void> => {
    doing = doing.then(what, what);
    return doing;
  };

  async function openOne(devices: readonly HidDevice[]): Promise<void> {
    if (open !== undefined || handlers === undefined) return;
    let failed = false;
    for (const device of devices) {
      const layout = layoutOf(device.collections);
      if (layout === undefined) continue;
      try {
        if (!device.opened) await device.open();
      } catch {
        failed = true;
        continue;
      }
      open = listenTo(device, layout);
      say({ name: 'ready', product: device.productName });
      return;
    }
    say({ name: failed ? 'failed' : 'absent' });
  }

  function listenTo(device: HidDevice, layout: Layout): Open {
    let memories = noMemories;
    const listener = ({ reportId, data, timeStamp }: HidInputReport): void => {
      const read = readReport(layout, memories, reportId, data, timeStamp);
      memories = read.memories;
      for (const signal of read.signals) handlers?.onSignal(signal);
    };
    device.addEventListener('inputreport', listener);
    return {
      device,
      layout,
      async close() {
        device.removeEventListener('inputreport', listener);
        await sending;
        // One that was pulled out is closed already.
        await device.close().catch(() => undefined);
      },
    };
  }

  function send(): void {
    const to = open;
    if (to === undefined) return;
    for (const { reportId, data } of writeReports(to.layout, lamps)) {
      sending = sending
        .then(() => to.device.sendReport(reportId, data))
        .catch(() => {
          // A device that was pulled out says so by itself.
          if (open === to && to.device.opened) say({ name: 'failed' });
        });
    }
  }

  const plugged = ({ device }: HidConnectionEvent): void => void inTurn(() => openOne([device]));
  const unplugged = ({ device }: HidConnectionEvent): void => {
    if (open?.device !== device) return;
    const gone = open;
    open = undefined;
    say({ name: 'absent' });
    void inTurn(gone.close);
    // Another one that is allowed may be there.
    void inTurn(async () => openOne(await hid.getDevices()));
  };

  async function letGo(): Promise<void> {
    lamps = darkLamps;
    send();
    const gone = open;
    open = undefined;
    await gone?.close();
  }

  return {
    start(all) {
      handlers = all;
      hid.addEventListener('connect', plugged);
      hid.addEventListener('disconnect', unplugged);
      return inTurn(async () => openOne(await hid.getDevices()));
    },
    async connect() {
      say({ name: 'asking' });
      const chosen = await hid.requestDevice({ filters: [{ usagePage: TELEPHONY_PAGE }] }).catch(() => []);
      await inTurn(async () => {
        if (chosen.some((device) => layoutOf(device.collections) !== undefined)) {
          await letGo();
          await openOne(chosen);
        } else if (open === undefined) await openOne(await hid.getDevices());
        else say({ name: 'ready', product: open.device.productName });
      });
    },
    forget: () =>
      inTurn(async () => {
        await letGo();
        for (const device of await hid.getDevices()) {
          if (layoutOf(device.collections) !== undefined) await device.forget?.();
        }
        say({ name: 'off' });
      }),
    show(wanted: Lamps) {
      lamps = wanted;
      send();
    },
    async close() {
      hid.removeEventListener('connect', plugged);
      hid.removeEventListener('disconnect', unplugged);
      handlers = undefined;
      await inTurn(letGo);
    },
  };
}

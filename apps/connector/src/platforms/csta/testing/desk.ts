import type { DeviceReport } from '@offhook/call-model';
import type { UserId } from '@offhook/contract';
import { deviceKey } from '../numbers.ts';
import { Roster } from '../roster.ts';
import { applyEvent } from '../state/apply-event.ts';
import { applyCallSnapshot, applyDeviceSnapshot } from '../state/apply-snapshot.ts';
import { CallBook, type Whereabouts } from '../state/book.ts';
import { happeningOf } from '../state/happening.ts';
import { reportOf } from '../state/report.ts';
import { FakeExchange, type FakeOptions, type Told } from './fake-exchange.ts';
import { GROUPS, LINES } from './lines.ts';

export const MOBILE = '+4915550101';

/** Anna's mobile, the mailbox and a slot for parked calls. */
export const whereabouts: Whereabouts = (userId, key) => {
  if (key === deviceKey('500')) return 'voicemail';
  if (key === deviceKey('*71')) return 'slot';
  return userId === 'anna' && key === deviceKey(MOBILE) ? 'alternative' : undefined;
};

/** A book of calls in front of a fake exchange: events come when the test says so, wishes are answered at once. */
export class Desk {
  readonly book = new CallBook(new Roster(LINES), whereabouts);
  readonly exchange: FakeExchange;
  readonly told: Told[] = [];
  now = 1_000;
  doubts = 0;

  /** @param before an exchange that is there already: its calls are, too */
  constructor(options: Partial<FakeOptions> = {}, before?: FakeExchange) {
    this.exchange =
      before ?? new FakeExchange({ groups: GROUPS, ...options }, (told) => this.told.push(told));
    for (const { key, number } of this.book.roster.devices.values()) {
      this.exchange.handle({
        name: 'MonitorStart',
        monitorObject: { deviceObject: this.exchange.device(number) },
      });
      this.book.watched.add(key);
    }
  }

  /** Gives the book one thing that was told. */
  hear({ device, event }: Told): void {
    const watched = this.book.roster.devices.get(deviceKey(device));
    const happening = happeningOf(event);
    if (watched !== undefined && happening !== undefined) applyEvent(this.book, watched, happening, this.now);
  }

  /** Everything that was told, in order, and every wish. */
  settle(): void {
    for (const told of this.told.splice(0)) this.hear(told);
    this.grant();
  }

  /** Answers what the book wants to know, with what is true now. */
  grant(): void {
    for (let round = 0; round < 20; round += 1) {
      const { devices, calls } = this.book.take();
      if (devices.size + calls.size === 0) return;
      this.doubts += devices.size;
      for (const key of devices) this.look(key);
      for (const call of calls) {
        const answer = this.exchange.snapshotCall(call);
        const snapshot =
          answer !== 'nothing' && 'name' in answer && answer.name === 'SnapshotCallResponse'
            ? answer
            : undefined;
        applyCallSnapshot(this.book, call, snapshot, this.now);
      }
    }
    throw new Error('the book never has enough');
  }

  look(number: string): void {
    const device = this.book.roster.devices.get(deviceKey(number));
    const answer = this.exchange.snapshotDevice(number);
    if (device !== undefined && answer.name === 'SnapshotDeviceResponse') {
      applyDeviceSnapshot(this.book, device, answer, this.now);
    }
  }

  audit(): void {
    for (const key of this.book.roster.devices.keys()) this.look(key);
    this.grant();
  }

  report(userId: UserId): DeviceReport {
    return reportOf(this.book, userId);
  }

  /** `desk_phone alerting 102`, for short. */
  lines(userId: UserId): string[] {
    return this.report(userId).connections.map(
      ({ place, state, remote }) => `${place} ${state} ${remote.number}`,
    );
  }
}

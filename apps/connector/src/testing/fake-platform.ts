import type { Abilities } from '@offhook/call-model';
import { OffhookError, type ErrorCode } from '@offhook/contract';
import type {
  Admission,
  Admitted,
  Bringing,
  Platform,
  PlatformCalls,
  Subject,
} from '../platforms/platform.ts';

export const EVERYTHING: Abilities = {
  transfer: true,
  completeTransfer: true,
  conference: 'platform',
  deflect: true,
  toVoicemail: true,
  park: true,
  callBack: true,
  pickUp: true,
  groupPickUp: true,
  desk: { place: true, answer: true, control: true, hangUp: true, pull: true, push: true },
  pushToAlternative: true,
};

/** A platform that agrees to everything, notes what it was asked, and says no where a test wants it to. */
export class FakePlatform implements Platform {
  readonly asked: string[] = [];
  readonly refuses = new Map<keyof PlatformCalls, ErrorCode>();
  can: Abilities = EVERYTHING;
  admits: Admitted = { kind: 'ring' };
  joins: 'joined' | 'mix' = 'joined';
  parks: 'seen' | 'unseen' = 'seen';
  brings: Bringing = { by: 'invite', to: '*7' };
  readonly admissions: Admission[] = [];
  readonly apply = (): void => {};
  readonly settings = (): undefined => undefined;
  readonly change = (): Promise<never> => Promise.reject(new OffhookError('feature_unsupported'));
  readonly onSip = (): boolean => false;
  readonly lineChanged = (): void => {};
  readonly stop = (): void => {};
  readonly calls: PlatformCalls = {
    transfer: (subject, to) => this.#note('transfer', subject, to),
    completeTransfer: (held, active) => this.#note('completeTransfer', held, active),
    conference: async (held, active) => {
      await this.#note('conference', held, active);
      return this.joins;
    },
    deflect: (subject, to) => this.#note('deflect', subject, to),
    toVoicemail: (subject) => this.#note('toVoicemail', subject),
    push: (subject, to) => this.#note('push', subject, to),
    pull: async (subject) => {
      await this.#note('pull', subject);
      return this.brings;
    },
    park: async (subject) => {
      await this.#note('park', subject);
      return this.parks;
    },
    callBack: (line, number) => this.#note('callBack', line.number, number),
    pickUp: async (line, number) => {
      await this.#note('pickUp', line.number, number ?? 'group');
      return this.brings;
    },
    place: (line, to, about) => this.#note('place', line.number, to, ...(about === undefined ? [] : [about])),
    answer: (subject) => this.#note('answer', subject),
    hangUp: (subject) => this.#note('hangUp', subject),
    hold: (subject) => this.#note('hold', subject),
    retrieve: (subject) => this.#note('retrieve', subject),
    alternate: (held, active) => this.#note('alternate', held, active),
    reconnect: (held, active) => this.#note('reconnect', held, active),
    digits: (subject, digits) => this.#note('digits', subject, digits),
  };

  abilities(): Abilities {
    return this.can;
  }

  admit(_: unknown, situation: Admission): Admitted {
    this.admissions.push(situation);
    return this.admits;
  }

  #note(method: keyof PlatformCalls, ...words: (string | Subject)[]): Promise<void> {
    const said = words.map((word) => (typeof word === 'string' ? word : wordFor(word)));
    this.asked.push([method, ...said].join(' '));
    const code = this.refuses.get(method);
    return code === undefined ? Promise.resolve() : Promise.reject(new OffhookError(code));
  }
}

const wordFor = ({ remoteNumber, leg, connection }: Subject): string =>
  `${remoteNumber}${leg === undefined ? '' : '/leg'}${connection === undefined ? '' : `/${connection.place}`}`;

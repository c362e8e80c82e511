import {
  initialMachine,
  stepHeadset,
  type HeadsetEffect,
  type HeadsetInput,
  type HeadsetPort,
  type HeadsetState,
} from '@offhook/headset';
import type { CallId } from '@offhook/contract';
import type { Phone } from '@offhook/phone-core';
import { headsetCalls } from './calls.ts';

export interface HeadsetLink {
  /** Asks the person where the way needs it: only in the course of a click. */
  connect(): Promise<void>;
  /** Gives the permission back; nothing follows. */
  forget(): Promise<void>;
  /** Idempotent. */
  close(): Promise<void>;
}

export interface HeadsetLinkOptions {
  readonly phone: Phone;
  readonly port: HeadsetPort;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly onState: (state: HeadsetState) => void;
}

/** Joins a headset to the phone: calls in, acts out. What it asks goes the way of the buttons on the screen. */
export async function linkHeadset({ phone, port, now, onState }: HeadsetLinkOptions): Promise<HeadsetLink> {
  let machine = initialMachine;

  function give(input: HeadsetInput): void {
    const step = stepHeadset(machine, input, now());
    machine = step.machine;
    for (const effect of step.effects) carryOut(effect);
  }

  function carryOut(effect: HeadsetEffect): void {
    switch (effect.name) {
      case 'show':
        port.show(effect.lamps);
        return;
      case 'mute':
        void phone.calls.setMuted(effect.id as CallId, effect.muted);
        return;
      case 'act':
        void phone.calls[effect.service](effect.id as CallId);
        return;
    }
  }

  const follow = (): void => give({ name: 'calls', calls: headsetCalls(phone.store.getState()) });
  follow();
  const stop = phone.store.subscribe(follow);
  await port.start({
    onState(state) {
      give({ name: state.name === 'ready' ? 'attached' : 'lost' });
      onState(state);
    },
    onSignal: (signal) => give({ name: 'signal', signal }),
  });
  return {
    connect: () => port.connect(),
    forget: () => port.forget(),
    async close() {
      stop();
      await port.close();
    },
  };
}

import type { Entropy } from './entropy.ts';
import { several } from './entropy.ts';
import { runEpisode } from './episode/episode.ts';
import { addFlaws } from './grammar/flaws.ts';
import { draftMessage, writeDraft } from './grammar/messages.ts';
import { sdp } from './grammar/sdp.ts';
import { mutate } from './mutate.ts';
import { demand } from './entropy.ts';
import { exerciseFramer } from './targets/framer.ts';
import { exerciseMessage } from './targets/message.ts';
import type { SdpTarget } from './targets/sdp.ts';

export const TARGETS = ['valid', 'flawed', 'mutated', 'stream', 'sdp', 'endpoint'] as const;
export type TargetName = (typeof TARGETS)[number];

export interface CaseContext {
  /** Real messages to mutate; must not be empty. */
  readonly corpus: readonly Uint8Array[];
  readonly sdp: SdpTarget;
  /** Called around each input, for the time that it takes. */
  readonly timed: (work: () => void) => void;
  /** Told of each input before it is tried, so that it is known when it fails. */
  readonly onInput: (bytes: Uint8Array) => void;
}

export interface CaseResult {
  readonly messages: number;
  /** How many of them were accepted; unknown of episodes. */
  readonly accepted: number;
}

/** One case of a target from its own generator: the same seed gives the same case. Throws what it finds. */
export function runCase(target: TargetName, entropy: Entropy, context: CaseContext): CaseResult {
  switch (target) {
    case 'valid': {
      const isAccepted = tryMessage(writeDraft(entropy, draftMessage(entropy)), context);
      demand(isAccepted, 'a message by the grammar is accepted');
      return { messages: 1, accepted: 1 };
    }
    case 'flawed':
      return one(tryMessage(flawed(entropy), context));
    case 'mutated':
      return one(tryMessage(mutated(entropy, context), context));
    case 'stream': {
      const messages = several(entropy, 1, 4, () => anyMessage(entropy, context));
      const stream = Buffer.concat(messages);
      context.onInput(stream);
      let isWhole = false;
      context.timed(() => {
        isWhole = exerciseFramer(stream, entropy);
      });
      return { messages: messages.length, accepted: isWhole ? messages.length : 0 };
    }
    case 'sdp': {
      const whole = Buffer.from(sdp(entropy), 'latin1');
      const bytes = entropy.chance(0.3) ? whole : mutate(whole, entropy, context.corpus);
      context.onInput(bytes);
      let isAccepted = false;
      context.timed(() => {
        isAccepted = context.sdp(Buffer.from(bytes).toString('utf8'));
      });
      return one(isAccepted);
    }
    case 'endpoint': {
      const messages = runEpisode({
        entropy,
        noise: () => anyMessage(entropy, context),
        damage: (bytes) => mutate(bytes, entropy, context.corpus),
        timed: context.timed,
      });
      return { messages, accepted: 0 };
    }
  }
}

const one = (isAccepted: boolean): CaseResult => ({ messages: 1, accepted: isAccepted ? 1 : 0 });

function tryMessage(bytes: Uint8Array, context: CaseContext): boolean {
  context.onInput(bytes);
  let isAccepted = false;
  context.timed(() => {
    isAccepted = exerciseMessage(bytes);
  });
  return isAccepted;
}

function flawed(entropy: Entropy): Uint8Array {
  const draft = draftMessage(entropy);
  addFlaws(entropy, draft);
  return writeDraft(entropy, draft);
}

function mutated(entropy: Entropy, { corpus }: CaseContext): Uint8Array {
  const sample = entropy.chance(0.7) ? entropy.pick(corpus) : writeDraft(entropy, draftMessage(entropy));
  return mutate(sample, entropy, corpus);
}

function anyMessage(entropy: Entropy, context: CaseContext): Uint8Array {
  const dice = entropy.fraction();
  if (dice < 0.4) return writeDraft(entropy, draftMessage(entropy));
  if (dice < 0.6) return flawed(entropy);
  return dice < 0.7 ? entropy.pick(context.corpus) : mutated(entropy, context);
}

import type { ConnectorState, ConnectorTrouble } from '@offhook/contract';
import type { Tone } from '../shared/StatusPill.tsx';
import type { WordKey } from '../words/keys.ts';

/** How a connector is, in one word, with the colour that repeats it. */
export function conditionOf({ online, draining, trouble }: ConnectorState): {
  readonly tone: Tone;
  readonly words: WordKey;
} {
  const kinds = trouble.map(({ kind }) => kind);
  if (kinds.includes('never_connected')) return { tone: 'quiet', words: 'connectors.condition.new' };
  if (!online) return { tone: 'bad', words: 'connectors.condition.offline' };
  if (draining) return { tone: 'wait', words: 'connectors.condition.draining' };
  if (kinds.some((kind) => severityOf(kind) === 'bad')) {
    return { tone: 'bad', words: 'connectors.condition.trouble' };
  }
  if (kinds.length > 0) return { tone: 'wait', words: 'connectors.condition.attention' };
  return { tone: 'good', words: 'connectors.condition.online' };
}

/** Whether people cannot telephone because of it, or soon might not. */
export function severityOf(kind: ConnectorTrouble): 'bad' | 'wait' {
  switch (kind) {
    case 'offline':
    case 'platform_unreachable':
    case 'lines_refused':
    case 'platform_unsupported':
      return 'bad';
    case 'never_connected':
    case 'lines_not_registered':
    case 'cti_down':
    case 'version_too_old':
    case 'platform_deprecated':
    case 'key_expiring':
      return 'wait';
  }
}

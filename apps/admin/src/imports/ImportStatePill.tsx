import type { ImportState } from '@offhook/contract';
import { useWords } from '../i18n/use-words.ts';
import { StatusPill, type Tone } from '../shared/StatusPill.tsx';

const tones = {
  reading: 'accent',
  mapping: 'wait',
  preview: 'wait',
  applying: 'accent',
  applied: 'good',
  undoing: 'accent',
  undone: 'quiet',
  failed: 'bad',
} as const satisfies Record<ImportState, Tone>;

export function ImportStatePill({ state }: { readonly state: ImportState }) {
  const { t } = useWords();
  return <StatusPill tone={tones[state]}>{t(`imports.state.${state}`)}</StatusPill>;
}

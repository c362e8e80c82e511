import type { Language } from '@offhook/contract';
import type { SceneName } from '../gallery/scenes.ts';

/** The languages that the help is written in. */
export const helpLanguages = ['en', 'de', 'fr', 'es', 'it', 'nl'] as const satisfies readonly Language[];
export type HelpLanguage = (typeof helpLanguages)[number];

/** What a reader of that language is shown: who reads Catalan reads Spanish. */
export function helpLanguage(language: string): HelpLanguage {
  if (language === 'ca') return 'es';
  return helpLanguages.find((one) => one === language) ?? 'en';
}

/** The pages in their order: each is `docs/help/<language>/<page>.md`. */
export const helpPages = [
  'first-steps',
  'calls',
  'transfer',
  'team',
  'history',
  'settings',
  'headset',
  'trouble',
] as const;
export type HelpPageName = (typeof helpPages)[number];

export interface HelpPicture {
  /** Of the gallery. One that goes takes its picture with it: this does not compile any more. */
  readonly scene: SceneName;
  /** Of the window, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const SLIM = { width: 400, height: 600 } as const;

/** The pictures that `npm run docs:help -- --pictures` takes, in each language: `docs/help/<language>/<name>.webp`. */
export const helpPictures = {
  window: { scene: 'idle-full', width: 1_000, height: 640 },
  incoming: { scene: 'incoming-full', ...SLIM },
  call: { scene: 'connected-full', ...SLIM },
  consulting: { scene: 'consulting', width: 400, height: 660 },
  microphone: { scene: 'microphone-refused', ...SLIM },
} as const satisfies Readonly<Record<string, HelpPicture>>;
export type HelpPictureName = keyof typeof helpPictures;

export function isHelpPicture(name: string): name is HelpPictureName {
  return Object.hasOwn(helpPictures, name);
}

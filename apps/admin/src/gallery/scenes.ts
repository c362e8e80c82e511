import { accountScenes } from './account-scenes.ts';
import { peopleScenes } from './people-scenes.ts';
import { connectorScenes } from './connector-scenes.ts';
import { overviewScenes } from './overview-scenes.ts';
import { reportScenes } from './report-scenes.ts';
import type { Scene } from './scene.ts';
import { ssoScenes } from './sso-scenes.ts';
import { sharedScenes } from './shared-scenes.tsx';
import { teamScenes } from './team-scenes.ts';
import { tenantScenes } from './tenant-scenes.ts';

/** Every page in its states; each feature has a file of its own. */
export const scenes = {
  ...sharedScenes,
  ...accountScenes,
  ...peopleScenes,
  ...tenantScenes,
  ...teamScenes,
  ...connectorScenes,
  ...overviewScenes,
  ...ssoScenes,
  ...reportScenes,
} satisfies Record<string, Scene>;

export type SceneName = keyof typeof scenes;
export const isScene = (name: string): name is SceneName => Object.hasOwn(scenes, name);

import type { Administrator, ProviderSettings } from '@offhook/contract';
import { DAY, never, now, ok, pageScene, refuse, type Answers, type Scene } from './scene.ts';

const nora: Administrator = {
  userId: 'usr_0000000000000000000001',
  email: 'nora@provider.example',
  name: 'Nora Lindqvist',
  status: 'active',
};
const members: Administrator[] = [
  nora,
  { ...nora, userId: 'usr_0000000000000000000002', email: 'otto@provider.example', name: 'Otto Ober' },
  {
    userId: 'usr_0000000000000000000003',
    email: 'maria-magdalena.von-hohenstein@provider.example',
    name: 'Maria-Magdalena von Hohenstein',
    status: 'invited',
    invitationExpiresAt: now + 5 * DAY,
  },
];

const team = (administrators: readonly Administrator[], answers: Answers = {}): Scene =>
  pageScene('provider', '/admin/provider/team', {
    'GET /api/provider/people': { administrators },
    'POST /api/provider/people': () => refuse('email_taken'),
    'POST /api/provider/people/:id/invitation': nora,
    'POST /api/provider/people/:id/password-reset': () => ok(),
    'POST /api/provider/people/:id/remove': () => ok(),
    'GET /api/provider/settings': { secondFactorRequired: false } satisfies ProviderSettings,
    'PATCH /api/provider/settings': { secondFactorRequired: true } satisfies ProviderSettings,
    ...answers,
  });

/** The provider's own people. */
export const teamScenes = {
  team: team(members),
  'team-one': team([nora]),
  'team-empty': team([]),
  'team-loading': team(members, { 'GET /api/provider/people': never, 'GET /api/provider/settings': never }),
  'team-failed': team(members, {
    'GET /api/provider/people': () => refuse('unavailable'),
    'GET /api/provider/settings': () => refuse('unavailable'),
  }),
} satisfies Record<string, Scene>;

import type { Overview } from '@offhook/contract';
import { connectorStates } from './connector-scenes.ts';
import { DAY, HOUR, never, now, pageScene, refuse, type Scene } from './scene.ts';

const thisHour = Math.floor(now / HOUR) * HOUR;
const busy = (hour: number): number => Math.max(0, Math.round(180 * Math.sin(((hour - 6) / 13) * Math.PI)));

const overview: Overview = {
  guide: [
    { step: 'platform', done: true },
    { step: 'connector', done: true },
    { step: 'users', done: true },
    { step: 'sign_in', done: false },
    { step: 'support', done: false },
  ],
  connectors: connectorStates,
  seats: { used: 1652, of: 1800 },
  users: { active: 1598, invited: 54, disabled: 12 },
  hours: Array.from({ length: 48 }, (_, index) => {
    const at = thisHour - (47 - index) * HOUR;
    return {
      at,
      lines: 1652,
      registered: index === 30 ? 1204 : index === 31 ? 1490 : 1638,
      calls: busy(new Date(at).getUTCHours()),
    };
  }),
  seatDays: Array.from({ length: 90 }, (_, index) => ({
    day: new Date(now - (89 - index) * DAY).toISOString().slice(0, 10),
    used: Math.round(900 + 752 * Math.min(1, index / 70)),
  })),
};
const scene = (answer: Overview): Scene =>
  pageScene('admin', '/admin/overview', { 'GET /api/admin/overview': answer });

export const overviewScenes = {
  overview: scene(overview),
  'overview-set-up': scene({
    ...overview,
    guide: overview.guide.map(({ step }) => ({ step, done: true })),
    seats: { used: 1800, of: 1800 },
  }),
  'live-interrupted': { ...scene(overview), stream: 'away' },
  'overview-new': scene({
    guide: overview.guide.map(({ step }) => ({ step, done: false })),
    connectors: [],
    seats: { used: 0, of: 50 },
    users: { active: 0, invited: 0, disabled: 0 },
    hours: [],
    seatDays: [],
  }),
  'overview-loading': pageScene('admin', '/admin/overview', { 'GET /api/admin/overview': never }),
  'overview-failed': pageScene('admin', '/admin/overview', {
    'GET /api/admin/overview': () => refuse('internal'),
  }),
} satisfies Record<string, Scene>;

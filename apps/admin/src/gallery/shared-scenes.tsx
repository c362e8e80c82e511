import type { Scene } from './scene.ts';
import { signedIn } from './scene.ts';
import { PartsSpecimen, SecretSpecimen, TableSpecimen } from './Specimens.tsx';

const part = (element: Scene['element'], path = '/'): Scene => ({
  path,
  answers: signedIn('admin'),
  element,
});

/** The parts that all pages share. */
export const sharedScenes = {
  parts: part(<PartsSpecimen />),
  table: part(<TableSpecimen rows="some" />),
  'table-loading': part(<TableSpecimen rows="loading" />),
  'table-empty': part(<TableSpecimen rows="none" />),
  'table-none-found': part(<TableSpecimen rows="none" />, '/?q=nobody'),
  'table-failed': part(<TableSpecimen rows="failed" />),
  secret: part(<SecretSpecimen />),
  'not-found': { path: '/admin/nowhere', answers: signedIn('admin') },
} satisfies Record<string, Scene>;

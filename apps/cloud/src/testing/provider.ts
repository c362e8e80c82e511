import type { Cloud } from '../cloud.ts';
import { person, personOf, type Person } from './peers.ts';

export const PASSWORD = 'seven quiet yellow lamps';

/** Whoever runs the service, signed in: makes the first provider account by the link of the cloud's start. */
export async function openProvider({ url, firstProviderUrl }: Cloud): Promise<Person> {
  const token = firstProviderUrl?.split('#')[1] ?? '';
  const response = await person(url).post('/api/links/accept', {
    token,
    password: PASSWORD,
    name: 'Paula Provider',
    email: 'paula@provider.example',
  });
  return personOf(url, response);
}

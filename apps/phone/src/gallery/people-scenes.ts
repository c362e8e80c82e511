import { DirectoryPerson, type Numbering } from '@offhook/contract';
import { peopleOf, type PhoneState } from '@offhook/phone-core';
import { call, everything, full, people, states } from './builders.ts';
import { scene, type Scene } from './scene.ts';

const numbering: Numbering = { callingCode: '49', international: '00', national: '0' };

const colleague = (userId: string, name: string, number?: string, rest: object = {}): DirectoryPerson =>
  DirectoryPerson.parse({ userId, name, email: `${userId}@demo.example`, number, ...rest });

export const colleagues = {
  ben: colleague('ben', people.ben.name, people.ben.number, {
    shortNumber: '22',
    others: ['+4989700755'],
    groups: ['Sales', 'Munich'],
  }),
  carla: colleague('carla', people.carla.name, people.carla.number),
  david: colleague('david', people.david.name, people.david.number),
  max: colleague('max', people.long.name, people.long.number),
  zoe: colleague('zoe', 'Zoë Ångström'),
} as const;

const first = [
  'Anna',
  'Boris',
  'Chiara',
  'Dirk',
  'Émile',
  'Fatima',
  'Greta',
  'Hugo',
  'Ines',
  'Jürgen',
] as const;
const last = [
  'Albrecht',
  'Bianchi',
  'Costa',
  'Dupont',
  'Evers',
  'Ferrer',
  'Groß',
  'Huber',
  'Ito',
  'Jansen',
] as const;

/** Companies are of any size. */
export const crowdOf = (size: number): PhoneState['directory'] =>
  directory(
    Array.from({ length: size }, (_, at) =>
      colleague(
        `p${at}`,
        `${first[at % 10] ?? ''} ${last[Math.floor(at / 10) % 10] ?? ''} ${at}`,
        `+49897${String(at).padStart(5, '0')}`,
      ),
    ),
  );

const directory = (known: readonly DirectoryPerson[]): PhoneState['directory'] => ({
  people: peopleOf(known, numbering),
  reading: 'whole',
});
const all = directory(Object.values(colleagues));
const favourites = (...held: readonly DirectoryPerson[]): PhoneState['favourites'] => ({
  held,
  problem: undefined,
});

const { ben, carla, david, max, zoe } = colleagues;

/** Team and contacts. */
export const peopleScenes = {
  team: scene(full({ directory: all, favourites: favourites(ben, carla, david, max, zoe) }), {
    page: 'team',
  }),
  'team-empty': scene(full({ directory: all, favourites: favourites() }), { page: 'team' }),
  contacts: scene(full({ directory: all, favourites: favourites(ben) }), { page: 'contacts' }),
  'contacts-in-call': scene(
    full({
      directory: all,
      favourites: favourites(ben),
      calls: [call(states.connected, { remote: people.outside, permitted: everything })],
    }),
    { page: 'contacts' },
  ),
  'contacts-loading': scene(full({ directory: { people: undefined, reading: 'under_way' } }), {
    page: 'contacts',
  }),
  'contacts-many': scene(full({ favourites: favourites(ben) }), { page: 'contacts', crowd: 50_000 }),
} satisfies Record<string, Scene>;

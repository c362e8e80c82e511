import { DirectoryPerson, type Numbering } from '@offhook/contract';
import { peopleOf, type PhoneState } from '@offhook/phone-core';
import { call, full, people, states } from './builders.ts';
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

/** As large as companies get. */
const crowd = Array.from({ length: 50_000 }, (_, at) =>
  colleague(
    `p${at}`,
    `${first[at % 10] ?? ''} ${last[Math.floor(at / 10) % 10] ?? ''} ${at}`,
    `+49897${String(at).padStart(5, '0')}`,
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

/** Team and contacts; which section is open is in the address (`#team`). */
export const peopleScenes = {
  team: scene(full({ directory: all, favourites: favourites(ben, carla, david, max, zoe) })),
  'team-empty': scene(full({ directory: all, favourites: favourites() })),
  contacts: scene(full({ directory: all, favourites: favourites(ben) })),
  'contacts-in-call': scene(
    full({
      directory: all,
      favourites: favourites(ben),
      calls: [call(states.connected, { remote: people.outside })],
    }),
  ),
  'contacts-loading': scene(full({ directory: { people: undefined, reading: 'under_way' } })),
  get 'contacts-50000'() {
    return scene(full({ directory: directory(crowd), favourites: favourites(ben) }));
  },
} satisfies Record<string, Scene>;

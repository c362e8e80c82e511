import type { CallId, EndCause, Party } from '@offhook/contract';
import type { SeededRandom } from '@offhook/testkit';
import { viewOf, type DeviceConnection } from './index.ts';
import { BOB, CAROL, LAPTOP, User, connected, desk, line, type LegOptions } from './user.test-support.ts';

/**
 * Calls as they go in truth, told by two who know nothing of each other: the leg by SIP, the platform by its control link.
 * What happens at about the same moment is one step; within a step either may be faster.
 */
export interface Course {
  readonly name: string;
  readonly remote: Party;
  readonly steps: readonly Step[];
}

interface Step {
  readonly leg?: readonly LegNews[];
  readonly platform?: readonly Report[];
  /** Asked for by the connector itself, before anybody tells anything. */
  readonly handOver?: 'client' | 'desk_phone';
}

type LegNews = { readonly is: LegOptions } | { readonly ends: EndCause };
interface Report {
  readonly connections: readonly DeviceConnection[];
  readonly gone?: EndCause;
}

type Make = (name: string, remote: Party) => Course;

/** What can become of a call, each under a name of its own. */
const COURSES: readonly Make[] = [
  (name, remote) =>
    course(`${name}: nobody answers`, remote, [
      ringing(name, remote),
      { leg: [{ ends: 'no_answer' }], platform: [{ connections: [], gone: 'cancelled' }] },
    ]),
  (name, remote) =>
    course(`${name}: taken by somebody whom no report shows`, remote, [
      ringing(name, remote),
      { leg: [{ ends: 'answered_elsewhere' }], platform: [{ connections: [] }] },
    ]),
  (name, remote) =>
    course(`${name}: answered at the client`, remote, [
      ringing(name, remote),
      {
        leg: [{ is: { owner: LAPTOP, remote } }, { is: { owner: LAPTOP, state: connected(), remote } }],
        platform: [{ connections: [lineOf(name, remote, 'connected')], gone: 'answered_elsewhere' }],
      },
      { leg: [{ ends: 'completed' }], platform: [{ connections: [] }] },
    ]),
  (name, remote) =>
    course(`${name}: answered at the desk phone`, remote, [
      ringing(name, remote),
      {
        leg: [{ ends: 'answered_elsewhere' }],
        platform: [{ connections: [desk(name, 'connected', { remote })] }],
      },
      { platform: [{ connections: [desk(name, 'held', { remote })] }, { connections: [] }] },
    ]),
  (name, remote) =>
    course(`${name}: declined at the client, answered at the desk phone`, remote, [
      ringing(name, remote),
      { leg: [{ ends: 'declined' }], platform: [{ connections: [desk(name, 'alerting', { remote })] }] },
      { platform: [{ connections: [desk(name, 'connected', { remote })] }] },
    ]),
  (name, remote) =>
    course(`${name}: sent to the desk phone`, remote, [
      ringing(name, remote),
      {
        leg: [{ is: { owner: LAPTOP, state: connected(), remote } }],
        platform: [{ connections: [lineOf(name, remote, 'connected')] }],
      },
      {
        handOver: 'desk_phone',
        leg: [{ ends: 'completed' }],
        platform: [
          { connections: [lineOf(name, remote, 'connected'), desk(`${name}2`, 'connected', { remote })] },
          { connections: [desk(`${name}2`, 'connected', { remote })] },
        ],
      },
    ]),
  (name, remote) =>
    course(`${name}: fetched from the desk phone`, remote, [
      { platform: [{ connections: [desk(name, 'connected', { remote })] }] },
      {
        handOver: 'client',
        leg: [{ is: { owner: LAPTOP, remote } }, { is: { owner: LAPTOP, state: connected(), remote } }],
        platform: [
          { connections: [lineOf(`${name}2`, remote, 'connected'), desk(name, 'connected', { remote })] },
          { connections: [lineOf(`${name}2`, remote, 'connected')], gone: 'transferred' },
        ],
      },
      { leg: [{ ends: 'completed' }], platform: [{ connections: [] }] },
    ]),
];

const course = (name: string, remote: Party, steps: readonly Step[]): Course => ({ name, remote, steps });

const lineOf = (name: string, remote: Party, state: DeviceConnection['state']): DeviceConnection =>
  line(name, state, { remote, sipCallId: `sip of ${name}` });

const ringing = (name: string, remote: Party): Step => ({
  leg: [{ is: { remote, sipCallId: `sip of ${name}` } }],
  platform: [{ connections: [desk(name, 'alerting', { remote }), lineOf(name, remote, 'alerting')] }],
});

/** Two calls at once, at times from one number: the platform reports both together. */
export function randomCourses(random: SeededRandom): readonly Course[] {
  const first = random.pick(COURSES)('p', BOB);
  const make = random.pick(COURSES);
  const second = make('q', random.chance(0.3) ? BOB : CAROL);
  // Of two that only the platform has shown nobody could say which one the client has asked for.
  return [first, isFetched(first) || isFetched(second) ? make('q', CAROL) : second];
}

const isFetched = ({ steps }: Course): boolean => steps[0]?.leg === undefined;

/** Tells both courses step by step; `isLegNext` says who of the two is faster each time. */
export function follow(courses: readonly Course[], isLegNext: () => boolean, asksFirst: () => boolean): User {
  const user = new User();
  const tellers = courses.map((one) => new Teller(user, one, asksFirst()));
  const longest = Math.max(...courses.map(({ steps }) => steps.length));
  for (let index = 0; index < longest; index += 1) {
    for (const teller of tellers) teller.step(index, isLegNext, () => tellers.flatMap(({ now }) => now));
  }
  return user;
}

class Teller {
  now: readonly DeviceConnection[] = [];
  readonly #user: User;
  readonly #course: Course;
  readonly #asksFirst: boolean;
  #id: string | undefined;

  constructor(user: User, told: Course, asksFirst: boolean) {
    this.#user = user;
    this.#course = told;
    this.#asksFirst = asksFirst;
  }

  step(index: number, isLegNext: () => boolean, reported: () => readonly DeviceConnection[]): void {
    const { handOver, leg = [], platform = [] } = this.#course.steps[index] ?? {};
    if (handOver !== undefined) this.#user.handOver(this.#legId(), handOver);
    const news = [...leg];
    const reports = [...platform];
    while (news.length + reports.length > 0) {
      const isLeg = news.length > 0 && (reports.length === 0 || isLegNext());
      const next = isLeg ? news.shift() : undefined;
      const report = isLeg ? undefined : reports.shift();
      if (next !== undefined) this.#tellLeg(next);
      if (report !== undefined) this.#tellReport(report, reported);
    }
  }

  #tellLeg(news: LegNews): void {
    if ('ends' in news) this.#user.legEnds(this.#legId(), news.ends);
    else this.#user.leg(this.#legId(news.is), news.is);
  }

  #tellReport({ connections, gone }: Report, reported: () => readonly DeviceConnection[]): void {
    const left = this.now.filter(
      (before) =>
        !connections.some((one) => one.place === before.place && one.platformCall === before.platformCall),
    );
    this.now = connections;
    this.#user.reportWith({
      connections: reported(),
      gone:
        gone === undefined
          ? []
          : left.map(({ place, platformCall }) => ({ place, platformCall, cause: gone })),
    });
  }

  /** The leg's own, or that of the call that the platform has told of. */
  #legId(options?: LegOptions): string {
    if (this.#id !== undefined) return this.#id;
    const { remote, name } = this.#course;
    const sipCallId = options?.sipCallId;
    if (isFetched(this.#course)) this.#id = this.#shown();
    else if (this.#asksFirst) this.#id = this.#user.callOf({ remote, sipCallId });
    this.#id ??= `leg of ${name}`;
    return this.#id;
  }

  #shown(): CallId | undefined {
    const { number } = this.#course.remote;
    return [...this.#user.state.calls.values()].find((call) => call.remote.number === number)?.callId;
  }
}

/** What the user sees at the end, whatever the calls are called and at which second things happened. */
export function seenBy(user: User): string[] {
  return [...user.state.calls.values()]
    .filter(({ end }) => end?.sameAs === undefined)
    .map((call) => {
      const { state, position, rings, permitted, remote, direction } = viewOf(user.state, call, user.can);
      const end = state.name === 'ended' ? state.cause : undefined;
      const answered = call.answeredAt !== undefined;
      return JSON.stringify({
        remote,
        direction,
        name: state.name,
        end,
        answered,
        position,
        rings,
        permitted,
      });
    })
    .toSorted();
}

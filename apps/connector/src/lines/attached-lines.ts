import type { LineConfig, LineState, PbxConfig, UserId } from '@offhook/contract';
import { LineId } from '@offhook/contract';
import type { Flow, RegistrationId, RegistrationState } from '@offhook/sip';
import type { LineBook, LineOfUser } from '../calls/lines.ts';
import { Lines, type ConnectorConfig, type LinesOptions, type PbxHealth } from './lines.ts';
import type { PbxLocator } from './locator.ts';

/** The user part of the trunk's Contact, and who its registration belongs to: nobody of the tenant. */
const TRUNK_LINE = LineId.parse('trunk');
const TRUNK_USER = 'trunk' as UserId;

interface Trunk {
  readonly attachment: Extract<PbxConfig['attachment'], { by: 'trunk' }>;
  readonly byUser: ReadonlyMap<UserId, LineConfig>;
  readonly byLine: ReadonlyMap<string, LineConfig>;
  readonly byNumber: ReadonlyMap<string, LineConfig>;
}

/**
 * The users' lines, whichever way they are attached to the PBX: each registered by itself, or all behind one trunk. On a
 * trunk there is one registration at most, its state is that of every line, and who calls or is called is in the headers:
 * our calls have the user's number in From and P-Asserted-Identity, those of the PBX the user's number in the Request-URI
 * or, where that is the trunk's own address, in To.
 */
export class AttachedLines implements LineBook {
  readonly #lines: Lines;
  readonly #locator: PbxLocator;
  readonly #onChanged: LinesOptions['onChanged'];
  #trunk: Trunk | undefined;
  /** Of a trunk that the PBX knows by its address. */
  #located = false;

  constructor(options: LinesOptions, locator: PbxLocator) {
    this.#locator = locator;
    this.#onChanged = options.onChanged;
    this.#lines = new Lines(
      {
        ...options,
        onChanged: (userId, state) => {
          if (userId === TRUNK_USER) this.#tellAll();
          else options.onChanged(userId, state);
        },
      },
      locator,
    );
  }

  apply(config: ConnectorConfig): void {
    const { attachment } = config.pbx;
    if (attachment.by === 'registration') {
      this.#trunk = undefined;
      this.#lines.apply(config);
      return;
    }
    this.#trunk = {
      attachment,
      byUser: new Map(config.lines.map((line) => [line.userId, line])),
      byLine: new Map(config.lines.map((line) => [line.lineId, line])),
      // The main number is what people dial, so it comes last and stays.
      byNumber: new Map([
        ...config.lines.map((line) => [plain(line.number), line] as const),
        ...config.lines.map((line) => [plain(line.mainNumber ?? line.number), line] as const),
      ]),
    };
    this.#lines.apply({ ...config, lines: attachment.register ? [trunkLine(attachment)] : [] });
    this.#located = this.#locator.target() !== undefined;
    this.#tellAll();
  }

  get configured(): boolean {
    return this.#lines.configured;
  }

  /** The PBX's address has become known or has changed. */
  relocated(): void {
    this.#lines.relocated();
    this.#located = true;
    if (this.#trunk?.attachment.register === false) this.#tellAll();
  }

  /** The PBX's name could not be looked up. */
  unlocated(): void {
    this.#lines.unlocated();
    this.#located = this.#locator.target() !== undefined;
    if (this.#trunk?.attachment.register === false) this.#tellAll();
  }

  refreshSoon(): void {
    this.#lines.refreshSoon();
  }

  onRegistration(registration: RegistrationId, state: RegistrationState): void {
    this.#lines.onRegistration(registration, state);
  }

  unregisterAll(): void {
    this.#lines.unregisterAll();
  }

  get leaving(): number {
    return this.#lines.leaving;
  }

  userIds(): Iterable<UserId> {
    return this.#trunk?.byUser.keys() ?? this.#lines.userIds();
  }

  stateOf(userId: UserId): LineState | undefined {
    const trunk = this.#trunk;
    if (trunk === undefined) return this.#lines.stateOf(userId);
    const line = trunk.byUser.get(userId);
    return line === undefined ? undefined : { ...this.#trunkState(trunk), number: line.number };
  }

  counts(): { lines: number; registered: number; failed: number } {
    const trunk = this.#trunk;
    if (trunk === undefined) return this.#lines.counts();
    const lines = trunk.byUser.size;
    const { state } = this.#trunkState(trunk);
    return {
      lines,
      registered: state === 'registered' ? lines : 0,
      failed: state === 'failed' ? lines : 0,
    };
  }

  /** A trunk without a registration is believed to work: nothing is asked of it before the first call. */
  health(): PbxHealth {
    const health = this.#lines.health();
    const trunk = this.#trunk;
    if (trunk === undefined) return health;
    if (!trunk.attachment.register) return { ...health, reached: this.#located ? true : undefined };
    return { ...health, refused: health.refused === 0 ? 0 : trunk.byUser.size };
  }

  ofUser(userId: UserId): LineOfUser | undefined {
    const trunk = this.#trunk;
    if (trunk === undefined) return this.#lines.ofUser(userId);
    const line = trunk.byUser.get(userId);
    const place = this.#lines.place(trunk.attachment.register ? TRUNK_USER : undefined);
    if (line === undefined || place === undefined) return undefined;
    const { authUser: username, password } = trunk.attachment;
    return {
      ...place,
      line,
      registered: this.#trunkState(trunk).state === 'registered',
      credentials: { username, password },
      asserted: line.mainNumber ?? line.number,
    };
  }

  ofInvite(requestUser: string, toUser: string, fromPbx: boolean): LineConfig | undefined {
    const trunk = this.#trunk;
    if (trunk === undefined) return this.#lines.ofInvite(requestUser, toUser, fromPbx);
    // Whoever is not the PBX has nothing to say on a trunk.
    if (!fromPbx) return undefined;
    return (
      trunk.byLine.get(requestUser) ??
      trunk.byNumber.get(plain(requestUser)) ??
      trunk.byNumber.get(plain(toUser))
    );
  }

  isPbx(flow: Flow): boolean {
    return this.#lines.isPbx(flow);
  }

  isEmergency(number: string): boolean {
    return this.#lines.isEmergency(number);
  }

  ringTime(): number {
    return this.#lines.ringTime();
  }

  #trunkState({ attachment }: Trunk): LineState {
    const { number, register } = attachment;
    if (register) return this.#lines.stateOf(TRUNK_USER) ?? { number, state: 'registering' };
    if (this.#located) return { number, state: 'registered' };
    return { number, state: 'registering' };
  }

  #tellAll(): void {
    const trunk = this.#trunk;
    if (trunk === undefined) return;
    const state = this.#trunkState(trunk);
    for (const [userId, { number }] of trunk.byUser) this.#onChanged(userId, { ...state, number });
  }
}

/** As PBXs write one number with and without it. */
const plain = (number: string): string => number.replace(/^\+/u, '');

const trunkLine = ({ number, authUser, password }: Trunk['attachment']): LineConfig => ({
  lineId: TRUNK_LINE,
  userId: TRUNK_USER,
  number,
  displayName: number,
  authUser,
  password,
  kept: {},
});

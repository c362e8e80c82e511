import { pushClientId, type ClientId, type UserId } from '@offhook/contract';

export type Reached = { userId: UserId; clientId: ClientId };

export type Reachable = {
  /** For the list of clients; empty where it could not be read. */
  first: () => Promise<Reached[]>;
  /** Somebody was told of meanwhile. */
  noted: (kind: 'client.joined' | 'client.left', client: Reached) => void;
  stop: () => void;
};

/** Milliseconds. Sessions end in many ways, and with them subscriptions: they are looked for rather than told of. */
const LOOK_EVERY = 60_000;

const client = (userId: UserId): Reached => ({ userId, clientId: pushClientId(userId) });

/** Who of a connector's users can be reached by push: at first all of them, then who came and went. */
export function watchReachable(options: {
  read: () => Promise<UserId[]>;
  onChange: (kind: 'client.joined' | 'client.left', client: Reached) => void;
  onFailed: (error: unknown) => void;
}): Reachable {
  let known = new Set<UserId>();

  const look = async (): Promise<void> => {
    const now = new Set(await options.read());
    for (const userId of now.difference(known)) options.onChange('client.joined', client(userId));
    for (const userId of known.difference(now)) options.onChange('client.left', client(userId));
    known = now;
  };
  const timer = setInterval(() => void look().catch(options.onFailed), LOOK_EVERY);
  timer.unref();

  return {
    first: async () => {
      try {
        known = new Set(await options.read());
      } catch (error) {
        options.onFailed(error);
      }
      return [...known].map(client);
    },
    noted: (kind, { userId, clientId }) => {
      if (clientId !== pushClientId(userId)) return;
      if (kind === 'client.joined') known.add(userId);
      else known.delete(userId);
    },
    stop: () => clearInterval(timer),
  };
}

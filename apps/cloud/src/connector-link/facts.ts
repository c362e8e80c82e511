import { setTimeout as delay } from 'node:timers/promises';
import {
  connectorEvents,
  connectorMethods,
  type AnyEvent,
  type ConnectorEvent,
  type ConnectorId,
  type ConnectorMethod,
  type EventData,
  type TenantId,
  type UserId,
} from '@offhook/contract';
import type * as z from 'zod';
import type { Bus } from '../bus/bus.ts';
import { userTopic } from '../bus/topics.ts';
import type { DirectoryService } from '../directory/service.ts';
import type { LinkPresence } from '../presence/service.ts';
import type { PushService } from '../push/service.ts';

export type FactDependencies = {
  tenantId: TenantId;
  connectorId: ConnectorId;
  bus: Bus;
  directory: DirectoryService;
  presence: Pick<LinkPresence, 'activity' | 'activities' | 'learn'>;
  onStatus: (status: EventData<typeof connectorEvents, 'status'>) => void;
  onControl: (control: EventData<typeof connectorEvents, 'platform.changed'>) => void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  /** Pushes to people whose windows are closed. */
  push: Pick<PushService, 'callChanged'>;
  /** For the log. */
  fields: object;
};

/**
 * What a connector states, on its way to those whom it concerns. The handler throws for an event of the wrong shape; what
 * is not in the contract is passed over, for a newer connector may tell more than this cloud understands.
 */
export function createFactHandler(deps: FactDependencies): (name: string, data: unknown) => void {
  const { tenantId, connectorId, bus, directory, presence, push, log, fields } = deps;

  /** Does the user's line hang on this connector? Unknown while the directory could not be read: then believed. */
  const isOurs = (userId: UserId): boolean => {
    const known = directory.known(tenantId);
    return known === undefined || known.user(userId)?.connectorId === connectorId;
  };

  const ofUser = (fact: UserFact): void => {
    if (!isOurs(fact.data.userId)) {
      const { userId } = fact.data;
      return log.warn({ ...fields, event: fact.name, userId }, 'event for a user of another connector');
    }
    const topic = userTopic(tenantId, fact.data.userId);
    switch (fact.name) {
      case 'call.changed':
        push.callChanged({ tenantId, connectorId }, fact.data.userId, fact.data.call);
        return bus.publish(topic, { kind: 'call.changed', data: fact.data });
      case 'line.changed':
        return bus.publish(topic, { kind: 'line.changed', line: fact.data.line });
      case 'media.reattach': {
        const { clientId, callId, reason } = fact.data;
        return bus.publish(topic, { kind: 'media.reattach', clientId, callId, reason });
      }
      case 'settings.changed':
        void presence.learn(fact.data.userId, { settings: fact.data.settings });
        return bus.publish(topic, { kind: 'settings.changed', settings: fact.data.settings });
      case 'abilities.changed':
        return bus.publish(topic, { kind: 'abilities.changed', abilities: fact.data.abilities });
      case 'activity.changed':
        return presence.activity(fact.data);
    }
  };

  return (name, data) => {
    const schema = connectorEvents[name as ConnectorEvent] as z.ZodType | undefined;
    if (!Object.hasOwn(connectorEvents, name) || schema === undefined) return;
    const fact = { name, data: schema.parse(data) } as AnyEvent<typeof connectorEvents>;
    switch (fact.name) {
      case 'status':
        return deps.onStatus(fact.data);
      case 'platform.changed':
        deps.onControl(fact.data);
        return fact.data.state === 'down'
          ? log.warn({ ...fields, ...fact.data }, 'control link to the platform')
          : log.info({ ...fields, ...fact.data }, 'control link to the platform');
      case 'activity.snapshot': {
        const { users, more } = fact.data;
        return presence.activities({ users: users.filter(({ userId }) => isOurs(userId)), more });
      }
      case 'call.changed':
      case 'line.changed':
      case 'media.reattach':
      case 'settings.changed':
      case 'abilities.changed':
      case 'activity.changed':
        return ofUser(fact);
    }
  };
}

/** Milliseconds that an answer may wait for the database. */
const LEARN_WITHIN = 500;

/**
 * What an answer of the connector says of a user's presence. Resolves when a changed setting is written down, so that who
 * asked for it sees their presence as it is then; a database that is away holds nobody up for long.
 */
export async function learnFromAnswer(
  presence: Pick<LinkPresence, 'learn'>,
  method: ConnectorMethod,
  params: unknown,
  result: unknown,
): Promise<void> {
  if (method === 'user.snapshot') {
    const { userId } = connectorMethods[method].params.parse(params);
    void presence.learn(userId, connectorMethods[method].result.parse(result));
  } else if (method === 'settings.set') {
    const { userId } = connectorMethods[method].params.parse(params);
    const learned = presence.learn(userId, connectorMethods[method].result.parse(result));
    await Promise.race([learned, delay(LEARN_WITHIN, undefined, { ref: false })]);
  }
}

/** Those events that are about one user. */
type UserFact = Extract<AnyEvent<typeof connectorEvents>, { data: { userId: UserId } }>;

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { BUSY_BEHAVIOURS, FORWARDING_TYPES, ROUTINGS, callId, deviceId } from '../switch/api.ts';
import type { DeviceId, SwitchCommand, SwitchError } from '../switch/api.ts';
import { Problem, valid } from './problems.ts';
import type { ProblemCode } from './problems.ts';
import type { PbxFace } from './views.ts';

const number = z
  .string('must be a number')
  .trim()
  .regex(/^[0-9A-Za-z*#+._-]{1,32}$/, 'must be 1 to 32 digits, letters or any of * # + . _ -');

/** One setting of an extension. */
const setting = z.discriminatedUnion('set', [
  z.strictObject({ set: z.literal('doNotDisturb'), on: z.boolean('must say whether it is on') }),
  z.strictObject({ set: z.literal('busyBehaviour'), behaviour: z.enum(BUSY_BEHAVIOURS) }),
  z.strictObject({ set: z.literal('routing'), routing: z.enum(ROUTINGS) }),
  z.strictObject({
    set: z.literal('alternative'),
    /** `null`: there is none. */
    number: number.nullable(),
    delaySeconds: z.number().int().min(0).max(120).optional(),
  }),
  z.strictObject({
    set: z.literal('forwarding'),
    type: z.enum(FORWARDING_TYPES),
    /** `null`: it is switched off. */
    target: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('number'), number }),
        z.strictObject({ kind: z.literal('voicemail') }),
      ])
      .nullable(),
    ringSeconds: z.number().int().min(1).max(120).optional(),
  }),
  z.strictObject({ set: z.literal('agentState'), device: number, state: z.enum(['ready', 'notReady']) }),
]);

const extensionPath = z.object({ number });
const callPath = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, 'must be the identifier of a call') });
const callBackBody = z.strictObject({ device: number, to: number });

/** What the page changes at the switch itself: settings of extensions, calls, call-backs. */
export function switchRoutes(server: FastifyInstance, { api }: PbxFace): void {
  const execute = (command: SwitchCommand): void => {
    const outcome = api.execute(command);
    if (!outcome.ok) throw new Problem(PROBLEM_OF[outcome.error], outcome.message);
  };

  server.get('/api/extensions/:number/settings', (request) => featuresOf(request.params));

  server.post('/api/extensions/:number/settings', (request) => {
    const { device } = featuresOf(request.params);
    execute(commandOf(device, valid(setting, request.body)));
    return featuresOf(request.params);
  });

  server.post('/api/calls/:id/clear', (request) => {
    const { id } = valid(callPath, request.params);
    execute({ kind: 'clearCall', call: callId(id) });
    return {};
  });

  server.post('/api/call-backs/cancel', (request) => {
    const { device, to } = valid(callBackBody, request.body);
    execute({ kind: 'cancelCallBack', device: deviceId(device), to: deviceId(to) });
    return { callBacks: api.callBacks() };
  });

  function featuresOf(params: unknown) {
    const path = valid(extensionPath, params);
    const features = api.features(deviceId(path.number));
    if (features === undefined) throw new Problem('not_found', `There is no extension ${path.number}.`);
    return features;
  }
}

function commandOf(device: DeviceId, wish: z.output<typeof setting>): SwitchCommand {
  switch (wish.set) {
    case 'doNotDisturb':
      return { kind: 'setDoNotDisturb', device, on: wish.on };
    case 'busyBehaviour':
      return { kind: 'setBusyBehaviour', device, behaviour: wish.behaviour };
    case 'routing':
      return { kind: 'setRouting', device, routing: wish.routing };
    case 'alternative': {
      const { delaySeconds } = wish;
      return {
        kind: 'setAlternative',
        device,
        number: wish.number ?? undefined,
        ...(delaySeconds !== undefined && { delaySeconds }),
      };
    }
    case 'forwarding': {
      const { type, target, ringSeconds } = wish;
      return {
        kind: 'setForwarding',
        device,
        type,
        active: target !== null,
        ...(target !== null && { target }),
        ...(ringSeconds !== undefined && { ringSeconds }),
      };
    }
    case 'agentState':
      return { kind: 'setAgentState', device: deviceId(wish.device), state: wish.state };
    default:
      return wish satisfies never;
  }
}

const PROBLEM_OF: Readonly<Record<SwitchError, ProblemCode>> = {
  invalidDevice: 'not_found',
  invalidCall: 'not_found',
  invalidConnection: 'not_found',
  invalidDestination: 'bad_request',
  invalidParameter: 'bad_request',
  noActiveCall: 'conflict',
  noHeldCall: 'conflict',
  noCallToPickUp: 'conflict',
  noCallToAnswer: 'conflict',
  wrongConnectionState: 'conflict',
  deviceOutOfService: 'conflict',
  resourceBusy: 'conflict',
  notAllowed: 'forbidden',
};
